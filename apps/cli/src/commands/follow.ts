/** What strangers run beside a log: a mirror, a monitor, the judge of two checkpoints. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { check, CheckFailed } from '@segel/acts';
import { notIndependentWitnesses, parsePolicy, type Policy } from '@segel/tlog';
import { inHome } from '../home.js';
import { logSource, readIfThere } from '../log-source.js';
import { judge, type PrefixProof } from '../mirror/fork.js';
import { Mirror, type Followed } from '../mirror/mirror.js';
import { eventLine } from '../monitor/event.js';
import { look, type MonitorOptions } from '../monitor/monitor.js';
import { Alarm, Rollback, UsageError } from '../problem.js';
import { repeat } from '../repeat.js';
import { sayIndependence, type Command, type Context } from './command.js';

const EVERY_S = 10;

/** Seconds of `--every`. */
export function everyOf(context: Context): number {
  const seconds = Number(context.option('every') ?? EVERY_S);
  if (!(seconds > 0)) throw new UsageError('--every takes a number of seconds');
  return seconds;
}

export const mirror: Command = {
  name: 'mirror',
  summary: 'Keep a complete, verified copy of a log in a folder, and raise the alarm when the log contradicts itself.',
  usage: 'URL FOLDER [--policy FILE] [--once | --every SECONDS]',
  examples: [
    'segel mirror https://tenders.example/log ./mirror --policy policy.txt',
    'segel mirror https://tenders.example/log ./mirror --once',
  ],
  options: { once: { type: 'boolean' }, every: { type: 'string' } },
  positionals: 2,
  async run(context) {
    const { output } = context;
    const [from, folder] = [context.argument(0, 'URL'), context.argument(1, 'FOLDER')];
    const every = everyOf(context);
    const policy = await mirrorPolicy(context, from, folder);
    sayIndependence(output, notIndependentWitnesses(policy.text));
    const onProgress = (copied: number, total: number): void =>
      output.progress(copied, total, 'Copying entries', 'entries');
    const copy = await Mirror.open({ from, folder, policy, onProgress });
    if (context.flag('once')) {
      sayFollowed(context, await copy.follow());
      return;
    }
    await repeat(every, async () => {
      try {
        const followed = await copy.follow();
        if (followed.grown > 0) sayFollowed(context, followed);
      } catch (error) {
        // Only a contradiction ends a mirror. A log that is down or serves nonsense is told and asked again.
        if (error instanceof Alarm && !(error instanceof Rollback)) throw error;
        output.warn(`${new Date().toISOString()} ${(error as Error).message}`);
      }
    });
  },
};

function sayFollowed({ output }: Context, { size, grown, quorumTime }: Followed): void {
  const seen = quorumTime === undefined ? '' : `, witnessed ${new Date(quorumTime * 1000).toISOString()}`;
  output.say(`${size} entries (${grown} new)${seen}`);
  output.line({ size, grown, quorumTime });
}

/** The policy given, else the one kept in the mirror, else the one beside the log, which is said. */
async function mirrorPolicy(context: Context, from: string, folder: string): Promise<Policy> {
  const file = context.option('policy');
  const given = file === undefined ? undefined : await readFile(file, 'utf8');
  const kept = (await readIfThere(join(folder, 'policy')))?.toString('utf8');
  if (given !== undefined && kept !== undefined)
    check(
      given === kept,
      'policy_changed',
      `The mirror was made under another policy: compare ${join(folder, 'policy')}.`,
    );
  const text = given ?? kept ?? (await logSource(from).policy());
  if (text === undefined) throw new UsageError('there is no policy beside the log: give --policy');
  if (given === undefined && kept === undefined)
    context.output.warn('The log policy is the one that the log itself shows; give --policy with one from elsewhere.');
  return parsePolicy(text);
}

export const monitor: Command = {
  name: 'monitor',
  summary: 'Watch tenders, or your own bids, in a log or a mirror of it; say what happens and what is late or gone.',
  usage:
    '[--log URL|FOLDER] [--tender ID]… [--tenders FILE] [--receipts FOLDER] [--state FILE] [--once | --every SECONDS]',
  examples: [
    'segel monitor --log ./mirror --tender 0197… --policy policy.txt',
    'segel monitor --receipts sealed --once --json',
  ],
  options: {
    log: { type: 'string' },
    tender: { type: 'string', multiple: true },
    tenders: { type: 'string' },
    receipts: { type: 'string' },
    state: { type: 'string' },
    once: { type: 'boolean' },
    every: { type: 'string' },
  },
  async run(context) {
    const every = everyOf(context);
    const [listed, receipts] = [context.option('tenders'), context.option('receipts')];
    const tenders = [...context.options('tender'), ...(listed === undefined ? [] : await readList(listed))];
    if (tenders.length === 0 && receipts === undefined)
      throw new UsageError('nothing to watch: give --tender, --tenders or --receipts');
    const policy = await context.policy();
    const stateFile = context.option('state') ?? inHome('monitor.json', context.env);
    const options = { log: await context.logBase(), policy, tenders, receipts, stateFile };
    if (context.flag('once')) return lookOnce(context, options);
    await repeat(every, async () => {
      try {
        await lookOnce(context, options);
      } catch (error) {
        if (error instanceof Alarm) throw error;
        context.output.warn(`${new Date().toISOString()} ${(error as Error).message}`);
      }
    });
  },
};

/** One look; 1 when there was a warning, 5 when it was of a broken promise. */
async function lookOnce({ output }: Context, options: MonitorOptions): Promise<number> {
  let exit = 0;
  await look(options, (event) => {
    output.line(event);
    if (event.kind === 'warning') {
      output.warn(eventLine(event));
      exit = event.code === 'promise_broken' ? 5 : Math.max(exit, 1);
    } else output.say(eventLine(event));
  });
  return exit;
}

/** One tender a line; what follows # is for people. */
async function readList(file: string): Promise<readonly string[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').map((line) => line.replace(/#.*/, '').trim());
  return lines.filter((line) => line !== '');
}

export const verifyFork: Command = {
  name: 'verify fork',
  summary: 'Judge two checkpoints of one log: do they prove that it signed two histories?',
  usage: 'CHECKPOINT CHECKPOINT --policy FILE [--proof FILE | --log URL|FOLDER]',
  examples: [
    'segel verify fork alarm/…/seen alarm/…/offered --policy policy.txt --proof alarm/…/proof.json',
    'segel verify fork mine theirs --policy policy.txt --log ./mirror',
  ],
  options: { proof: { type: 'string' }, log: { type: 'string' } },
  positionals: 2,
  async run(context) {
    const { output } = context;
    const files = [context.argument(0, 'CHECKPOINT'), context.argument(1, 'CHECKPOINT')];
    const [a, b] = (await Promise.all(files.map((file) => readFile(file, 'utf8')))) as [string, string];
    const policy = parsePolicy(await context.policyText());
    const [log, proofFile] = [context.option('log'), context.option('proof')];
    const proof = proofFile === undefined ? undefined : (JSON.parse(await readFile(proofFile, 'utf8')) as PrefixProof);
    const source = log === undefined ? undefined : logSource(log);
    const readTile = source && ((level: number, n: number, width: number) => source.tile({ level, n, width }));
    const { fork, sentence, checkpoints } = await judge(policy, [a, b], { readTile, proof }).catch(refused);
    output.say(sentence);
    for (const { size, quorumMet, cosignatures } of checkpoints) {
      const names = [...new Set(cosignatures.map(({ witness }) => witness))].join(', ') || 'nobody';
      output.say(
        `${size} leaves: signed by the log, ${quorumMet ? 'cosigned by the quorum' : 'NO QUORUM'} (${names}).`,
      );
    }
    sayIndependence(output, notIndependentWitnesses(policy.text));
    const cosigned = checkpoints.map(({ size, quorumMet }) => ({ size, quorumMet }));
    output.result({ fork, sentence, origin: checkpoints[0].origin, checkpoints: cosigned });
    return { proven: 4, none: 0, open: 1 }[fork];
  },
};

function refused(error: unknown): never {
  if (error instanceof CheckFailed) throw error;
  throw new CheckFailed('checkpoint_refused', `This cannot be judged: ${(error as Error).message}.`);
}
