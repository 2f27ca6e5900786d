import { ApiProblem, CheckFailed } from '@segel/acts';
import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 60_000;

/** What `look` finds, asked until it is there. */
export async function eventually<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await look().catch((error: unknown) => {
      if (error instanceof ApiProblem || error instanceof CheckFailed) return undefined;
      throw error;
    });
    if (found !== undefined) return found;
    if (Date.now() > until) throw new Error(`${what} did not happen within ${PATIENCE_MS / 1000} s`);
    await sleep(250);
  }
}
