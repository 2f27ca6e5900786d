/** A copy of everything a tender is verified with, in a folder: for verifying it again in ten years, without a server. */
import { type LogSource, readAhead, statedSize } from '@segel/acts';
import { decodeEntry } from '@segel/evidence';
import { bundleEntries, newBundles, newTiles, parseLeaf, TILE_WIDTH, tilePath } from '@segel/tlog';
import { logSource } from '../log-source.js';
import { DurableFolder } from '../mirror/durable.js';
import { loadEvidence, logBase, type Evidence, type TenderPlace } from './evidence.js';

export type SaveTenderOptions = TenderPlace & {
  readonly tenderId: string;
  readonly folder: string;
  /** Text of the policy that the copy is to be verified under. */
  readonly policy: string;
  readonly onProgress?: (read: number, size: number) => void;
};

/** Saves evidence, policy, tiles, bundles and the checkpoints that date acts: `evidence.json` beside `log/`, which has the
 *  layout of a mirror. Nothing is checked here: what was saved is verified afterwards as from a server. Returns the size of
 *  the tree. */
export async function saveTender(options: SaveTenderOptions): Promise<number> {
  const { tenderId, folder, policy, onProgress } = options;
  const files = new DurableFolder(folder);
  const evidence = await loadEvidence(options, tenderId);
  const source = logSource(await logBase(options), options.fetch);
  const note = await coveringCheckpoint(source, evidence);
  const size = statedSize(note);
  for (const tile of newTiles(0, size)) {
    const data = await source.tile(tile);
    await files.write(`log/${tilePath(tile)}`, data.subarray(0, tile.width * 32));
  }
  const bundles = newBundles(0, size);
  for await (const { tile, bytes } of readAhead(0, bundles.length, async (n) => {
    const bundle = bundles[n]!;
    return { tile: bundle, bytes: await source.tile(bundle) };
  })) {
    await files.write(`log/${tilePath(tile)}`, bytes);
    const dated = datedSizes(bundleEntries(bytes, tile.width), tile.n * TILE_WIDTH, tenderId);
    for (const cut of dated) await saveCheckpoint(files, await source.firstCheckpoint(cut));
    onProgress?.(tile.n * TILE_WIDTH + tile.width, size);
  }
  await saveCheckpoint(files, note);
  await files.write('log/policy', policy);
  await files.write('evidence.json', JSON.stringify(evidence));
  await files.write('log/checkpoint', note);
  await files.settle();
  return size;
}

async function saveCheckpoint(files: DurableFolder, note: string | undefined): Promise<void> {
  if (note !== undefined) await files.write(`log/checkpoints/${statedSize(note)}`, note);
}

/** The public log lags behind its entries by an interval: evidence may name some that it does not show yet. */
const PATIENCE_MS = 30_000;
const ASK_EVERY_MS = 1000;

/** The newest checkpoint, once its tree holds every entry that the evidence names; after half a minute, as it is. */
export async function coveringCheckpoint(source: LogSource, { entries }: Evidence): Promise<string> {
  const needed = entries.reduce((most, { index }) => Math.max(most, index + 1), 0);
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const note = await source.checkpoint();
    const lists = (await source.checkpointSizes()) !== undefined;
    // A folder does not change while one waits for it.
    if (statedSize(note) >= needed || lists || performance.now() >= until) return note;
    await new Promise((done) => setTimeout(done, ASK_EVERY_MS));
  }
}

/** Sizes of the tree whose first checkpoints date an act: where the boxes of the tender among these leaves were cut, and
 *  with the announcement of an award. */
function datedSizes(leaves: readonly Uint8Array[], from: number, tenderId: string): readonly number[] {
  return leaves.flatMap((data, i) => {
    try {
      const leaf = parseLeaf(data);
      if (leaf.blinded) return [];
      const { type, tenderId: of, body } = decodeEntry(leaf.entryBytes);
      if (of !== tenderId) return [];
      if (type === 'award.intended') return [from + i + 1];
      return type === 'box.closed' ? [body['cut_size'] as number] : [];
    } catch {
      // Of a later version, or malformed: the verifier of the copy will say so.
      return [];
    }
  });
}
