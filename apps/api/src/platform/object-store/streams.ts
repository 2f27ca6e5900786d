/** Streams of bytes on their way into a store. */
import { createHash } from 'node:crypto';

/** The bytes of `source`, which fail when they are not `size` in number: before the first byte too many. */
export async function* exactly(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  let arrived = 0;
  for await (const chunk of source) {
    arrived += chunk.length;
    if (arrived > size) throw new Error(`object of ${size} bytes came with more`);
    yield chunk;
  }
  if (arrived !== size) throw new Error(`object of ${size} bytes came with ${arrived}`);
}

/** The same bytes in blocks of `size`; the last may be shorter. */
export async function* blocks(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Buffer> {
  let held: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length;) {
      const piece = chunk.subarray(at, at + size - length);
      held.push(piece);
      at += piece.length;
      length += piece.length;
      if (length < size) continue;
      yield Buffer.concat(held);
      held = [];
      length = 0;
    }
  }
  if (length > 0) yield Buffer.concat(held);
}

/** SHA-256 in hex of all bytes of `source`. */
export async function digestOf(source: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of source) hash.update(chunk);
  return hash.digest('hex');
}
