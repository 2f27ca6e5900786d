/** A promise of the log's operator, judged by the log as the server shows it now (protocol section 7). */
import { check, judgePromise, readLog, type LogSource } from '@segel/acts';
import type { Envelope } from '@segel/encoding';
import { doubtsOf, takeLog, takePolicy, takeWitnesses } from './path.js';
import { need, Steps, type Examination } from './steps.js';

/** Every leaf is looked at: a longer log takes too long on a phone, and the command line reads it faster. */
const LEAVES_MAX = 50_000;

export async function examinePromise(text: string, source: LogSource, policyText: string): Promise<Examination> {
  const steps = new Steps();
  const policy = await takePolicy(steps, policyText);
  const envelope = await steps.take('form', () => JSON.parse(text) as Envelope);
  const note = await source.checkpoint();
  const checkpoint = await takeLog(steps, policy, () => note);
  await takeWitnesses(steps, policy, checkpoint);
  check((checkpoint?.size ?? 0) <= LEAVES_MAX, 'log_too_long', 'The log is too long to be read here.');
  let open = false;
  const judged = await steps.take('promise', async (tell) => {
    const given = need(envelope);
    need(steps.hold ? true : undefined);
    const found = await judgePromise(await readLog(source, need(policy), { checkpoint: note }), source, given);
    tell('promised', found.promise.promisedAt.toISOString());
    tell('due', found.promise.dueAt.toISOString());
    tell('commitment', found.promise.commitment);
    return found;
  });
  await steps.take('kept', (tell) => {
    const { outcome, index, checkpoint: seen } = need(judged);
    if (index !== undefined) tell('index', String(index));
    tell('size', String(seen.size));
    if (seen.quorumTime !== undefined) tell('at', new Date(seen.quorumTime * 1000).toISOString());
    if (outcome === 'broken') throw new Error('the promise was broken: it was due, and the entry is not in the log');
    if (outcome === 'kept_late') throw new Error('the promise was broken: the entry came after it was due');
    open = outcome === 'open';
  });
  const verdict = !steps.hold ? 'wrong' : open ? 'open' : 'proven';
  return { verdict, steps: steps.all, doubts: doubtsOf(policy, checkpoint) };
}
