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

/** Sends the parts of a bid. Throws with the answer when one is refused. */
export async function uploadBid(line: HttpLine, way: Way, bid: Sending): Promise<void> {
  const base = `/api/tenders/${bid.tenderId}/parts`;
  const asked = JSON.stringify({ sha256: bid.parts.map(({ sha256 }) => sha256) });
  const missing =
    way === 'plain'
      ? undefined
      : (
          JSON.parse(answered(await line.send('POST', `${base}/missing`, bid.token, asked), 200).text) as {
            missing: string[];
          }
        ).missing;
  await withParts(bid, async (part, bytes) => {
    if (missing?.includes(part.sha256) === false) return;
    answered(await line.send('PUT', `${base}/${part.hex}`, bid.token, bytes), 204);
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
