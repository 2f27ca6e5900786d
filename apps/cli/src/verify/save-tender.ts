/** A copy of everything a tender is verified with, in a folder: for verifying it again in ten years, without a server. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { decodeEntry } from '@segel/evidence';
import {
  newBundles,
  newTiles,
  parseBundle,
  parseCheckpoint,
  parseLeaf,
  parseNote,
  TILE_WIDTH,
  tilePath,
} from '@segel/tlog';
import { logSource } from '../log-source.js';
import { loadEvidence, logBase } from './evidence.js';

export type SaveTenderOptions = {
  readonly base: string;
  readonly tenderId: string;
  readonly folder: string;
  readonly fetch?: typeof fetch;
};

/** Saves evidence, tiles, bundles and the checkpoints that show when the boxes were closed. Nothing is checked here:
 *  what was saved is verified afterwards as from a server. */
export async function saveTender({ base, tenderId, folder, fetch }: SaveTenderOptions): Promise<void> {
  const put = async (path: string, content: Uint8Array | string): Promise<void> => {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  };
  await put('evidence.json', JSON.stringify(await loadEvidence(base, tenderId, fetch)));
  const source = logSource(logBase(base), fetch);
  const note = await source.checkpoint();
  await put('log/checkpoint', note);
  const { size } = parseCheckpoint(parseNote(note).text);
  for (const tile of newTiles(0, size)) await put(`log/${tilePath(tile)}`, await source.tile(tile));
  for (const tile of newBundles(0, size)) {
    const bytes = await source.tile(tile);
    await put(`log/${tilePath(tile)}`, bytes);
    for (const cut of datedSizes(parseBundle(bytes, tile.width), tile.n * TILE_WIDTH, tenderId)) {
      const first = await source.firstCheckpoint(cut);
      if (first === undefined) continue;
      await put(`log/checkpoints/${parseCheckpoint(parseNote(first).text).size}`, first);
    }
  }
}

/** Sizes of the tree whose first checkpoints date an act: where the boxes of the tender among these leaves were cut, and
 *  with the announcement of an award. */
function datedSizes(leaves: readonly Uint8Array[], from: number, tenderId: string): readonly number[] {
  return leaves.flatMap((data, i) => {
    const leaf = parseLeaf(data);
    if (leaf.blinded) return [];
    const { type, tenderId: of, body } = decodeEntry(leaf.entryBytes);
    if (of !== tenderId) return [];
    if (type === 'award.intended') return [from + i + 1];
    return type === 'box.closed' ? [body['cut_size'] as number] : [];
  });
}
