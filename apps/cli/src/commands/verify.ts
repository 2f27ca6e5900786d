/** Checking everything from outside. The checks are in ../verify. */
import type { Command, Context } from './command.js';

// Loaded when asked for: the other commands start without the verifier.
const verifier = () => import('../verify/index.js');
type Verifier = Awaited<ReturnType<typeof verifier>>;
type Report = Awaited<ReturnType<Verifier['verifyLog']>>;

async function show({ output }: Context, report: Report): Promise<number> {
  const { reportText } = await verifier();
  output.say(reportText(report).trimEnd());
  output.result(report);
  return report.holds ? 0 : 1;
}

const entries =
  ({ output }: Context) =>
  (read: number, total: number): void =>
    output.progress(read, total, 'Reading entries');

export const verifyWholeLog: Command = {
  name: 'verify log',
  summary: 'Verify a log from its first entry: tree, tiles, checkpoint, witnesses.',
  usage: '[URL|FOLDER] --policy FILE',
  examples: [
    'segel verify log https://tenders.example/log --policy policy.txt',
    'segel verify log ./mirror --policy policy.txt',
  ],
  options: { log: { type: 'string' } },
  positionals: 1,
  async run(context) {
    const given = context.option('log') ?? context.optionalArgument(0);
    const log = given ?? `${(await context.server()).client.url}/log`;
    const policy = await context.policyText();
    return show(context, await (await verifier()).verifyLog({ log, policy, onProgress: entries(context) }));
  },
};

export const verifyOneTender: Command = {
  name: 'verify tender',
  summary: 'Verify a tender from its notice to its award, and compute the award again.',
  usage: 'TENDER [--url URL | --from FOLDER] --policy FILE',
  examples: ['segel verify tender 0197… --url https://tenders.example --policy policy.txt'],
  options: { from: { type: 'string' } },
  positionals: 1,
  async run(context) {
    const base = context.option('from') ?? (await context.server()).client.url;
    const tenderId = context.argument(0, 'TENDER');
    const policy = await context.policyText();
    return show(
      context,
      await (await verifier()).verifyTender({ base, tenderId, policy, onProgress: entries(context) }),
    );
  },
};
