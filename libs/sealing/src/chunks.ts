/** Cutting and reading streams of bytes with constant memory. */
import { concatBytes } from '@segel/encoding';
import { SealError } from './errors.js';

/** Bytes as they come: a Node stream, a web stream and an async generator all are this. */
export type ByteStream = AsyncIterable<Uint8Array>;

/** The same bytes in pieces of exactly `size`, the last of 0 to `size` bytes and marked. */
export async function* rechunk(
  source: ByteStream,
  size: number,
): AsyncGenerator<{ readonly bytes: Uint8Array; readonly last: boolean }> {
  let held = new Uint8Array(size);
  let filled = 0;
  for await (const piece of source) {
    for (let at = 0; at < piece.length;) {
      if (filled === size) {
        yield { bytes: held, last: false };
        held = new Uint8Array(size);
        filled = 0;
      }
      const count = Math.min(size - filled, piece.length - at);
      held.set(piece.subarray(at, at + count), filled);
      filled += count;
      at += count;
    }
  }
  yield { bytes: held.subarray(0, filled), last: true };
}

/** One stream holding these bytes, for tests and small files. */
export async function* streamOf(...pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

/** Everything a stream yields, in memory: for small files only. */
export async function collect(source: ByteStream): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of source) pieces.push(piece);
  return concatBytes(...pieces);
}

/** Reads a stream piece by piece. Ending early is `undecryptable`: every reader here knows how much must come. */
export class ByteReader {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #held: Uint8Array = new Uint8Array(0);

  constructor(source: ByteStream) {
    this.#pieces = source[Symbol.asyncIterator]();
  }

  /** What was pulled and not yet consumed. */
  get held(): Uint8Array {
    return this.#held;
  }

  /** Pulls one more piece; false at the end of the stream. */
  async pull(): Promise<boolean> {
    const next = await this.#pieces.next();
    if (next.done === true) return false;
    this.#held = this.#held.length === 0 ? next.value : concatBytes(this.#held, next.value);
    return true;
  }

  /** Consumes so many held bytes. */
  take(count: number): Uint8Array {
    const taken = this.#held.subarray(0, count);
    this.#held = this.#held.subarray(count);
    return taken;
  }

  /** Exactly so many bytes. */
  async exactly(count: number): Promise<Uint8Array> {
    while (this.#held.length < count) {
      if (!(await this.pull())) throw new SealError('undecryptable', 'data ends early');
    }
    return this.take(count);
  }

  /** Exactly so many bytes, as they come. */
  async *through(count: number): AsyncGenerator<Uint8Array> {
    for (let left = count; left > 0;) {
      if (this.#held.length === 0 && !(await this.pull())) throw new SealError('undecryptable', 'data ends early');
      const piece = this.take(Math.min(left, this.#held.length));
      left -= piece.length;
      if (piece.length > 0) yield piece;
    }
  }

  /** Everything that is left. */
  async *rest(): AsyncGenerator<Uint8Array> {
    do {
      if (this.#held.length > 0) yield this.take(this.#held.length);
    } while (await this.pull());
  }

  /** True when nothing is left. */
  async ended(): Promise<boolean> {
    while (this.#held.length === 0) if (!(await this.pull())) return true;
    return false;
  }
}
