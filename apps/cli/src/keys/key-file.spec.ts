import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newIdentity, newKeyRing, withOpenerIdentity, recipientOfIdentity } from '@segel/acts';
import { random } from '../primitives.js';
import { readKeyFile, writeKeyFile } from './key-file.js';

describe('the key file', () => {
  let folder: string;
  let path: string;
  const quick = { replace: false, workFactor: 4 } as const;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'segel-keys-'));
    path = join(folder, 'inner', 'keys.age');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('gives back every key to who knows the passphrase, and is readable by its owner only', async () => {
    const { keys } = withOpenerIdentity(
      random,
      { ...newKeyRing(random), escrowIdentity: newIdentity(random, 'pq1') },
      'a tender',
      'x1',
    );
    await writeKeyFile(path, keys, 'a long passphrase', quick);
    expect(await readKeyFile(path, 'a long passphrase')).toEqual(keys);
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('does not open with another passphrase', async () => {
    await writeKeyFile(path, newKeyRing(random), 'a long passphrase', quick);
    await expect(readKeyFile(path, 'another passphrase')).rejects.toMatchObject({ code: 'wrong_passphrase' });
  });

  it('does not open when one byte was changed', async () => {
    await writeKeyFile(path, newKeyRing(random), 'a long passphrase', quick);
    const bytes = await readFile(path);
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(path, bytes);
    await expect(readKeyFile(path, 'a long passphrase')).rejects.toMatchObject({ code: 'wrong_passphrase' });
  });

  it('is never written over by new keys', async () => {
    const keys = newKeyRing(random);
    await writeKeyFile(path, keys, 'a long passphrase', quick);
    await expect(writeKeyFile(path, newKeyRing(random), 'x', quick)).rejects.toMatchObject({ code: 'key_file_exists' });
    expect(await readKeyFile(path, 'a long passphrase')).toEqual(keys);
  });

  it('says how to make one when there is none', async () => {
    await expect(readKeyFile(path, 'x')).rejects.toMatchObject({ code: 'no_key_file' });
  });

  it('holds one identity per tender and suite', () => {
    const first = withOpenerIdentity(random, newKeyRing(random), 'one tender', 'pq1');
    expect(withOpenerIdentity(random, first.keys, 'one tender', 'pq1')).toEqual(first);
    const second = withOpenerIdentity(random, first.keys, 'another tender', 'pq1');
    expect(second.identity).not.toBe(first.identity);
    expect(recipientOfIdentity(second.identity)).toMatch(/^age1pq1/);
  });
});
