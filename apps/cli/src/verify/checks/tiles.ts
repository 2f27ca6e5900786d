import { concatBytes, equalBytes } from '@segel/encoding';
import { growTiles, tilePath, type HashTile } from '@segel/tlog';
import type { LogSource } from '../../log-source.js';
import type { ReportWriter } from '../report.js';
import type { CheckedCheckpoint } from './checkpoint.js';

/** Every published tile, of every level, is the one the entries give. */
export async function tilesCheck(
  writer: ReportWriter,
  source: LogSource,
  checkpoint: CheckedCheckpoint,
  leafHashes: readonly Uint8Array[],
): Promise<void> {
  await writer.run('tiles', async (found) => {
    if (leafHashes.length !== checkpoint.size) {
      found.cannot('tiles', 'the entries could not be read to the end');
      return;
    }
    const tiles = await growTiles(0, leafHashes, () => new Uint8Array());
    for (const tile of tiles) {
      const given = await source.tile(tile).catch((error: unknown) => (error as Error).message);
      const path = tilePath(tile);
      if (typeof given === 'string')
        found.error('tile_missing', `The tile ${path} cannot be read: ${given}.`, { field: path });
      else if (!sameHashes(given, tile))
        found.error('tile_wrong', `The tile ${path} is not that of the entries.`, { field: path });
    }
  });
}

/** A fuller tile than asked for begins with the same hashes. */
function sameHashes(given: Uint8Array, tile: HashTile): boolean {
  return given.length >= tile.data.length && equalBytes(concatBytes(given.subarray(0, tile.data.length)), tile.data);
}
