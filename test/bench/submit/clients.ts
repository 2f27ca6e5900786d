/** Runs the clients of one measurement in their own process. */
import { Child } from '../child.js';
import type { Job, Sent } from './client-process.js';

/** What became of every bid, in their order; `began` is called when the clock starts. */
export async function sendBids(job: Job, began: () => void = () => undefined): Promise<readonly Sent[]> {
  const child = Child.start('test/bench/submit/client-process.js', {});
  try {
    const ready = child.message();
    child.process.send(job);
    await ready;
    const ended = child.message<readonly Sent[]>();
    began();
    child.process.send('go');
    return await ended;
  } finally {
    await child.stop();
  }
}

/** Accepted bids a second, from the first request to the last acceptance. Throws when one was not accepted. */
export function acceptedPerSecond(sent: readonly Sent[]): number {
  const refused = sent.find(({ status }) => status !== 201);
  if (refused !== undefined) throw new Error(`a bid was not accepted: ${refused.status} ${refused.code}`);
  const from = Math.min(...sent.map(({ beganAt }) => beganAt));
  const until = Math.max(...sent.map(({ answeredAt }) => answeredAt));
  return (sent.length * 1000) / (until - from);
}
