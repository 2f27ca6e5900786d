/** Changes of files on disk: every stored object and every file of the public log. */
import { createHash } from 'node:crypto';
import { chmod, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { TILE_WIDTH } from '@segel/tlog';
import type { Change, Judge } from './change.js';
import type { Scene } from './scene.js';

const SUPERSEDED = 'A partial tile that a fuller one repeats, at a size that was never public: asked for by nobody.';

export async function objectChanges({ objects, superuser }: Scene): Promise<readonly Change[]> {
  const files = (await readdir(objects, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(objects, path.join(entry.parentPath, entry.name)))
    .filter((key) => !key.startsWith('tmp/'))
    .toSorted();
  const kinds = await contentKinds(superuser);
  const publicSizes = files.flatMap((key) => /^log\/checkpoints\/(\d+)$/.exec(key)?.[1] ?? []).map(Number);
  return files.flatMap((key, i) => {
    const kind = key.startsWith('log/') ? logKind(key, publicSizes) : (kinds.get(key) ?? 'object that nothing names');
    const next = files[(i + 1) % files.length]!;
    const make = (how: string, act: (bytes: Buffer) => Promise<void>): Change => ({
      group: kind,
      what: key,
      how,
      judges: judgesOf(key),
      reason: reasonOf(kind),
      isPlace: ({ place }) =>
        place.includes(key) || place.includes(key.replace(/^log\//, '')) || place.startsWith('entry '),
      apply: async () => {
        const file = path.join(objects, key);
        const before = await readFile(file);
        await chmod(file, 0o640);
        await act(before);
        return async () => {
          await writeFile(file, before);
          await chmod(file, 0o440);
        };
      },
    });
    const file = path.join(objects, key);
    const flip = make('one bit flipped', (bytes) => writeFile(file, flipped(bytes)));
    // Of the many files of the log every one is altered, and every eighth is deleted and replaced as well.
    if (/^log\/(tile|checkpoints)\//.test(key) && i % 8 !== 0) return [flip];
    return [
      flip,
      make('deleted', () => rm(file)),
      make('replaced by another object', async () => writeFile(file, await readFile(path.join(objects, next)))),
    ];
  });
}

function judgesOf(key: string): readonly Judge[] {
  return key.startsWith('log/') ? ['rows', 'static log'] : ['rows', 'verifier'];
}

function logKind(key: string, publicSizes: readonly number[]): string {
  if (isSuperseded(key, publicSizes)) return 'log: superseded';
  if (key.startsWith('log/tile/entries/')) return 'log: entry bundle';
  if (key.startsWith('log/tile/')) return 'log: hash tile';
  return key.startsWith('log/checkpoints/') ? 'log: earlier checkpoint' : `log: ${path.basename(key)}`;
}

/** A partial tile that no public size needs: its checkpoint waited for a late witness until a larger one took its place. */
function isSuperseded(key: string, publicSizes: readonly number[]): boolean {
  const found = /^log\/tile\/(entries|\d+)\/([x\d/]+)\.p\/(\d+)$/.exec(key);
  if (found === null) return false;
  const [, level, path, width] = found as unknown as [string, string, string, string];
  const covers = TILE_WIDTH ** (level === 'entries' ? 0 : Number(level));
  const count = Number(path.replaceAll(/[x/]/g, '')) * TILE_WIDTH + Number(width);
  return !publicSizes.some((size) => Math.floor(size / covers) === count);
}

function reasonOf(kind: string): string | undefined {
  if (kind === 'object that nothing names')
    return 'A part that arrived for a bid that was then refused: nothing points to it, and its name is its hash.';
  if (kind === 'log: vkey') return 'A convenience: the key is in the policy, which every reader has from elsewhere.';
  return kind === 'log: superseded' ? SUPERSEDED : undefined;
}

/** What rows say an object is, by its key. */
async function contentKinds(superuser: Scene['superuser']): Promise<ReadonlyMap<string, string>> {
  const rows = await superuser.query<{ kind: string; sha256: Buffer }>(
    `SELECT 'manifest of a bid' AS kind, manifest_object AS sha256 FROM bid
     UNION ALL SELECT 'part of a sealed bid', sha256 FROM bid_part
     UNION ALL SELECT 'document of an opened bid', sha256 FROM opened_document
     UNION ALL SELECT 'document of a company', sha256 FROM vendor_document
     UNION ALL SELECT 'document of a tender', sha256 FROM tender_document
     UNION ALL SELECT 'terms of a tender', terms_sha256 FROM tender_version`,
  );
  const keyed = rows.map(({ kind, sha256 }) => {
    const hex = sha256.toString('hex');
    return [`objects/${hex.slice(0, 2)}/${hex.slice(2)}`, kind] as const;
  });
  return new Map(keyed);
}

/** One bit in the middle, at a place that depends on the bytes. */
function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const at = createHash('sha256').update(bytes).digest().readUInt32BE(0) % Math.max(1, copy.length);
  copy[at]! ^= 1;
  return copy;
}
