/** Where a published log is read from: a URL (of a Segel server, a mirror, any static file server) or a folder with the
 *  same files. */
import { httpLogSource, tilePaths, type LogSource } from '@segel/acts';
import { tilePath } from '@segel/tlog';
import { readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';

const TIMEOUT_MS = 30_000;

export const isUrl = (base: string): boolean => /^https?:\/\//.test(base);

/** The source of a base: an http(s) URL or a folder. */
export function logSource(base: string, get: typeof fetch = fetch): LogSource {
  if (!isUrl(base)) return folderSource(base);
  return httpLogSource(base.replace(/\/+$/, ''), (url) => get(url, { signal: AbortSignal.timeout(TIMEOUT_MS) }));
}

function folderSource(folder: string): LogSource {
  const sizes = async (): Promise<readonly number[]> => {
    const names = await readdir(join(folder, 'checkpoints')).catch(() => []);
    return names
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .toSorted((a, b) => a - b);
  };
  return {
    checkpoint: () => readFile(join(folder, 'checkpoint'), 'utf8'),
    async tile(tile) {
      for (const path of tilePaths(tile)) {
        const found = await readIfThere(join(folder, path));
        if (found !== undefined) return new Uint8Array(found.buffer, found.byteOffset, found.length);
      }
      throw new Error(`the log has no ${tilePath(tile)}`);
    },
    async firstCheckpoint(size) {
      const first = (await sizes()).find((candidate) => candidate >= size);
      return first === undefined ? undefined : readFile(join(folder, 'checkpoints', String(first)), 'utf8');
    },
    knowsFirst: async (size) => (await sizes()).includes(size) || isExported(folder),
    checkpointSizes: sizes,
    policy: async () => (await readIfThere(join(folder, 'policy')))?.toString('utf8'),
  };
}

/** `segel export` puts the evidence beside the folder `log`; a mirror with evidence has it inside. */
async function isExported(folder: string): Promise<boolean> {
  return basename(folder) === 'log' && (await readIfThere(join(folder, '..', 'evidence.json'))) !== undefined;
}

/** The bytes of a file, or undefined when there is none. */
export async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
