/** What comes quickly is taken into memory; what takes its time is not waited for. */
import { Readable } from 'node:stream';

/** What has come is held in memory so long at most, and not while nothing comes: bytes in memory are lost with the process,
 *  and a sender on another line must find those that have come. */
const QUICK_MS = 1000;
const PAUSE_MS = 200;

/** All bytes, when they came quickly; else a stream of those that came and those that are coming. */
export async function arrival(source: Readable): Promise<Buffer | Readable> {
  const iterator = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const until = performance.now() + QUICK_MS;
  const came: Buffer[] = [];
  let next = iterator.next();
  try {
    while (performance.now() < until) {
      const first = await orPause(next);
      if (first === undefined) break;
      if (first.done === true) return Buffer.concat(came);
      came.push(first.value);
      next = iterator.next();
    }
  } catch {
    // Whoever reads the stream gets what came, and then the same error.
  }
  next.catch(() => undefined);
  return Readable.from(onwards(came, next, iterator));
}

async function orPause<T>(awaited: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const pause = new Promise<undefined>((resolve) => (timer = setTimeout(resolve, PAUSE_MS, undefined)));
  try {
    return await Promise.race([awaited, pause]);
  } finally {
    clearTimeout(timer);
  }
}

async function* onwards(
  came: readonly Buffer[],
  pending: Promise<IteratorResult<Buffer>>,
  iterator: AsyncIterator<Buffer>,
): AsyncGenerator<Buffer> {
  yield* came;
  for (let one = await pending; one.done !== true; one = await iterator.next()) yield one.value;
}
