import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from './cli.js';
import { COMMANDS } from './commands/index.js';
import { progressBar, progressLines, remaining, size } from './progress.js';
import { people } from './synthetic-tender.js';
import { after } from './synthetic-tender.js';

describe('the command line', () => {
  let home: string;
  beforeAll(async () => void (home = await mkdtemp(join(tmpdir(), 'segel-home-'))));
  afterAll(() => rm(home, { recursive: true }));

  async function call(...args: string[]): Promise<{ code: number; out: string; err: string }> {
    let [out, err] = ['', ''];
    const streams = {
      stdout: { write: (text: string) => void (out += text) },
      stderr: { write: (text: string) => void (err += text) },
    };
    const code = await run(args, streams, { SEGEL_HOME: home, SEGEL_PASSPHRASE: 'a long passphrase' });
    return { code, out, err };
  }

  it('shows every command in its help, and examples for each', async () => {
    const { code, out } = await call('help');
    expect(code).toBe(0);
    for (const { name, summary } of COMMANDS) {
      expect(out).toContain(summary);
      const help = await call('help', ...name.split(' '));
      expect(help.out).toContain('For example:');
    }
  });

  it('ends with 2 when it is called wrongly', async () => {
    expect((await call('fly')).code).toBe(2);
    expect((await call('submit', '--wings')).code).toBe(2);
    expect((await call('logout', 'extra')).code).toBe(2);
    expect((await call('kit')).code).toBe(2);
  });

  it('ends with 3 when nobody answers', async () => {
    const { code, err } = await call('login', '--url', 'http://127.0.0.1:9', '--email', 'a@b.example');
    expect([2, 3]).toContain(code);
    expect(err).toContain('segel: ');
  }, 20_000);

  describe('verifies a receipt offline', () => {
    const log = people();
    const entry = log.entries[1]!;
    log.publish(after(0));

    it('and ends with 0 when it holds', async () => {
      await writeFile(join(home, 'r'), await log.receipt(entry));
      await writeFile(join(home, 'p'), log.policy.text);
      const { code, out } = await call('receipt', 'verify', join(home, 'r'), '--policy', join(home, 'p'), '--json');
      expect(code).toBe(0);
      expect(JSON.parse(out)).toMatchObject({ holds: true, index: 1, type: 'key.authority.registered' });
    });

    it('says when the witnesses are not independent', async () => {
      await writeFile(join(home, 'p2'), `# not-independent: w\n${log.policy.text}`);
      const { err } = await call('receipt', 'verify', join(home, 'r'), '--policy', join(home, 'p2'));
      expect(err).toContain('NOT INDEPENDENT');
    });

    it('and ends with 1 when a byte of it was changed', async () => {
      const text = await log.receipt(entry);
      await writeFile(join(home, 'bad'), text.replace('index 1', 'index 2'));
      const { code, out } = await call('receipt', 'verify', join(home, 'bad'), '--policy', join(home, 'p'), '--json');
      expect(code).toBe(1);
      expect(JSON.parse(out)).toMatchObject({ error: { code: 'receipt_invalid' } });
    });
  });
});

describe('progress', () => {
  it('shows share, size and the time left', () => {
    let now = 0;
    let shown = '';
    const progress = progressBar({ write: (text) => void (shown = text) }, () => now);
    progress(0, 1024 * 1024, 'Uploading');
    now = 1000;
    progress(256 * 1024, 1024 * 1024, 'Uploading');
    expect(shown).toContain('25 %, 256.0 KiB of 1.0 MiB, 256.0 KiB/s, 3 s left');
    progress(1024 * 1024, 1024 * 1024, 'Uploading');
    expect(shown).toContain('100 %');
  });

  it('tells programs once a second, and does not take for speed what an earlier upload brought over', () => {
    let now = 0;
    const lines: unknown[] = [];
    const progress = progressLines({ write: (text) => void lines.push(JSON.parse(text)) }, () => now);
    for (; now <= 2000; now += 250) progress(500_000 + now, 503_000, 'Uploading');
    progress(503_000, 503_000, 'Uploading');
    progress(503_000, 503_000, 'Uploading');
    const of = { phase: 'uploading', total: 503_000 };
    expect(lines).toEqual([
      { ...of, done: 500_000, bytesPerSecond: null, secondsLeft: null },
      { ...of, done: 501_000, bytesPerSecond: 1000, secondsLeft: 2 },
      { ...of, done: 502_000, bytesPerSecond: 1000, secondsLeft: 1 },
      { ...of, done: 503_000, bytesPerSecond: 1333, secondsLeft: 0 },
    ]);
  });

  it('goes by the last seconds, and says nothing of the time left when nothing moves', () => {
    let now = 0;
    let line: unknown;
    const progress = progressLines({ write: (text) => void (line = JSON.parse(text)) }, () => now);
    for (; now < 30_000; now += 1000) progress(Math.min(now, 15_000), 50_000, 'Uploading');
    expect(line).toMatchObject({ done: 15_000, bytesPerSecond: 0, secondsLeft: null });
  });

  it('is refused in a way that is none', async () => {
    const err: string[] = [];
    const streams = { stdout: { write: () => undefined }, stderr: { write: (text: string) => err.push(text) } };
    expect(await run(['logout', '--progress', 'loud'], streams, {})).toBe(2);
    expect(err.join('')).toContain('--progress is json, bar or none');
  });

  it('says durations and sizes as people do', () => {
    expect([remaining(61_000), remaining(Number.NaN), size(500), size(8 * 1024 * 1024)]).toEqual([
      '1 min 1 s left',
      'time unknown',
      '500 B',
      '8.0 MiB',
    ]);
  });
});
