import { armored, dearmored, newIdentity, newKeyRing, sameKeys } from '@segel/acts';
import { armor } from 'age-encryption';
import { random } from '../primitives.js';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { KeyRing } from '@segel/acts';
import { readRecoveryFile, writeRecoveryFile } from './recovery-file.js';

describe('a recovery file', () => {
  let folder: string;
  const keys: KeyRing = {
    ...newKeyRing(random),
    openerIdentities: [{ tenderId: 't', identity: newIdentity(random, 'x1') }],
  };
  const second = 'a passphrase of its own';
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'segel-recovery-'))));
  afterAll(() => rm(folder, { recursive: true }));

  it('is text, gives back the same keys under its own passphrase only, and is never written over', async () => {
    const file = join(folder, 'recovery.txt');
    await writeRecoveryFile(file, keys, second, 10);
    const text = await readFile(file, 'utf8');
    expect(text).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----/);
    expect(text).not.toContain('AGE-SECRET-KEY');
    expect(sameKeys(await readRecoveryFile(file, second), keys)).toBe(true);
    await expect(readRecoveryFile(file, 'another passphrase')).rejects.toMatchObject({ code: 'wrong_passphrase' });
    await expect(writeRecoveryFile(file, keys, second, 10)).rejects.toMatchObject({ code: 'key_file_exists' });
  });

  it('has the same text form whoever writes it, and any whole one is read', () => {
    for (const length of [0, 1, 47, 48, 49, 500]) {
      const bytes = random(length);
      expect(armored(bytes)).toBe(armor.encode(bytes));
      expect(dearmored(new TextEncoder().encode(`${armor.encode(bytes).replaceAll('\n', '\r\n')}\n`))).toEqual(bytes);
      expect(dearmored(bytes)).toBe(bytes);
    }
    const cut = new TextEncoder().encode(armored(random(100)).slice(0, 90));
    expect(() => dearmored(cut)).toThrow(expect.objectContaining({ code: 'key_file_malformed' }));
  });

  it('that was damaged says so', async () => {
    const file = join(folder, 'damaged.txt');
    await writeFile(file, 'not an age file');
    await expect(readRecoveryFile(file, second)).rejects.toMatchObject({ code: 'key_file_malformed' });
    await expect(readRecoveryFile(join(folder, 'none'), second)).rejects.toMatchObject({ code: 'no_key_file' });
    expect(sameKeys(keys, { ...keys, openerIdentities: [] })).toBe(false);
  });
});
