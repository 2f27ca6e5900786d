/** The ciphertext as 8 MiB parts and the tree over them (protocol section 3.7). */
import { leafHash, treeRoot } from '@segel/tlog';
import type { ByteStream } from './chunks.js';
import { noblePrimitives, type Primitives, type RunningHash } from './primitives.js';

export const PART_BYTES = 8 * 1024 * 1024;

/** A ciphertext's length, the SHA-256 of each part in order, and the RFC 6962 root over those as leaf data. */
export type PartTree = {
  readonly size: number;
  readonly partHashes: readonly Uint8Array[];
  readonly root: Uint8Array;
};

/** Takes a ciphertext piece by piece and hashes it as parts. */
export class PartHasher {
  readonly #primitives: Pick<Primitives, 'sha256'>;
  readonly #hashes: Uint8Array[] = [];
  #running: RunningHash | undefined;
  #filled = 0;
  #size = 0;

  constructor(primitives: Pick<Primitives, 'sha256'> = noblePrimitives) {
    this.#primitives = primitives;
  }

  /** The next bytes of the ciphertext, of any length. */
  update(piece: Uint8Array): void {
    for (let at = 0; at < piece.length;) {
      this.#running ??= this.#primitives.sha256();
      const count = Math.min(PART_BYTES - this.#filled, piece.length - at);
      this.#running.update(piece.subarray(at, at + count));
      at += count;
      this.#filled += count;
      this.#size += count;
      if (this.#filled === PART_BYTES) this.#closePart();
    }
  }

  /** The tree of everything that was given; call it once, at the end. */
  finish(): PartTree {
    this.#closePart();
    return { size: this.#size, partHashes: [...this.#hashes], root: partRoot(this.#hashes) };
  }

  #closePart(): void {
    if (this.#running === undefined) return;
    this.#hashes.push(Uint8Array.from(this.#running.digest()));
    this.#running = undefined;
    this.#filled = 0;
  }
}

/** `ct_root` of the parts' SHA-256 hashes. */
export function partRoot(partHashes: readonly Uint8Array[]): Uint8Array {
  return treeRoot(partHashes.map((hash) => leafHash(hash)));
}

/** The part tree of a whole stream. */
export async function hashParts(
  ciphertext: ByteStream,
  primitives: Pick<Primitives, 'sha256'> = noblePrimitives,
): Promise<PartTree> {
  const hasher = new PartHasher(primitives);
  for await (const piece of ciphertext) hasher.update(piece);
  return hasher.finish();
}
