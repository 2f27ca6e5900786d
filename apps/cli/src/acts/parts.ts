/** The sealed file as parts: read one at a time, sent when the server lacks them. */
import { open, stat, type FileHandle } from 'node:fs/promises';
import { equalBytes, fromBase64, toBase64, toHex } from '@segel/encoding';
import { PART_BYTES, partRoot, type Manifest } from '@segel/sealing';
import type { ApiClient } from '../api-client.js';
import type { Progress } from '../output.js';
import { nodePrimitives } from '../primitives.js';
import { check } from '../problem.js';

/** Hashes asked for in one request. */
const ASK_AT_ONCE = 1000;

async function readPart(file: FileHandle, index: number, size: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(Math.min(PART_BYTES, size - index * PART_BYTES));
  for (let at = 0; at < bytes.length;) {
    const { bytesRead } = await file.read(bytes, at, bytes.length - at, index * PART_BYTES + at);
    check(bytesRead > 0, 'sealed_file_changed', 'The sealed file ends early.');
    at += bytesRead;
  }
  return bytes;
}

function hashOf(bytes: Uint8Array): Uint8Array {
  const hash = nodePrimitives.sha256();
  hash.update(bytes);
  return Uint8Array.from(hash.digest());
}

async function withFile<T>(path: string, work: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, 'r');
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}

/** SHA-256 of every part of a sealed file, after comparing their tree with the manifest. Throws `sealed_file_changed`:
 *  those bytes are not the bid that was signed. */
export async function checkParts(
  path: string,
  manifest: Manifest,
  onProgress: Progress = () => undefined,
): Promise<readonly Uint8Array[]> {
  const { size, parts, root } = manifest.ciphertext;
  check(
    (await stat(path)).size === size,
    'sealed_file_changed',
    'The sealed file has another length than its manifest.',
  );
  return withFile(path, async (file) => {
    const hashes: Uint8Array[] = [];
    for (let index = 0; index < parts; index++) {
      const bytes = await readPart(file, index, size);
      hashes.push(hashOf(bytes));
      onProgress(index * PART_BYTES + bytes.length, size, 'Checking');
    }
    check(
      equalBytes(partRoot(hashes), fromBase64(root)),
      'sealed_file_changed',
      'The sealed file is not the one of its manifest.',
    );
    return hashes;
  });
}

/** Sends the parts that the server does not have; what an interrupted upload brought over is not sent again. Returns
 *  how many were sent. */
export async function uploadParts(
  client: ApiClient,
  bid: {
    readonly tenderId: string;
    readonly path: string;
    readonly hashes: readonly Uint8Array[];
    readonly size: number;
    /** Base64 hashes of what is to be sent; asked of the server unless told. */
    readonly only?: ReadonlySet<string>;
  },
  onProgress: Progress = () => undefined,
): Promise<number> {
  const { tenderId, path, hashes, size } = bid;
  const missing = bid.only ?? (await missingParts(client, tenderId, hashes));
  const todo = hashes.flatMap((hash, index) => (missing.has(toBase64(hash)) ? [{ hash, index }] : []));
  const lengthOf = (index: number): number => Math.min(PART_BYTES, size - index * PART_BYTES);
  const total = todo.reduce((sum, { index }) => sum + lengthOf(index), 0);
  let done = 0;
  await withFile(path, async (file) => {
    for (const { hash, index } of todo) {
      const bytes = await readPart(file, index, size);
      check(equalBytes(hashOf(bytes), hash), 'sealed_file_changed', 'The sealed file changed while it was sent.');
      await client.putBytes(`/api/tenders/${tenderId}/parts/${toHex(hash)}`, bytes);
      done += bytes.length;
      onProgress(done, total, 'Uploading');
    }
  });
  return todo.length;
}

async function missingParts(
  client: ApiClient,
  tenderId: string,
  hashes: readonly Uint8Array[],
): Promise<ReadonlySet<string>> {
  const missing = new Set<string>();
  for (let at = 0; at < hashes.length; at += ASK_AT_ONCE) {
    const asked = hashes.slice(at, at + ASK_AT_ONCE).map(toBase64);
    const answer = await client.post<{ missing: readonly string[] }>(`/api/tenders/${tenderId}/parts/missing`, {
      sha256: asked,
    });
    for (const hash of answer.missing) missing.add(hash);
  }
  return missing;
}
