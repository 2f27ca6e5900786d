/** Checking everything from outside. The checks are in ../verify. */
import { logSource } from '../log-source.js';
import { UsageError } from '../problem.js';
import type { TenderPlace } from '../verify/index.js';
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
    output.progress(read, total, 'Reading entries', 'entries');

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
  usage: 'TENDER [--url URL | --from FOLDER] [--log URL|FOLDER] [--evidence FILE] --policy FILE',
  examples: [
    'segel verify tender 0197… --url https://tenders.example --policy policy.txt',
    'segel verify tender 0197… --from exported --policy policy.txt',
    'segel verify tender 0197… --log ./mirror --evidence evidence.json --policy policy.txt',
  ],
  options: { from: { type: 'string' }, log: { type: 'string' }, evidence: { type: 'string' } },
  positionals: 1,
  async run(context) {
    const tenderId = context.argument(0, 'TENDER');
    const place = await placeOf(context);
    const policy = await policyBeside(context, place);
    const onProgress = entries(context);
    return show(context, await (await verifier()).verifyTender({ ...place, tenderId, policy, onProgress }));
  },
};

export const exportTender: Command = {
  name: 'export',
  summary: 'Save everything that a tender is verified with in a folder, and verify the copy.',
  usage: 'TENDER --out FOLDER [--url URL | --from FOLDER] [--log URL|FOLDER] [--evidence FILE] --policy FILE',
  examples: ['segel export 0197… --out exported --url https://tenders.example --policy policy.txt'],
  options: {
    out: { type: 'string' },
    from: { type: 'string' },
    log: { type: 'string' },
    evidence: { type: 'string' },
  },
  positionals: 1,
  async run(context) {
    const tenderId = context.argument(0, 'TENDER');
    const folder = context.required('out');
    const place = await placeOf(context);
    const policy = await policyBeside(context, place);
    const { saveTender, verifyTender } = await verifier();
    const onProgress = (read: number, total: number): void =>
      context.output.progress(read, total, 'Saving entries', 'entries');
    const size = await saveTender({ ...place, tenderId, folder, policy, onProgress });
    context.output.say(`Saved with ${size} log entries in ${folder}. The copy, verified without the network:\n`);
    return show(context, await verifyTender({ base: folder, tenderId, policy, onProgress: entries(context) }));
  },
};

/** Where a tender lies: a folder, or a server. With a log and evidence of their own, no server is asked. */
async function placeOf(context: Context): Promise<TenderPlace> {
  const [from, log, evidence] = [context.option('from'), context.option('log'), context.option('evidence')];
  const base = from ?? (log !== undefined && evidence !== undefined ? log : (await context.server()).client.url);
  return { base, log, evidence };
}

/** The policy given; for a folder else the one that lies in it, which is said. */
async function policyBeside(context: Context, place: TenderPlace): Promise<string> {
  if (context.option('policy') !== undefined || context.option('from') === undefined) return context.policyText();
  const base = await (await verifier()).logBase(place);
  const text = await logSource(base).policy();
  if (text === undefined) throw new UsageError('there is no policy in the folder: give --policy');
  context.output.warn('The log policy is the one in the folder; give --policy with one you got elsewhere.');
  return text;
}
