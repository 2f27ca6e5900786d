/** One contract, two stores: the folder and a real S3 server. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
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
import { keepsTheContract, MIB, newKey, stream, text } from '../../../../../test/support/object-store-contract.js';
import { corruptingProxy } from '../../../../../test/support/corrupting-proxy.js';
import { FolderStore } from './folder-store.js';
import { ObjectMissing } from './object-store.js';
import { S3Store } from './s3-store.js';

describe('the folder store', () => {
  let folder: string;
  let store: FolderStore;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'segel-objects-'));
    store = new FolderStore(path.join(folder, 'objects-of-the-store'));
    await store.start();
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  keepsTheContract(() => store, {
    traces: () => readdir(path.join(folder, 'objects-of-the-store', 'tmp')),
    tamper: async (key, bytes) => {
      const file = path.join(folder, 'objects-of-the-store', key);
      await rm(file);
      if (bytes !== undefined) await writeFile(file, bytes);
    },
  });

  it('says that a folder has no lock', async () => {
    expect((await store.start()).join()).toContain('A folder has no lock');
  });

  it('removes what a process that died left behind, and not what another may be writing', async () => {
    const temporary = path.join(folder, 'objects-of-the-store', 'tmp');
    for (const name of ['left', 'young']) await writeFile(path.join(temporary, name), 'half an object');
    const old = new Date(Date.now() - 25 * 3_600_000);
    await utimes(path.join(temporary, 'left'), old, old);
    await store.start();
    expect(await readdir(temporary)).toEqual(['young']);
    await rm(path.join(temporary, 'young'));
  });

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
  /** A bucket with a lock and no retention of its own: tests do not wait for a day. */
  let unretained: S3Store;
  let owner: Client;
  const storeOn = (bucket: string, keys = server.owner): S3Store => new S3Store({ ...server, ...keys, bucket });
  beforeAll(async () => {
    server = (await startObjectServer()) as ObjectServer;
    store = new S3Store(server);
    owner = clientOf(server.endpoint, server.owner);
    await owner.makeBucket('by-hand', server.region, { ObjectLocking: true });
    unretained = storeOn('by-hand');
  });
  afterAll(() => server?.stop());

  keepsTheContract(() => store, {
    traces: async (key) => {
      const upload = await owner.findUploadId(server.bucket, key);
      const versions = await versionsOf(owner, server.bucket, key);
      return [...(upload === undefined ? [] : [upload]), ...versions.map(({ versionId }) => versionId)];
    },
    tamper: async (key, bytes) => {
      if (bytes === undefined) await owner.removeObject(server.bucket, key);
      else await owner.putObject(server.bucket, key, Buffer.from(bytes));
    },
    unretained: () => unretained,
  });

  it('starts on a bucket with versions and a retention in COMPLIANCE mode, and says what it found', async () => {
    const remarks = (await store.start()).join(' ');
    expect(remarks).toContain('each version locked for 1 days or more');
    expect(remarks).toMatch(/refuses to write over an object|ignores If-None-Match/);
    console.log(remarks);
    // Found out again at every start: the answer stays the same.
    expect((await store.start()).join(' ')).toBe(remarks);
  });

  it('does not start on a bucket whose retention is shorter than asked for', async () => {
    const strict = new S3Store({ ...server, ...server.owner, retentionDays: 2 });
    await expect(strict.start()).rejects.toThrow('has a default retention of 1 days, and S3_RETENTION_DAYS asks for 2');
  });

  it('has its bodies compared by the server: one that was damaged on the way is refused', async () => {
    const proxy = await corruptingProxy(server.endpoint);
    try {
      const behind = new S3Store({ ...server, endpoint: proxy.endpoint });
      const key = newKey();
      await expect(behind.put(key, Buffer.alloc(5000, 'a'))).rejects.toThrow();
      await expect(behind.putStream(key, stream(Buffer.alloc(9 * MIB, 'a')), 9 * MIB)).rejects.toThrow();
      expect(proxy.corrupted()).toBeGreaterThanOrEqual(2);
      expect(await store.size(key)).toBeUndefined();
      // The sum itself, without the signature over the body that an unencrypted line carries besides.
      const headers = { 'Content-MD5': createHash('md5').update('other').digest('base64') };
      const request = { method: 'PUT', bucketName: server.bucket, objectName: key, headers };
      await expect(owner.makeRequestAsync(request, 'bytes')).rejects.toMatchObject({ code: 'BadDigest' });
    } finally {
      await proxy.close();
    }
  });

  it('discards every version of an object and nothing whose key begins alike', async () => {
    const key = newKey();
    for (const other of [`${key}0`, `${key}/0`]) await unretained.put(other, text('another'));
    for (const version of ['first', 'second']) await owner.putObject('by-hand', key, version);
    await owner.removeObject('by-hand', key);
    // Two versions, the mark of deletion, and the two others.
    expect(await versionsOf(owner, 'by-hand', key)).toHaveLength(5);
    expect(await unretained.discard(key)).toBe(true);
    expect(await versionsOf(owner, 'by-hand', key)).toHaveLength(2);
    for (const other of [`${key}0`, `${key}/0`]) expect(await unretained.bytes(other)).toEqual(text('another'));
  });

  it('lets the application lengthen a retention, and neither shorten nor weaken it, nor delete before its end', async () => {
    const key = newKey();
    await store.put(key, text('locked'));
    const until = new Date(Date.now() + 3 * 86_400_000);
    await store.retainUntil(key, until);
    const [version] = await versionsOf(owner, server.bucket, key);
    const { versionId } = version!;
    const soon = new Date(Date.now() + 1000).toISOString();
    const application = clientOf(server.endpoint, server);
    for (const client of [application, owner]) {
      for (const governanceBypass of [false, true]) {
        for (const mode of ['COMPLIANCE', 'GOVERNANCE'] as const) {
          const shorter = { versionId, mode, retainUntilDate: soon, governanceBypass };
          await expect(client.putObjectRetention(server.bucket, key, shorter)).rejects.toThrow();
        }
        await expect(client.removeObject(server.bucket, key, { versionId, governanceBypass })).rejects.toThrow();
      }
    }
    const held = await application.getObjectRetention(server.bucket, key, { versionId });
    const { mode, retainUntilDate } = held as unknown as { mode: string; retainUntilDate: string };
    expect(mode).toBe('COMPLIANCE');
    expect(Date.parse(retainUntilDate)).toBeGreaterThanOrEqual(until.getTime() - 1000);
    expect(await store.discard(key)).toBe(false);
    expect(await storeOn(server.bucket).discard(key)).toBe(false);
    expect(await store.bytes(key)).toEqual(text('locked'));
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
