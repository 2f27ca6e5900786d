/** A sealed file to the server in parts, by the tus protocol: whatever happens to the line, it goes on at the byte the
 *  server has. How one request is made is the program's; what is sent, how often, and when it is given up is the same. */
import { equalBytes, toBase64, toHex } from '@segel/encoding';
import { PART_BYTES } from '@segel/sealing';
import type { Api, Pace, Progress } from './api.js';
import { check, NetworkError } from './failure.js';

/** A sealed file: its length and the SHA-256 of each part in order. */
export type SealedParts = { readonly tenderId: string; readonly size: number; readonly hashes: readonly Uint8Array[] };

/** One part to be sent. `path` is its place on the server. */
export type PartToSend<Bytes> = {
  readonly path: string;
  readonly bytes: Bytes;
  readonly sizeBytes: number;
  /** What the server said it has of it. */
  readonly stagedBytes: number;
  /** Told how many bytes of the part have gone. */
  readonly onSent: (bytes: number) => void;
};

/** One attempt to send a part; the first brings the bytes with it, the next ask how many came through and tell
 *  `onOffset`. Throws PartRefused when the server answers no, anything else when the line fails. */
export type SendAttempt<Bytes> = (
  part: PartToSend<Bytes>,
  first: boolean,
  onOffset: (offset: number) => void,
) => Promise<void>;

/** The server's answer no to one attempt; `problem` is what it means. */
export class PartRefused extends Error {
  override readonly name = 'PartRefused';

  constructor(
    readonly status: number,
    readonly problem: Error,
  ) {
    super(problem.message);
  }
}

/** What the program brings: reading a part (bytes as its requests take them), its SHA-256, and the attempt. */
export type PartSender<Bytes> = {
  readonly read: (index: number) => Promise<Bytes>;
  readonly hashOf: (bytes: Bytes) => Promise<Uint8Array> | Uint8Array;
  readonly attempt: SendAttempt<Bytes>;
  readonly pace: Pace;
  /** Without a byte gained for so long the upload is given up. */
  readonly patienceMs?: number | undefined;
};

/** Parts announced in one request: a bid of 32 GiB in one. */
const ANNOUNCED_AT_ONCE = 4096;
/** Parts under way at a time: the line stays busy while the server stores the one before. */
const AT_ONCE = 2;
/** Without a byte gained for so long it is given up. What arrived stays there for the next attempt. */
const PATIENCE_MS = 15 * 60_000;
const LONGEST_PAUSE_MS = 30_000;
/** A line on which nothing moves for so long is dead, whatever the system says. */
export const STALL_MS = 120_000;

type MissingPart = { readonly index: number; readonly stagedBytes: number };

/** Length of a part of a sealed file. */
export function partLength(index: number, size: number): number {
  return Math.min(PART_BYTES, size - index * PART_BYTES);
}

/** Sends the bytes that the server does not have; what an interrupted upload brought over is not sent again. Returns
 *  how many parts were sent. Throws `sealed_file_changed`, ApiProblem, NetworkError. */
export async function uploadParts<Bytes>(
  api: Pick<Api, 'post'>,
  bid: SealedParts,
  sender: PartSender<Bytes>,
  onProgress: Progress = () => undefined,
): Promise<number> {
  const todo = await announceParts(api, bid);
  const total = todo.reduce((sum, { index }) => sum + partLength(index, bid.size), 0);
  const gone = new Map(todo.map(({ index, stagedBytes }) => [index, stagedBytes]));
  const left = [...todo];
  const sendNext = async (): Promise<void> => {
    for (let part = left.shift(); part !== undefined; part = left.shift()) {
      const { index, stagedBytes } = part;
      const bytes = await sender.read(index);
      const hash = bid.hashes[index]!;
      const same = equalBytes(await sender.hashOf(bytes), hash);
      check(same, 'sealed_file_changed', 'The sealed file changed while it was sent.');
      const onSent = (sent: number): void => {
        gone.set(index, sent);
        const done = [...gone.values()].reduce((a, b) => a + b, 0);
        onProgress(done, total, 'Uploading');
      };
      const sizeBytes = partLength(index, bid.size);
      await sendPart({ path: `${uploadsOf(bid)}/${toHex(hash)}`, bytes, sizeBytes, stagedBytes, onSent }, sender);
      onSent(sizeBytes);
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, () => stopping(left, sendNext)));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return todo.length;
}

/** Sends the part, again and again until it is there. */
async function sendPart<Bytes>(part: PartToSend<Bytes>, sender: PartSender<Bytes>): Promise<void> {
  const { attempt, pace, patienceMs = PATIENCE_MS } = sender;
  let gainedAt = pace.now();
  let most = part.stagedBytes;
  const onOffset = (offset: number): void => {
    if (offset <= most) return;
    most = offset;
    gainedAt = pace.now();
  };
  for (let pause = 500, first = part.stagedBytes === 0; ; first = false) {
    const before = most;
    try {
      return await attempt(part, first, onOffset);
    } catch (error) {
      if (error instanceof PartRefused && isFinal(error.status)) throw error.problem;
      if (pace.now() - gainedAt > patienceMs) {
        throw new NetworkError('the line is dead; what has arrived is kept, try again later', { cause: error });
      }
      pause = most > before ? 500 : Math.min(2 * pause, LONGEST_PAUSE_MS);
      await pace.sleep(pause);
    }
  }
}

/** Refused for good: another attempt would hear the same. */
function isFinal(status: number): boolean {
  return status >= 400 && status < 500 && ![408, 409, 423, 429].includes(status);
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

function uploadsOf({ tenderId }: SealedParts): string {
  return `/api/tenders/${tenderId}/uploads`;
}

/** Says which parts will come; returns those of which bytes are missing. */
async function announceParts(api: Pick<Api, 'post'>, bid: SealedParts): Promise<readonly MissingPart[]> {
  const parts = bid.hashes.map((hash, index) => ({ sha256: toBase64(hash), sizeBytes: partLength(index, bid.size) }));
  const staged = new Map<string, number>();
  for (let at = 0; at < parts.length; at += ANNOUNCED_AT_ONCE) {
    const asked = { parts: parts.slice(at, at + ANNOUNCED_AT_ONCE) };
    const { missing } = await api.post<{ missing: readonly { sha256: string; stagedBytes: number }[] }>(
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
