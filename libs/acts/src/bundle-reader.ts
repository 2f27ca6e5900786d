/** Entry bundles in order, read ahead so that a far log does not cost a round trip each. */
import { bundleEntries, TILE_WIDTH } from '@segel/tlog';
import type { LogSource } from './log-source.js';

/** The entries of a bundle; the last one of a tree may hold fewer than 256. */
export type Bundle = { readonly n: number; readonly entries: readonly Uint8Array[] };

const READ_AHEAD = 16;

export async function readBundle(source: LogSource, n: number, size: number): Promise<readonly Uint8Array[]> {
  const width = Math.min(TILE_WIDTH, size - n * TILE_WIDTH);
  return bundleEntries(await source.tile({ level: 'entries', n, width }), width);
}

/** The bundles that hold the leaves from `from` to before `size`, in order. Throws when one is missing or malformed. */
export function readBundles(source: LogSource, from: number, size: number): AsyncGenerator<Bundle> {
  const [first, end] = [Math.floor(from / TILE_WIDTH), Math.ceil(size / TILE_WIDTH)];
  return readAhead(first, end, async (n) => ({ n, entries: await readBundle(source, n, size) }));
}

/** What `read` gives for each number from `first` to before `end`, in order; some are read ahead. */
export async function* readAhead<T>(
  first: number,
  end: number,
  read: (n: number) => Promise<T>,
): AsyncGenerator<Awaited<T>> {
  const reading: Promise<T>[] = [];
  for (let next = first; next < end || reading.length > 0;) {
    for (; next < end && reading.length < READ_AHEAD; next++) {
      const begun = read(next);
      // Whoever awaits it gets the error; until then nobody waits for it.
      begun.catch(() => undefined);
      reading.push(begun);
    }
    yield await reading.shift()!;
  }
}
