/** A made-up log of any length, written as a mirror folder in constant memory: for benchmarks. Its keys, signatures,
 *  cosignatures and tiles are real; of every 8 leaves one is a heartbeat, as in an idle log, and some are registrations
 *  signed by the key they register. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ed25519PublicKey, signDocument, toBase64 } from '@segel/encoding';
import { encodeEntry, type EntryTypeName } from '@segel/evidence';
import {
  addSignatures,
  blindedLeaf,
  clearLeaf,
  cosign,
  encodeBundle,
  leafHashes,
  parseNote,
  signCheckpoint,
  TILE_WIDTH,
  TileBuilder,
  tilePath,
} from '@segel/tlog';
import { sha256WithNode } from './primitives.js';
import { bytesOf, idOf, put, SyntheticLog } from './synthetic-log.js';

export type SyntheticMirror = {
  readonly folder: string;
  /** Leaves. */
  readonly size: number;
  /** One leaf in so many is a signed registration. */
  readonly signedEvery?: number;
  /** One checkpoint is kept per so many leaves. */
  readonly checkpointEvery?: number;
};

const START = Date.UTC(2026, 0, 1);

/** Writes it and returns the text of its policy. */
export async function writeSyntheticMirror(options: SyntheticMirror): Promise<string> {
  const { folder, size, signedEvery = 1000, checkpointEvery = 8192 } = options;
  const log = new SyntheticLog();
  const builder = new TileBuilder(sha256WithNode);
  const checkpoint = (): Promise<void> => {
    const note = cosigned(log.origin, builder);
    return put(join(folder, 'checkpoints', String(builder.size)), note);
  };
  for (let n = 0; n * TILE_WIDTH < size; n++) {
    const width = Math.min(TILE_WIDTH, size - n * TILE_WIDTH);
    const leaves = Array.from({ length: width }, (_, i) => leafAt(n * TILE_WIDTH + i, signedEvery));
    await put(join(folder, tilePath({ level: 'entries', n, width })), encodeBundle(leaves));
    for (const tile of builder.append(leafHashes(leaves, sha256WithNode)))
      await put(join(folder, tilePath(tile)), tile.data);
    if (builder.size % checkpointEvery === 0) await checkpoint();
  }
  for (const tile of builder.partial()) await put(join(folder, tilePath(tile)), tile.data);
  await checkpoint();
  await put(join(folder, 'policy'), log.policy.text);
  await put(join(folder, 'checkpoint'), cosigned(log.origin, builder));
  return log.policy.text;
}

function cosigned(origin: string, builder: TileBuilder): string {
  const note = signCheckpoint(
    { origin, size: builder.size, root: builder.root() },
    { name: origin, seed: bytesOf('log') },
  );
  const seconds = Math.floor(START / 1000) + builder.size;
  return addSignatures(note, [
    cosign(parseNote(note).text, seconds, { name: 'witness.example/w', seed: bytesOf('witness') }),
  ]);
}

function leafAt(index: number, signedEvery: number): Uint8Array {
  if (index % signedEvery === signedEvery - 1) return clearLeaf(registration(index));
  if (index % 8 === 7) return clearLeaf(entryAt(index, 'log.heartbeat', { n: (index - 7) / 8 }));
  return blindedLeaf(createHash('sha256').update(`blinded ${index}`).digest());
}

function registration(index: number): Uint8Array {
  const seed = bytesOf(`person ${index}`);
  const body = { account_id: idOf(`person ${index}`), key: toBase64(ed25519PublicKey(seed)) };
  return entryAt(index, 'key.authority.registered', body, [signDocument('key.authority.registered', body, seed)]);
}

function entryAt(
  index: number,
  type: EntryTypeName,
  body: Readonly<Record<string, string | number>>,
  bodySig?: readonly { readonly key: string; readonly sig: string }[],
): Uint8Array {
  return encodeEntry({
    type,
    id: idOf(`entry ${index}`),
    at: new Date(START + index * 1000),
    actor: { kind: 'system', id: idOf('system') },
    body,
    ...(bodySig && { bodySig }),
  });
}
