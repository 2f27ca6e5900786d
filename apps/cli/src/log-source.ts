/** Where a published log is read from: a URL (`https://host/log`) or a folder with the same files. */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { tilePath, TILE_WIDTH, type Tile } from '@segel/tlog';
import { NetworkError } from './problem.js';

/** The files of a C2SP tlog-tiles log, and beside them the checkpoints that were published before. */
export type LogSource = {
  readonly checkpoint: () => Promise<string>;
  /** The bytes of a tile or bundle; a fuller one may be given when the partial one is gone. */
  readonly tile: (tile: Tile) => Promise<Uint8Array>;
  /** The first published checkpoint of at least this size, or undefined when the source keeps none. */
  readonly firstCheckpoint: (size: number) => Promise<string | undefined>;
};

const TIMEOUT_MS = 30_000;
const MAX_NOTE_CHARS = 1_000_000;

/** The source of a base: an http(s) URL or a folder. */
export function logSource(base: string, get: typeof fetch = fetch): LogSource {
  return /^https?:\/\//.test(base) ? httpSource(base.replace(/\/+$/, ''), get) : folderSource(base);
}

function httpSource(given: string, get: typeof fetch): LogSource {
  const ask = async (url: string): Promise<Response> => {
    try {
      return await get(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    } catch (error) {
      throw new NetworkError(`the log at ${given} does not answer`, { cause: error });
    }
  };
  // A mirror may lie at the root of its host; the address of a Segel server alone means its log.
  const findBase = async (): Promise<string> => {
    if (new URL(given).pathname !== '/') return given;
    return (await ask(`${given}/checkpoint`)).ok ? given : `${given}/log`;
  };
  let base: Promise<string> | undefined;
  const request = async (path: string): Promise<Response> => ask(`${await (base ??= findBase())}/${path}`);
  const text = async (path: string): Promise<string | undefined> => {
    const response = await request(path);
    if (response.status === 404) return undefined;
    if (!response.ok) throw new NetworkError(`the log answers ${response.status} to ${path}`);
    const note = await response.text();
    if (note.length > MAX_NOTE_CHARS) throw new Error(`${path} is too large`);
    return note;
  };
  return {
    async checkpoint() {
      const note = await text('checkpoint');
      if (note === undefined) throw new NetworkError(`there is no published checkpoint at ${given}`);
      return note;
    },
    async tile(tile) {
      for (const path of tilePaths(tile)) {
        const response = await request(path);
        if (response.ok) return new Uint8Array(await response.arrayBuffer());
        if (response.status !== 404) throw new NetworkError(`the log answers ${response.status} to ${path}`);
      }
      throw new Error(`the log has no ${tilePath(tile)}`);
    },
    firstCheckpoint: (size) => text(`checkpoints/${size}`),
  };
}

function folderSource(folder: string): LogSource {
  return {
    checkpoint: () => readFile(join(folder, 'checkpoint'), 'utf8'),
    async tile(tile) {
      for (const path of tilePaths(tile)) {
        try {
          return new Uint8Array(await readFile(join(folder, path)));
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        }
      }
      throw new Error(`the log has no ${tilePath(tile)}`);
    },
    async firstCheckpoint(size) {
      const names = await readdir(join(folder, 'checkpoints')).catch(() => []);
      const sizes = names.filter((name) => /^\d+$/.test(name)).map(Number);
      const first = sizes.filter((candidate) => candidate >= size).toSorted((a, b) => a - b)[0];
      return first === undefined ? undefined : readFile(join(folder, 'checkpoints', String(first)), 'utf8');
    },
  };
}

/** A partial tile, and the full one that may have taken its place (tlog-tiles lets partial ones be removed). */
function tilePaths(tile: Tile): readonly string[] {
  const full = tilePath({ ...tile, width: TILE_WIDTH });
  return tile.width === TILE_WIDTH ? [full] : [tilePath(tile), full];
}
