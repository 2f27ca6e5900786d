/** What the browser has fast: SHA-256 as WebAssembly while bytes stream by, WebCrypto's where a whole part is at hand. */
import { type Sha256, uuidV7 } from '@segel/encoding';
import { noblePrimitives, type Primitives, type RunningHash } from '@segel/sealing';
import { createSHA256, type IHasher } from 'hash-wasm';

/** As many hashes as run side by side: of a file, of a part of the sealed file, and one more for short strings. */
const KEPT = 4;

/** Primitives for sealing and opening, and a SHA-256 for the log. */
export type BrowserPrimitives = Primitives & { readonly hash: Sha256 };

/** Compiles the hashes. Without WebAssembly everything works with JavaScript's, several times slower. */
export async function browserPrimitives(): Promise<BrowserPrimitives> {
  try {
    const idle = await Promise.all(Array.from({ length: KEPT }, () => createSHA256()));
    const short = idle.pop()!;
    const hash: Sha256 = (data) => short.init().update(data).digest('binary');
    return { aead: noblePrimitives.aead, sha256: () => lend(idle), hash };
  } catch {
    const hash: Sha256 = (data) => {
      const running = noblePrimitives.sha256();
      running.update(data);
      return running.digest();
    };
    return { ...noblePrimitives, hash };
  }
}

/** A hash that goes back to the idle ones with its digest; one in JavaScript when none is idle. */
function lend(idle: IHasher[]): RunningHash {
  const hasher = idle.pop()?.init();
  if (hasher === undefined) return noblePrimitives.sha256();
  return {
    update: (data) => hasher.update(data),
    digest() {
      const digest = hasher.digest('binary');
      idle.push(hasher);
      return digest;
    },
  };
}

/** SHA-256 of bytes that are at hand as a whole. */
export async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

/** So many bytes of the browser's generator. */
export const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

/** A fresh UUIDv7. */
export const newId = (): string => uuidV7(Date.now(), random(10));
