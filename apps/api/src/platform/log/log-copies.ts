/** The second durable copy: what is about to be signed lies in the object store first (protocol section 9, the Sigsum
 *  rule). A database restored from an older copy can then always be refilled up to what was signed; nothing that
 *  somebody holds a receipt for is lost with it. Not public: it is ahead of the public log. */
import { TILE_WIDTH, bundleEntries, encodeBundle } from '@segel/tlog';
import { ObjectConflict, type ObjectStore } from '../object-store/object-store.js';
import type { LogDatabase } from './log-database.js';

/** Copies follow one another: each is named by the index of its first leaf, and the next begins where it ends. A full
 *  one holds {@link TILE_WIDTH} leaves; a signed size ends one wherever it falls. A batch that was copied and lost before
 *  it was signed, when a replica without it took over, keeps its name: the one that was signed then has the next number. */
const keyOf = (from: number, attempt: number): string => `batches/${from}${attempt === 0 ? '' : `.${attempt}`}`;
const MAX_ATTEMPTS = 100;

export class LogCopies {
  constructor(
    private readonly database: LogDatabase,
    private readonly store: ObjectStore,
  ) {}

  /** Copies the leaves from the size signed last to the one that is to be signed. The same call again, after a crash,
   *  writes the same bytes under the same names. */
  async keep(from: number, to: number): Promise<void> {
    for (let first = from; first < to; first += TILE_WIDTH) {
      const rows = await this.database.query<{ data: Buffer }>(
        'SELECT data FROM tlog.entry WHERE idx >= $1 AND idx < $2 ORDER BY idx',
        [first, Math.min(first + TILE_WIDTH, to)],
      );
      await this.put(first, encodeBundle(rows.map(({ data }) => data)));
    }
  }

  private async put(first: number, bytes: Uint8Array): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        await this.store.put(keyOf(first, attempt), bytes);
        return;
      } catch (error) {
        if (!(error instanceof ObjectConflict) || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  }
}

/** The copied leaves from this index, which must be one that was signed, to the last copy there is. */
export async function* copiedLeaves(store: ObjectStore, from: number): AsyncGenerator<Uint8Array> {
  for (let first = from; ;) {
    const bytes = await newestCopy(store, first);
    if (bytes === undefined) return;
    const leaves = bundleEntries(bytes);
    yield* leaves;
    first += leaves.length;
  }
}

/** Of several copies of one beginning the last was signed: the others never were, or the next could not begin there. */
async function newestCopy(store: ObjectStore, first: number): Promise<Uint8Array | undefined> {
  let newest: Uint8Array | undefined;
  for (let attempt = 0; attempt <= MAX_ATTEMPTS; attempt++) {
    const bytes = await store.bytesIfThere(keyOf(first, attempt));
    if (bytes === undefined) break;
    newest = bytes;
  }
  return newest;
}
