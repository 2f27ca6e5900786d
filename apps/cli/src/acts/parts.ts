/** The sealed file as parts: read one at a time, sent when the server lacks them. */
import { open, stat, type FileHandle } from 'node:fs/promises';
import { equalBytes, fromBase64, toBase64, toHex } from '@segel/encoding';
import { PART_BYTES, partRoot, type Manifest } from '@segel/sealing';
import type { ApiClient } from '../api-client.js';
import type { Progress } from '../progress.js';
import { nodePrimitives } from '../primitives.js';
import { check } from '../problem.js';
import { sendPart } from './part-upload.js';

/** Parts announced in one request: a bid of 32 GiB in one. */
const ANNOUNCED_AT_ONCE = 4096;

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

/** Gives every chosen part of a sealed file to `send`, one after the other. Returns how many there were. */
export async function eachPart(
  { path, hashes, size }: Pick<BidFile, 'path' | 'hashes' | 'size'>,
  isChosen: (hash: Uint8Array) => boolean,
  send: (hash: Uint8Array, bytes: Uint8Array<ArrayBuffer>) => Promise<void>,
  onProgress: Progress,
): Promise<number> {
  const todo = hashes.flatMap((hash, index) => (isChosen(hash) ? [{ hash, index }] : []));
  const total = todo.reduce((sum, { index }) => sum + lengthOf(index, size), 0);
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

/** Parts under way at a time: the line stays busy while the server stores the one before. */
const AT_ONCE = 2;

type BidFile = {
  readonly tenderId: string;
  readonly path: string;
  readonly hashes: readonly Uint8Array[];
  readonly size: number;
  /** Without a byte gained for so long the upload is given up. */
  readonly patienceMs?: number;
};
type MissingPart = { readonly index: number; readonly stagedBytes: number };

/** Sends the bytes that the server does not have; what an interrupted upload brought over is not sent again. Returns
 *  how many parts were sent. */
export async function uploadParts(
  client: ApiClient,
  bid: BidFile,
  onProgress: Progress = () => undefined,
): Promise<number> {
  const todo = await announceParts(client, bid);
  const total = todo.reduce((sum, { index }) => sum + lengthOf(index, bid.size), 0);
  const gone = new Map(todo.map(({ index, stagedBytes }) => [index, stagedBytes]));
  const show = (): void =>
    onProgress(
      [...gone.values()].reduce((a, b) => a + b, 0),
      total,
      'Uploading',
    );
  await withFile(bid.path, async (file) => {
    const left = [...todo];
    const sendNext = async (): Promise<void> => {
      for (let part = left.shift(); part !== undefined; part = left.shift()) {
        const { index, stagedBytes } = part;
        const bytes = await readPart(file, index, bid.size);
        const hash = bid.hashes[index]!;
        check(equalBytes(hashOf(bytes), hash), 'sealed_file_changed', 'The sealed file changed while it was sent.');
        const onSent = (sent: number): void => {
          gone.set(index, sent);
          show();
        };
        const where = { client, path: `${uploadsOf(bid)}/${toHex(hash)}`, patienceMs: bid.patienceMs };
        await sendPart({ ...where, bytes, stagedBytes, onSent });
        onSent(bytes.length);
      }
    };
    const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, () => stopping(left, sendNext)));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  });
  return todo.length;
}

/** After a failure nobody begins another part. */
async function stopping(left: unknown[], work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    left.length = 0;
    throw error;
  }
}

function uploadsOf({ tenderId }: BidFile): string {
  return `/api/tenders/${tenderId}/uploads`;
}

function lengthOf(index: number, size: number): number {
  return Math.min(PART_BYTES, size - index * PART_BYTES);
}

/** Says which parts will come; returns those of which bytes are missing. */
async function announceParts(client: ApiClient, bid: BidFile): Promise<readonly MissingPart[]> {
  const parts = bid.hashes.map((hash, index) => ({ sha256: toBase64(hash), sizeBytes: lengthOf(index, bid.size) }));
  const staged = new Map<string, number>();
  for (let at = 0; at < parts.length; at += ANNOUNCED_AT_ONCE) {
    const asked = { parts: parts.slice(at, at + ANNOUNCED_AT_ONCE) };
    const { missing } = await client.post<{ missing: readonly { sha256: string; stagedBytes: number }[] }>(
      uploadsOf(bid),
      asked,
    );
    for (const { sha256, stagedBytes } of missing) staged.set(sha256, stagedBytes);
  }
  return parts.flatMap(({ sha256 }, index) => {
    const stagedBytes = staged.get(sha256);
    return stagedBytes === undefined ? [] : [{ index, stagedBytes }];
  });
}
