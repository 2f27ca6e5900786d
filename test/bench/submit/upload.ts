/** How the bytes of a bid travel: the only place of the benchmarks that knows. */
import { open } from 'node:fs/promises';
import type { PreparedBid } from './bidders.js';
import type { HttpLine, Reply } from './http-line.js';

/** `segel`: what is missing is asked for and sent, or a small bid whole, as the command line does. `plain`: the parts are sent. */
export type Way = 'segel' | 'plain';

/** A bid and, when it is small, its bytes. */
export type Sending = PreparedBid & { readonly content?: Uint8Array };

const answered = (reply: Reply, status: number): Reply => {
  if (reply.status !== status) throw new Error(`answered ${reply.status}: ${reply.text.slice(0, 300)}`);
  return reply;
};

const TUS = { 'tus-resumable': '1.0.0', 'content-type': 'application/offset+octet-stream' } as const;

/** The one request that submits the bid: with its ciphertext, when that is so small that the command line sends it so. */
export async function submit(line: HttpLine, way: Way, bid: Sending): Promise<Reply> {
  const path = `/api/tenders/${bid.tenderId}/bids`;
  if (way === 'plain' || !isWhole(bid)) return line.send('POST', path, bid.token, bid.submission);
  const document = Buffer.from(bid.submission);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(document.length);
  const framed = Buffer.concat([length, document, bid.content!]);
  return line.send('POST', path, bid.token, framed, { 'content-type': 'application/vnd.segel.framed' });
}

/** As apps/cli/src/acts/whole-bid.ts has it. */
const WHOLE_BYTES = 512 * 1024;
const isWhole = ({ bytes, content }: Sending): boolean => content !== undefined && bytes <= WHOLE_BYTES;

/** Sends the parts of a bid ahead of it. Throws with the answer when one is refused. */
export async function uploadBid(line: HttpLine, way: Way, bid: Sending): Promise<void> {
  if (way === 'plain') {
    return withParts(bid, (part, bytes) => sendPart(line, way, bid, part, bytes));
  }
  if (isWhole(bid)) return;
  const { text } = await announceParts(line, bid);
  const missing = new Set((JSON.parse(text) as { missing: { sha256: string }[] }).missing.map(({ sha256 }) => sha256));
  await withParts(bid, async (part, bytes) => {
    if (missing.has(part.sha256)) await sendPart(line, way, bid, part, bytes);
  });
}

/** One part; for `segel` it must have been announced. */
export async function sendPart(
  line: HttpLine,
  way: Way,
  { tenderId, token }: Pick<PreparedBid, 'tenderId' | 'token'>,
  part: Part,
  bytes: Uint8Array,
): Promise<void> {
  const tender = `/api/tenders/${tenderId}`;
  if (way === 'plain') {
    answered(await line.send('PUT', `${tender}/parts/${part.hex}`, token, bytes), 204);
    return;
  }
  const headers = { ...TUS, 'upload-length': String(part.bytes) };
  answered(await line.send('POST', `${tender}/uploads/${part.hex}`, token, bytes, headers), 201);
}

/** Says which parts will come. */
export async function announceParts(
  line: HttpLine,
  { tenderId, token, parts }: Pick<PreparedBid, 'tenderId' | 'token' | 'parts'>,
): Promise<Reply> {
  const announced = parts.map(({ sha256, bytes }) => ({ sha256, sizeBytes: bytes }));
  const body = JSON.stringify({ parts: announced });
  return answered(await line.send('POST', `/api/tenders/${tenderId}/uploads`, token, body), 200);
}

export type Part = PreparedBid['parts'][number];

async function withParts(bid: Sending, work: (part: Part, bytes: Uint8Array) => Promise<void>): Promise<void> {
  let at = 0;
  if (bid.content !== undefined) {
    for (const part of bid.parts) {
      await work(part, bid.content.subarray(at, at + part.bytes));
      at += part.bytes;
    }
    return;
  }
  const file = await open(bid.file, 'r');
  try {
    for (const part of bid.parts) {
      const bytes = new Uint8Array(part.bytes);
      await file.read(bytes, 0, part.bytes, at);
      await work(part, bytes);
      at += part.bytes;
    }
  } finally {
    await file.close();
  }
}
