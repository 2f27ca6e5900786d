/** The whole story over HTTP, as the README has it: the demonstration on the three files, on a server of its own. */
import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const FILES = ['cycle-lanes', 'two-lots-school-meals', 'microscopes'].map((name) => `test/data/ocds/${name}.json`);

describe('the demonstration', () => {
  it('runs three tenders from registration to award, and every verification passes', async () => {
    // No server that happens to run here, and nothing of the test's own settings.
    const env = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', SEGEL_URL: 'own' };
    const child = spawn(process.execPath, ['apps/launcher/src/demo.mjs', ...FILES], {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
    expect([code, code === 0 ? '' : said.slice(-3000)]).toEqual([0, '']);
    expect(said).toContain('Every verification passed.');
    expect(said.match(/segel verify tender/g)).toHaveLength(FILES.length);
    expect(said).not.toContain('FAILED');
  }, 600_000);
});
