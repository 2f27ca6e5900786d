import { afterEach, describe, expect, it } from '@jest/globals';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { WITNESS_FAILPOINTS, armFailpoint as armWitness } from '../../../witness/src/failpoint.js';
import { readSettings } from './config/config.js';
import { FAILPOINTS, armFailpoint, failpoint } from './failpoint.js';

/** Every name that the programs below a folder of apps/ pass to failpoint(). */
function placedIn(folder: string): readonly string[] {
  const root = path.resolve(import.meta.dirname, '../../../..', folder);
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && path.basename(file) !== 'failpoint.ts',
  );
  return files.flatMap((file) =>
    [...readFileSync(path.join(root, file), 'utf8').matchAll(/\bfailpoint\(([^)]*)\)/g)].map(
      ([, name]) => /^'(.*)'$/.exec(name!)?.[1] ?? `${file}: ${name}`,
    ),
  );
}

describe('the failpoints', () => {
  afterEach(() => {
    armFailpoint('');
    armWitness({});
  });

  it.each([
    ['the server', 'apps/api/src', FAILPOINTS],
    ['the witness', 'apps/witness/src', WITNESS_FAILPOINTS],
  ] as const)('of %s are each placed exactly once, and no other is', (_, folder, names) => {
    expect([...placedIn(folder)].sort()).toEqual([...names].sort());
  });

  it.each(['journal', 'journal.decided:0', 'journal.decided:-1', 'journal.decided:x', 'journal.decided:1:2', ':1'])(
    'do not know %s',
    (setting) => {
      expect(() => armFailpoint(setting)).toThrow('FAILPOINT names no failpoint');
      expect(() => armWitness({ WITNESS_FAILPOINT: setting })).toThrow('WITNESS_FAILPOINT names no failpoint');
    },
  );

  it('are refused in production', () => {
    expect(() => readSettings({ NODE_ENV: 'production', FAILPOINT: 'journal.decided' })).toThrow(
      'FAILPOINT is for tests only',
    );
    expect(() => armWitness({ NODE_ENV: 'production', WITNESS_FAILPOINT: 'witness.kept' })).toThrow(
      'WITNESS_FAILPOINT is for tests only',
    );
  });

  it('do nothing when another one is armed, or none', () => {
    failpoint('journal.decided');
    armFailpoint('journal.recorded');
    failpoint('journal.decided');
  });
});
