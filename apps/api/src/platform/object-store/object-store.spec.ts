/** One contract, two stores: the folder and a real S3 server. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'minio';
import {
  clientOf,
  objectServerLacks,
  retainForADay,
  startObjectServer,
  type ObjectServer,
} from '../../../../../test/support/object-server.js';
import { FolderStore } from './folder-store.js';
import { ObjectConflict, ObjectMissing, type ObjectStore } from './object-store.js';
import { S3Store } from './s3-store.js';

const MIB = 1024 * 1024;
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const newKey = (): string => `objects/${randomUUID()}`;

async function* stream(bytes: Uint8Array, chunk = 100_003): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += chunk) {
    await Promise.resolve();
    yield bytes.subarray(at, at + chunk);
  }
}

async function* failing(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield* stream(bytes);
  throw new Error('the sender went away');
}

/** The promises of the port, which every store has to keep. `traces` are what a refused object must not leave. */
function keepsTheContract(store: () => ObjectStore, traces: (key: string) => Promise<readonly string[]>): void {
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

describe('the folder store', () => {
  let folder: string;
  let store: FolderStore;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'segel-objects-'));
    store = new FolderStore(path.join(folder, 'objects-of-the-store'));
    await store.start();
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  keepsTheContract(
    () => store,
    () => readdir(path.join(folder, 'objects-of-the-store', 'tmp')),
  );

  it('takes no folder for an object, nor an object for a folder', async () => {
    const key = newKey();
    await store.put(key, text('x'));
    expect(await store.size('objects')).toBeUndefined();
    expect(await store.size(`${key}/x`)).toBeUndefined();
    await expect(store.read(`${key}/x`)).rejects.toThrow(ObjectMissing);
  });

  it('says so when its folder cannot be made', async () => {
    const file = path.join(folder, 'a-file');
    await writeFile(file, '');
    await expect(new FolderStore(path.join(file, 'objects')).start()).rejects.toThrow('ENOTDIR');
  });
});

const lacks = objectServerLacks();

describe('the S3 store', () => {
  if (lacks !== undefined) {
    it(`was not tried: ${lacks}`, () => console.log(`The S3 store was not tried: ${lacks}.`));
    return;
  }

  let server: ObjectServer;
  let store: S3Store;
  let owner: Client;
  const storeOn = (bucket: string, keys = server.owner): S3Store => new S3Store({ ...server, ...keys, bucket });
  beforeAll(async () => {
    server = (await startObjectServer()) as ObjectServer;
    store = new S3Store(server);
    owner = clientOf(server.endpoint, server.owner);
  });
  afterAll(() => server?.stop());

  keepsTheContract(
    () => store,
    async (key) => {
      const upload = await owner.findUploadId(server.bucket, key);
      const versions = await versionsOf(owner, server.bucket, key);
      return [...(upload === undefined ? [] : [upload]), ...versions.map(({ versionId }) => versionId)];
    },
  );

  it('starts on a bucket with versions and a retention in COMPLIANCE mode', async () => {
    await store.start();
  });

  it.each([
    ['does not exist', 'nowhere', async () => undefined],
    ['keeps no versions', 'unversioned', (bucket: string) => owner.makeBucket(bucket)],
    [
      'has no object lock',
      'unlocked',
      async (bucket: string) => {
        await owner.makeBucket(bucket);
        await owner.setBucketVersioning(bucket, { Status: 'Enabled' });
      },
    ],
    [
      'has no default retention in COMPLIANCE mode',
      'unretained',
      (bucket: string) => owner.makeBucket(bucket, server.region, { ObjectLocking: true }),
    ],
    [
      'has no default retention in COMPLIANCE mode',
      'governed',
      async (bucket: string) => {
        await owner.makeBucket(bucket, server.region, { ObjectLocking: true });
        await retainForADay(owner, bucket, 'GOVERNANCE');
      },
    ],
  ])('does not start on a bucket that %s (%s)', async (problem, bucket, make) => {
    await make(bucket);
    await expect(storeOn(bucket).start()).rejects.toThrow(`The bucket ${bucket} at ${server.endpoint} ${problem}`);
  });

  it('does not start with keys that are not known, nor without a server', async () => {
    const strange = storeOn(server.bucket, { accessKey: 'nobody', secretKey: 'nothing' });
    await expect(strange.start()).rejects.toThrow(/^The bucket segel at .* could not be examined: .+\.$/);
    const silent = new S3Store({ ...server, endpoint: 'http://127.0.0.1:9' });
    await expect(silent.start()).rejects.toThrow('could not be examined: connect ECONNREFUSED');
  });

  it.each([
    ['in one piece', 12],
    ['in parts', 9 * MIB],
  ])('keeps the version of an object stored %s, whoever deletes it', async (_, size) => {
    const key = newKey();
    const bytes = randomBytes(size);
    await store.putStream(key, stream(bytes), size);
    const [version] = await versionsOf(owner, server.bucket, key);
    const versionId = version?.versionId ?? '';
    expect(versionId).not.toBe('');

    const application = clientOf(server.endpoint, server);
    for (const governanceBypass of [false, true]) {
      const deletion = { versionId, governanceBypass };
      await expect(application.removeObject(server.bucket, key, deletion)).rejects.toMatchObject({
        code: 'AccessDenied',
      });
      // The bucket's owner has the right to delete; there it is the lock that refuses.
      await expect(owner.removeObject(server.bucket, key, deletion)).rejects.toThrow('forbidden by object lock');
    }
    expect(await versionsOf(owner, server.bucket, key)).toHaveLength(1);
    expect(Buffer.from(await store.bytes(key)).equals(bytes)).toBe(true);

    const { mode, retainUntilDate } = (await application.getObjectRetention(server.bucket, key, { versionId })) as {
      mode: string;
      retainUntilDate: string;
    };
    expect(mode).toBe('COMPLIANCE');
    expect(Date.parse(retainUntilDate) - Date.now()).toBeGreaterThan(23 * 3_600_000);
  });

  it('cannot hide an object behind a mark of deletion with the keys of the application', async () => {
    const key = newKey();
    await store.put(key, text('x'));
    await expect(clientOf(server.endpoint, server).removeObject(server.bucket, key)).rejects.toThrow();
    expect(await store.size(key)).toBe(1);
  });
});

type Version = { readonly versionId: string };

async function versionsOf(client: Client, bucket: string, key: string): Promise<readonly Version[]> {
  const versions: Version[] = [];
  for await (const item of client.listObjects(bucket, key, true, { IncludeVersion: true }))
    versions.push(item as Version);
  return versions;
}
