import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../cli.js';
import { serveFolder, type StaticServer } from '../static-fixture.js';
import { bytesOf, DEADLINE, SyntheticLog } from '../synthetic-log.js';
import { verifyLog } from '../verify/index.js';
import { Mirror } from './mirror.js';

const at = (seconds: number): Date => new Date(DEADLINE.getTime() + seconds * 1000);

/** Appends padding and publishes; `kind` makes other histories. */
function grow(log: SyntheticLog, to: number, kind = 'x'): void {
  while (log.entries.length < to) {
    if (log.entries.length % 8 === 7) log.append({ type: 'log.heartbeat', body: { n: log.entries.length } });
    else log.append({ type: 'chaff', body: { padding: kind } }, true);
  }
  log.publish(at(to));
}

describe('a mirror', () => {
  let home: string;
  let log: SyntheticLog;
  let server: StaticServer;
  const inHome = (...names: string[]): string => join(home, ...names);

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'segel-mirror-'));
    log = new SyntheticLog();
    grow(log, 40);
    await log.write(inHome('log'));
    await writeFile(inHome('policy'), log.policy.text);
    server = await serveFolder(inHome('log'));
  });
  afterEach(async () => {
    await server.stop();
    await rm(home, { recursive: true });
  });

  async function call(...args: string[]): Promise<{ code: number; out: string; err: string }> {
    let [out, err] = ['', ''];
    const streams = {
      stdout: { write: (text: string) => void (out += text) },
      stderr: { write: (text: string) => void (err += text) },
    };
    const code = await run(args, streams, { SEGEL_HOME: inHome('home') });
    return { code, out, err };
  }
  const follow = (...more: string[]): ReturnType<typeof call> =>
    call('mirror', server.url, inHome('copy'), '--policy', inHome('policy'), '--once', ...more);
  const files = async (folder: string): Promise<string[]> =>
    (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .toSorted();
  /** Another history of the same log, with the same beginning of so many leaves, served from now on. */
  async function fork(from: number, size: number): Promise<void> {
    const other = new SyntheticLog();
    grow(other, from);
    grow(other, size, 'another history');
    server.serve(await other.write(inHome('forked')));
  }

  it('is itself a complete log, which verifies and can be mirrored in turn', async () => {
    expect(await follow()).toMatchObject({ code: 0, err: '' });
    const copied = async (): Promise<string[]> => (await files(inHome('copy'))).filter((name) => name !== 'filled');
    expect(await copied()).toEqual(await files(inHome('log')));
    for (const name of await files(inHome('log')))
      expect([name, await readFile(inHome('copy', name))]).toEqual([name, await readFile(inHome('log', name))]);
    expect((await verifyLog({ log: inHome('copy'), policy: log.policy.text })).holds).toBe(true);
    server.serve(inHome('copy'));
    const second = await call('mirror', server.url, inHome('second'), '--policy', inHome('policy'), '--once');
    expect(second.code).toBe(0);
    expect(await files(inHome('second'))).toEqual(await files(inHome('copy')));
  });

  it('goes on where it ended, and reads only what is new', async () => {
    grow(log, 600);
    await log.write(inHome('log'));
    await follow();
    grow(log, 640);
    await log.write(inHome('log'));
    server.asked.length = 0;
    expect((await follow('--json')).out).toContain('"size":640,"grown":40');
    expect(server.asked.filter((path) => path.includes('entries'))).toEqual(['/tile/entries/002.p/128']);
    expect((await verifyLog({ log: inHome('copy'), policy: log.policy.text })).holds).toBe(true);
  });

  it('keeps the checkpoints that were public between two looks', async () => {
    await follow();
    for (const size of [48, 64, 72]) grow(log, size);
    await log.write(inHome('log'));
    expect((await follow()).code).toBe(0);
    expect((await readdir(inHome('copy', 'checkpoints'))).map(Number).toSorted((a, b) => a - b)).toEqual([
      40, 48, 64, 72,
    ]);
  });

  it('fetches all earlier checkpoints, also those from before it began, a few at every look', async () => {
    for (const size of [48, 56, 64, 72]) grow(log, size);
    await log.write(inHome('log'));
    const options = { from: server.url, folder: inHome('copy'), policy: log.policy, earlierAtOnce: 2 };
    const sizes = async (): Promise<number[]> =>
      (await readdir(inHome('copy', 'checkpoints'))).map(Number).toSorted((a, b) => a - b);
    const begun = await Mirror.open(options);
    await begun.follow();
    expect(await sizes()).toEqual([40, 48, 72]);
    await (await Mirror.open(options)).follow();
    expect(await sizes()).toEqual([40, 48, 56, 64, 72]);
    server.asked.length = 0;
    for (let i = 0; i < 2; i++) await begun.follow();
    expect(server.asked.filter((path) => path.startsWith('/checkpoints/')).length).toBeLessThan(3);
  });

  it('raises the alarm when one of them is of another history', async () => {
    await follow();
    for (const size of [48, 64]) grow(log, size);
    await log.write(inHome('log'));
    const other = new SyntheticLog();
    grow(other, 40);
    grow(other, 48, 'another history');
    await other.write(inHome('forked'));
    await cp(inHome('forked', 'checkpoints', '48'), inHome('log', 'checkpoints', '48'));
    expect(await follow()).toMatchObject({ code: 4 });
    expect(await files(inHome('copy', 'alarm'))).toHaveLength(5);
    expect((await follow()).code).toBe(4);
  });

  it('drops partial tiles that a full one replaced', async () => {
    await follow();
    grow(log, 300);
    await log.write(inHome('log'));
    await follow();
    const kept = (await files(inHome('copy'))).filter((name) => name.startsWith('tile/'));
    expect(kept).toEqual([
      'tile/0/000',
      'tile/0/001.p/44',
      'tile/1/000.p/1',
      'tile/entries/000',
      'tile/entries/001.p/44',
    ]);
    expect((await verifyLog({ log: inHome('copy'), policy: log.policy.text })).holds).toBe(true);
  });

  it('survives an end at any moment: what lies beyond its checkpoint is written again', async () => {
    await follow();
    await mkdir(inHome('copy', 'tile', 'entries', '000.p'), { recursive: true });
    await writeFile(inHome('copy', 'tile', 'entries', '000.p', '48'), 'half a bundle');
    await writeFile(inHome('copy', 'checkpoint.tmp'), 'half a note');
    grow(log, 48);
    await log.write(inHome('log'));
    expect((await follow()).code).toBe(0);
    expect((await verifyLog({ log: inHome('copy'), policy: log.policy.text })).holds).toBe(true);
  });

  it('notices that its own tiles were changed', async () => {
    await follow();
    await writeFile(inHome('copy', 'tile', '0', '000.p', '40'), bytesOf('other', 40 * 32));
    grow(log, 48);
    await log.write(inHome('log'));
    expect(await follow()).toMatchObject({ code: 1, err: expect.stringContaining('mirror_damaged') });
  });

  it('refuses a checkpoint without a quorum, and entries that are not those of the checkpoint', async () => {
    const note = await readFile(inHome('log', 'checkpoint'), 'utf8');
    await writeFile(inHome('log', 'checkpoint'), `${note.trimEnd().split('\n').slice(0, -1).join('\n')}\n`);
    expect(await follow()).toMatchObject({ code: 1, err: expect.stringContaining('no quorum') });
    await writeFile(inHome('log', 'checkpoint'), note);
    const bundle = inHome('log', 'tile', 'entries', '000.p', '40');
    const bytes = await readFile(bundle);
    await writeFile(
      bundle,
      bytes.map((byte, i) => (i === 20 ? byte ^ 1 : byte)),
    );
    expect(await follow()).toMatchObject({ code: 1, err: expect.stringContaining('entries_wrong') });
    expect(await files(inHome('copy'))).not.toContain('checkpoint');
    // A quorum cosigned the note: it is kept until the log shows what it is of.
    const [name] = await readdir(inHome('copy', 'unresolved'));
    expect(name).toMatch(/^40-[0-9a-f]{8}$/);
    expect(await readFile(inHome('copy', 'unresolved', name!), 'utf8')).toBe(note);
    await writeFile(bundle, bytes);
    expect((await follow()).code).toBe(0);
    expect(await readdir(inHome('copy', 'unresolved'))).toEqual([]);
  });

  it('refuses another policy than the one it was made under', async () => {
    await follow();
    await writeFile(inHome('policy'), `# changed\n${log.policy.text}`);
    expect(await follow()).toMatchObject({ code: 1, err: expect.stringContaining('policy_changed') });
  });

  const alarm = async (): Promise<string> => inHome('copy', 'alarm', (await readdir(inHome('copy', 'alarm')))[0]!);
  const judge = (folder: string, ...more: string[]): ReturnType<typeof call> =>
    call('verify', 'fork', join(folder, 'seen'), join(folder, 'offered'), '--policy', inHome('policy'), ...more);

  it.each([
    ['of the same size', 32, 40],
    ['that is larger', 32, 56],
    ['that is smaller', 16, 24],
  ])('raises the alarm over a fork %s, and keeps what proves it', async (_, from, size) => {
    await follow();
    await fork(from, size);
    const { code, err } = await follow();
    expect(code).toBe(4);
    expect(err).toMatch(/ALARM: .*\(log_forked\)/);
    const kept = await alarm();
    expect(await readFile(join(kept, 'seen'), 'utf8')).toBe(await readFile(inHome('log', 'checkpoint'), 'utf8'));
    expect(await readFile(join(kept, 'README'), 'utf8')).toContain('prove it to anybody');
    const proof = size === 40 ? [] : ['--proof', join(kept, 'proof.json')];
    const judged = await judge(kept, ...proof);
    expect(judged).toMatchObject({
      code: 4,
      out: expect.stringMatching(/cosigned by the quorum[^]*cosigned by the quorum/),
    });
    // The kept log is as it was.
    expect((await verifyLog({ log: inHome('copy'), policy: log.policy.text })).holds).toBe(true);
  });

  it('keeps at most a hundred notes that nothing resolves', async () => {
    await mkdir(inHome('copy', 'unresolved'), { recursive: true });
    for (let i = 0; i < 100; i++) await writeFile(inHome('copy', 'unresolved', `${i}-00000000`), '');
    await rm(inHome('log', 'tile'), { recursive: true });
    expect((await follow()).code).not.toBe(0);
    expect(await readdir(inHome('copy', 'unresolved'))).toHaveLength(100);
  });

  it('tells of a rollback with both notes, and goes on when the log does', async () => {
    const before = inHome('before');
    await cp(inHome('log'), before, { recursive: true });
    grow(log, 56);
    await log.write(inHome('log'));
    await follow();
    server.serve(before);
    const options = { from: server.url, folder: inHome('copy'), policy: log.policy };
    const running = await Mirror.open(options);
    for (let i = 0; i < 2; i++) await expect(running.follow()).rejects.toMatchObject({ code: 'log_rolled_back' });
    expect(await follow()).toMatchObject({ code: 4, err: expect.stringContaining('log_rolled_back') });
    expect(await readdir(inHome('copy', 'stale'))).toEqual(['40']);
    const kept = inHome('copy', 'stale', '40');
    expect(await readFile(join(kept, 'README'), 'utf8')).toContain('not a\nproof');
    expect(await judge(kept, '--proof', join(kept, 'proof.json'))).toMatchObject({ code: 0 });
    grow(log, 64);
    server.serve(await log.write(inHome('log')));
    expect(await running.follow()).toMatchObject({ size: 64, grown: 8 });
    expect((await follow()).code).toBe(0);
  });

  it('does not go on until a person took the alarm away', async () => {
    await follow();
    await fork(32, 56);
    await follow();
    server.serve(inHome('log'));
    expect(await follow()).toMatchObject({ code: 4, err: expect.stringContaining('alarm_pending') });
    await rm(inHome('copy', 'alarm'), { recursive: true });
    expect((await follow()).code).toBe(0);
  });

  describe('and the judge of two checkpoints', () => {
    beforeEach(async () => {
      await follow();
      await fork(32, 56);
      await follow();
    });

    it('says that notes of different sizes alone cannot tell', async () => {
      expect(await judge(await alarm())).toMatchObject({ code: 1, out: expect.stringContaining('only a proof') });
    });

    it('finds the fork in the log of the larger tree, and nothing in another', async () => {
      const kept = await alarm();
      expect((await judge(kept, '--log', inHome('forked'))).code).toBe(4);
      expect((await judge(kept, '--log', server.url)).code).toBe(4);
      grow(log, 56);
      expect((await judge(kept, '--log', await log.write(inHome('log')))).code).toBe(1);
    });

    it('refuses a proof that was changed, and a note that the log did not sign', async () => {
      const kept = await alarm();
      const proof = JSON.parse(await readFile(join(kept, 'proof.json'), 'utf8')) as { hashes: string[] };
      proof.hashes.reverse();
      await writeFile(join(kept, 'bad.json'), JSON.stringify(proof));
      expect((await judge(kept, '--proof', join(kept, 'bad.json'))).code).toBe(1);
      const seen = await readFile(join(kept, 'seen'), 'utf8');
      await writeFile(join(kept, 'seen'), seen.replace('\n40\n', '\n48\n'));
      expect(await judge(kept, '--json')).toMatchObject({
        code: 1,
        out: expect.stringContaining('checkpoint_refused'),
      });
    });
  });
});
