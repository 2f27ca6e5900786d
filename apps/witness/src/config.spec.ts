import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { logKeyOf } from '@segel/tlog';
import { readConfig } from './config.js';

const vkey = logKeyOf({ name: 'log.example', seed: new Uint8Array(32).fill(1) }).vkey;

describe('the settings of a witness', () => {
  it('need a name and a log, and have safe defaults', () => {
    expect(readConfig({ WITNESS_NAME: 'w', WITNESS_LOGS: ` ${vkey} ,` })).toMatchObject({
      name: 'w',
      logs: [vkey],
      host: '127.0.0.1',
      port: 4100,
      prefix: '',
    });
  });

  it('take the logs of a policy file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'witness-'));
    const path = join(folder, 'policy');
    writeFileSync(path, `log ${vkey}\nquorum none\n`);
    expect(readConfig({ WITNESS_NAME: 'w', WITNESS_POLICY: path, WITNESS_LOGS: vkey }).logs).toEqual([vkey]);
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['WITNESS_NAME', { WITNESS_LOGS: vkey }],
    ['WITNESS_LOGS', { WITNESS_NAME: 'w' }],
    ['WITNESS_PORT', { WITNESS_NAME: 'w', WITNESS_LOGS: vkey, WITNESS_PORT: '70000' }],
    ['WITNESS_PREFIX', { WITNESS_NAME: 'w', WITNESS_LOGS: vkey, WITNESS_PREFIX: 'w1/' }],
  ])('are refused naming the variable: %s', (variable, environment) => {
    expect(() => readConfig(environment)).toThrow(variable);
  });
});
