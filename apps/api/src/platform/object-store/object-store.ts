import { sha256, toHex } from '@segel/encoding';
import type { Readable } from 'node:stream';

/** Where bytes live. Objects are immutable: a key once written keeps its bytes; only the public log's newest checkpoint
 *  is replaced. Keys tell nothing about whose bytes they are; only the log's files have speaking names. */
export abstract class ObjectStore {
  /** Fails, saying why, when the store lacks a property the platform relies on. Resolves to what whoever runs it should
   *  know about it, one sentence each. */
  abstract start(): Promise<readonly string[]>;

  /** Durable when it resolves. The same bytes again are accepted; other bytes under the key are refused. */
  abstract put(key: string, bytes: Uint8Array): Promise<void>;

  /** Writes a small object in the place of another. Readers see the old or the new bytes, never a part. */
  abstract replace(key: string, bytes: Uint8Array): Promise<void>;

  /** As {@link put}, for bytes that do not fit memory; `size` in bytes is checked. */
  abstract putStream(key: string, source: AsyncIterable<Uint8Array>, size: number): Promise<void>;

  /** Puts the right bytes where damaged ones or none are. Only for content-addressed keys: the bytes must have the hash of
   *  the key, so that this can never replace anything right. */
  abstract restore(key: string, bytes: Uint8Array): Promise<void>;

  /** Keeps the object at least until then. Never shortens what was promised before. */
  abstract retainUntil(key: string, until: Date): Promise<void>;

  /** Removes the object with all its versions. True when it is gone; false when the store does not allow that yet. */
  abstract discard(key: string): Promise<boolean>;

  /** Size in bytes, or undefined when there is no such object. */
  abstract size(key: string): Promise<number | undefined>;

  /** The bytes as a stream. Throws {@link ObjectMissing}. */
  abstract read(key: string): Promise<Readable>;

  /** All bytes of a small object. Throws {@link ObjectMissing}. */
  async bytes(key: string): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of await this.read(key)) chunks.push(chunk as Uint8Array);
    return new Uint8Array(Buffer.concat(chunks));
  }

  /** All bytes of a small object, or undefined when there is no such object. */
  async bytesIfThere(key: string): Promise<Uint8Array | undefined> {
    try {
      return await this.bytes(key);
    } catch (error) {
      if (error instanceof ObjectMissing) return undefined;
      throw error;
    }
  }
}

export class ObjectMissing extends Error {
  override readonly name = 'ObjectMissing';
}

export class ObjectConflict extends Error {
  override readonly name = 'ObjectConflict';
}

const KEY = /^[a-z0-9][a-z0-9._-]*(\/[a-z0-9][a-z0-9._-]*)*$/;

/** The key of bytes by their SHA-256: nothing in it tells whose they are. */
export function contentKey(sha256: Uint8Array): string {
  const hex = toHex(sha256);
  return `objects/${hex.slice(0, 2)}/${hex.slice(2)}`;
}

/** Throws unless the key is the one of these bytes. */
export function checkContent(key: string, bytes: Uint8Array): void {
  if (contentKey(sha256(bytes)) !== key) throw new ObjectConflict('the bytes have another hash than the key says');
}

/** Throws unless the key is a plain relative path. */
export function checkKey(key: string): string {
  if (!KEY.test(key) || key.length > 512) throw new Error('object key is malformed');
  return key;
}
