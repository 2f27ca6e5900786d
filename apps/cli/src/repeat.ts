/** Doing something again and again until somebody ends the program. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Runs `act` every so many seconds until SIGINT or SIGTERM, which end it between two runs. What it throws ends it. */
export async function repeat(everySeconds: number, act: () => Promise<void>): Promise<void> {
  const end = new AbortController();
  const stop = (): void => end.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    while (!end.signal.aborted) {
      await act();
      await sleep(everySeconds * 1000, undefined, { signal: end.signal }).catch(() => undefined);
    }
  } finally {
    process.removeListener('SIGINT', stop);
    process.removeListener('SIGTERM', stop);
  }
}
