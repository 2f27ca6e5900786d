/** How the bytes of a bid travel: the only place of the benchmarks that knows. */
import { open } from 'node:fs/promises';
import type { PreparedBid } from './bidders.js';
import type { HttpLine, Reply } from './http-line.js';

/** `segel`: what is missing is asked for and sent, as the command line does. `plain`: the parts are sent. */
export type Way = 'segel' | 'plain';

/** A bid and, when it is small, its bytes. */
export type Sending = PreparedBid & { readonly content?: Uint8Array };

const answered = (reply: Reply, status: number): Reply => {
  if (reply.status !== status) throw new Error(`answered ${reply.status}: ${reply.text.slice(0, 300)}`);
  return reply;
};

const TUS = { 'tus-resumable': '1.0.0', 'content-type': 'application/offset+octet-stream' } as const;

/** Sends the parts of a bid. Throws with the answer when one is refused. */
export async function uploadBid(line: HttpLine, way: Way, bid: Sending): Promise<void> {
  const tender = `/api/tenders/${bid.tenderId}`;
  if (way === 'plain') {
    const put = (part: Part, bytes: Uint8Array): Promise<Reply> =>
      line.send('PUT', `${tender}/parts/${part.hex}`, bid.token, bytes);
    return withParts(bid, async (part, bytes) => void answered(await put(part, bytes), 204));
  }
  const parts = bid.parts.map(({ sha256, bytes }) => ({ sha256, sizeBytes: bytes }));
  const { text } = answered(await line.send('POST', `${tender}/uploads`, bid.token, JSON.stringify({ parts })), 200);
  const missing = new Set((JSON.parse(text) as { missing: { sha256: string }[] }).missing.map(({ sha256 }) => sha256));
  await withParts(bid, async (part, bytes) => {
    if (!missing.has(part.sha256)) return;
    const headers = { ...TUS, 'upload-length': String(part.bytes) };
    answered(await line.send('POST', `${tender}/uploads/${part.hex}`, bid.token, bytes, headers), 201);
  });
}

type Part = PreparedBid['parts'][number];

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
