/** The promises of the object store's port, as tests that every store has to pass. */
import { describe, expect, it } from '@jest/globals';
import { sha256 } from '@segel/encoding';
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  contentKey,
  ObjectConflict,
  ObjectMissing,
  type ObjectStore,
} from '../../apps/api/src/platform/object-store/object-store.js';

export const MIB = 1024 * 1024;
export const text = (value: string): Uint8Array => new TextEncoder().encode(value);
export const newKey = (): string => `objects/${randomUUID()}`;

export async function* stream(bytes: Uint8Array, chunk = 100_003): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += chunk) {
    await Promise.resolve();
    yield bytes.subarray(at, at + chunk);
  }
}

async function* failing(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield* stream(bytes);
  throw new Error('the sender went away');
}

export type Powers = {
  /** What a refused object must not leave. */
  readonly traces: (key: string) => Promise<readonly string[]>;
  /** Writes other bytes, or none, under a key as somebody with power over the store would. */
  readonly tamper: (key: string, bytes: Uint8Array | undefined) => Promise<void>;
  /** The store without a retention that it gives by itself. */
  readonly unretained?: () => ObjectStore;
};

/** The promises of the port, which every store has to keep. */
export function keepsTheContract(store: () => ObjectStore, { traces, tamper, unretained = store }: Powers): void {
  const demandNothingAt = async (key: string): Promise<void> => {
    expect(await store().size(key)).toBeUndefined();
    await expect(store().read(key)).rejects.toThrow(ObjectMissing);
    expect(await traces(key)).toEqual([]);
  };

  it('gives back what was put, and its size', async () => {
    const key = newKey();
    await store().put(key, text('a sealed bid'));
    expect(await store().size(key)).toBe(12);
    expect(await store().bytes(key)).toEqual(text('a sealed bid'));
  });

  it('keeps an object of no bytes', async () => {
    const [put, streamed] = [newKey(), newKey()];
    await store().put(put, text(''));
    await store().putStream(streamed, stream(text('')), 0);
    for (const key of [put, streamed]) {
      expect(await store().size(key)).toBe(0);
      expect(await store().bytes(key)).toEqual(text(''));
    }
  });

  it('puts a view into a larger buffer without its surroundings', async () => {
    const key = newKey();
    await store().put(key, text('before|inside|after').subarray(7, 13));
    expect(await store().bytes(key)).toEqual(text('inside'));
  });

  it('takes the keys of the log’s tiles', async () => {
    const key = `tile/0/x001/${randomUUID()}.p/7`;
    await store().put(key, text('hashes'));
    expect(await store().bytes(key)).toEqual(text('hashes'));
  });

  it('says that there is no such object', async () => {
    await demandNothingAt(newKey());
    await expect(store().bytes(newKey())).rejects.toThrow(ObjectMissing);
  });

  it('accepts the same bytes again, however they come', async () => {
    const key = newKey();
    const bytes = text('the same');
    await store().put(key, bytes);
    await store().put(key, bytes);
    await store().putStream(key, stream(bytes, 3), bytes.length);
    expect(await store().bytes(key)).toEqual(bytes);
  });

  it('refuses other bytes under a key and keeps the first', async () => {
    const key = newKey();
    await store().put(key, text('first'));
    await expect(store().put(key, text('other'))).rejects.toThrow(ObjectConflict);
    await expect(store().put(key, text('longer than first'))).rejects.toThrow(ObjectConflict);
    await expect(store().putStream(key, stream(text('third')), 5)).rejects.toThrow(ObjectConflict);
    expect(await store().bytes(key)).toEqual(text('first'));
  });

  it('accepts the same bytes from several writers at once', async () => {
    const key = newKey();
    const bytes = randomBytes(300_000);
    await Promise.all(Array.from({ length: 6 }, () => store().put(key, bytes)));
    expect(Buffer.from(await store().bytes(key)).equals(bytes)).toBe(true);
  });

  it('refuses a stream with too many or too few bytes and keeps nothing of it', async () => {
    for (const [length, size] of [
      [11, 10],
      [9, 10],
      [0, 10],
      [1, 0],
    ] as const) {
      const key = newKey();
      await expect(store().putStream(key, stream(randomBytes(length)), size)).rejects.toThrow(
        `object of ${size} bytes`,
      );
      await demandNothingAt(key);
    }
  });

  it('refuses malformed keys and reads nothing for them', async () => {
    for (const key of [
      '',
      '/etc/passwd',
      '../x',
      'objects/../x',
      'objects//x',
      'Objects/x',
      'a\\b',
      'a b',
      'a/',
      'é',
    ]) {
      await expect(store().put(key, text('x'))).rejects.toThrow('object key is malformed');
      await expect(store().putStream(key, stream(text('x')), 1)).rejects.toThrow('object key is malformed');
      await expect(store().size(key)).rejects.toThrow('object key is malformed');
      await expect(store().read(key)).rejects.toThrow('object key is malformed');
    }
  });

  it.each([
    ['other bytes of the same length', text('a sealeD part')],
    ['a part of the bytes', text('a sea')],
    ['nothing', undefined],
  ])('restores an object in whose place there is %s', async (_, damage) => {
    const bytes = Buffer.from(`a sealed part`);
    const key = contentKey(sha256(bytes));
    await store().put(key, bytes);
    await tamper(key, damage);
    await store().restore(key, bytes);
    expect(Buffer.from(await store().bytes(key)).equals(bytes)).toBe(true);
    await store().restore(key, bytes);
    await store().put(key, bytes);
  });

  it('restores nothing but the bytes of the key', async () => {
    const bytes = randomBytes(100);
    const key = contentKey(sha256(bytes));
    await store().put(key, bytes);
    await expect(store().restore(key, text('others'))).rejects.toThrow(ObjectConflict);
    await expect(store().restore('log/checkpoint', text('others'))).rejects.toThrow(ObjectConflict);
    expect(Buffer.from(await store().bytes(key)).equals(bytes)).toBe(true);
  });

  it('discards an object when its retention is over and not before, and never shortens one', async () => {
    const key = newKey();
    await unretained().put(key, text('x'));
    const until = Date.now() + 4000;
    await unretained().retainUntil(key, new Date(until));
    await unretained().retainUntil(key, new Date(until - 3_600_000));
    expect(await unretained().discard(key)).toBe(false);
    expect(await unretained().bytes(key)).toEqual(text('x'));
    await sleep(until + 2000 - Date.now());
    expect(await unretained().discard(key)).toBe(true);
    await expect(unretained().read(key)).rejects.toThrow(ObjectMissing);
    expect(await unretained().discard(key)).toBe(true);
  });

  it('cannot retain what is not there', async () => {
    await expect(store().retainUntil(newKey(), new Date(Date.now() + 1000))).rejects.toThrow(ObjectMissing);
  });

  describe('of 20 MiB', () => {
    // Equal parts in a row once confused an upload: the first 16 MiB are zeros.
    const bytes = Buffer.concat([Buffer.alloc(16 * MIB), randomBytes(4 * MIB + 1)]);
    const key = newKey();
    const other = Buffer.from(bytes);
    other[bytes.length - 1] = (other.at(-1) ?? 0) ^ 1;

    it('keeps a stream, accepts it again and refuses one that differs in its last bit', async () => {
      await store().putStream(key, stream(bytes), bytes.length);
      expect(await store().size(key)).toBe(bytes.length);
      await store().putStream(key, stream(bytes), bytes.length);
      await store().put(key, bytes);
      await expect(store().putStream(key, stream(other), other.length)).rejects.toThrow(ObjectConflict);
      await expect(store().put(key, other)).rejects.toThrow(ObjectConflict);
      expect(Buffer.from(await store().bytes(key)).equals(bytes)).toBe(true);
    });

    it('accepts the same stream from two writers at once', async () => {
      const contested = newKey();
      await Promise.all([1, 2].map(() => store().putStream(contested, stream(bytes), bytes.length)));
      expect(Buffer.from(await store().bytes(contested)).equals(bytes)).toBe(true);
    });

    it('keeps nothing of a stream with too many or too few bytes, or of one that breaks', async () => {
      const refused = newKey();
      const { length } = bytes;
      await expect(store().putStream(refused, stream(bytes), length - 1)).rejects.toThrow('came with more');
      await expect(store().putStream(refused, stream(bytes), length + 1)).rejects.toThrow(`came with ${length}`);
      await expect(store().putStream(refused, failing(bytes), length)).rejects.toThrow('the sender went away');
      await demandNothingAt(refused);
      await store().putStream(refused, stream(bytes), length);
      expect(await store().size(refused)).toBe(length);
    });
  });
}
