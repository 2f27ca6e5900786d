/** The sealed file as parts: read one at a time, sent when the server lacks them. */
import {
  check,
  partLength,
  submitWhole,
  uploadParts,
  WHOLE_BID_BYTES,
  type Progress,
  type SealedParts,
  type BidSubmission,
  type SubmissionAnswer,
} from '@segel/acts';
import { equalBytes, fromBase64 } from '@segel/encoding';
import { PART_BYTES, partRoot, type Manifest } from '@segel/sealing';
import { open, readFile, stat, type FileHandle } from 'node:fs/promises';
import type { ApiClient } from '../api-client.js';
import { pace } from '../pace.js';
import { nodePrimitives } from '../primitives.js';
import { tusAttempt } from './part-upload.js';

async function readPart(file: FileHandle, index: number, size: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(partLength(index, size));
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

/** Gives every chosen part of a sealed file to `send`, one after the other. Returns how many there were. */
export async function eachPart(
  { path, hashes, size }: Pick<BidFile, 'path' | 'hashes' | 'size'>,
  isChosen: (hash: Uint8Array) => boolean,
  send: (hash: Uint8Array, bytes: Uint8Array<ArrayBuffer>) => Promise<void>,
  onProgress: Progress,
): Promise<number> {
  const todo = hashes.flatMap((hash, index) => (isChosen(hash) ? [{ hash, index }] : []));
  const total = todo.reduce((sum, { index }) => sum + partLength(index, size), 0);
  let done = 0;
  await withFile(path, async (file) => {
    for (const { hash, index } of todo) {
      const bytes = await readPart(file, index, size);
      await send(hash, bytes);
      done += bytes.length;
      onProgress(done, total, 'Uploading');
    }
  });
  return todo.length;
}

type BidFile = SealedParts & {
  readonly path: string;
  /** Without a byte gained for so long the upload is given up. */
  readonly patienceMs?: number;
};

/** Sends a sealed file's missing parts, see uploadParts of libs/acts. */
export function uploadFile(client: ApiClient, bid: BidFile, onProgress?: Progress): Promise<number> {
  return withFile(bid.path, (file) => {
    const sender = {
      read: (index: number) => readPart(file, index, bid.size),
      hashOf,
      attempt: tusAttempt(client),
      pace: { now: pace.now, sleep: (ms: number) => client.sleep(ms) },
      patienceMs: bid.patienceMs,
    };
    return uploadParts(client, bid, sender, onProgress);
  });
}

/** A small bid whole, see submitWhole of libs/acts; undefined when it is large or has to go the other way. */
export async function submitSmall(
  client: ApiClient,
  bid: BidFile,
  submission: BidSubmission,
  onProgress: Progress = () => undefined,
): Promise<SubmissionAnswer | undefined> {
  if (bid.size > WHOLE_BID_BYTES) return undefined;
  const answer = await submitWhole(client, bid.tenderId, submission, await readFile(bid.path));
  if (answer !== undefined) onProgress(bid.size, bid.size, 'Uploading');
  return answer;
}
