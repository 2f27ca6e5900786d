import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeBundle, parseBundle } from '@segel/tlog';
import { FixtureLog, idOf, keyOf } from './fixtures.js';
import { verifyLog } from './verify-log.js';
import type { Report } from './report.js';

const SIZE = 300;
const NOW = new Date('2026-03-01T12:00:00.000Z');
const folders: string[] = [];
let original: string;
let folder: string;
let policy: string;

/** A log of more than one bundle: padding, and a few keys. */
beforeAll(async () => {
  original = await mkdtemp(join(tmpdir(), 'segel-log-'));
  folders.push(original);
  const log = new FixtureLog((_, draft) => draft);
  for (let i = 0; i < SIZE; i++) {
    const body = { account_id: idOf('person'), key: keyOf('person') };
    if (i % 100 === 0) log.place(`key ${i}`, { type: 'key.authority.registered', at: NOW, body, signers: ['person'] });
    else log.place(`chaff ${i}`, { type: 'chaff', at: NOW, body: { padding: 'x' } });
  }
  await log.writeAt(original, NOW);
  policy = log.policy.text;
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'segel-log-'));
  folders.push(folder);
  await cp(original, folder, { recursive: true });
});
afterAll(() => Promise.all(folders.map((one) => rm(one, { recursive: true }))));

const verified = (): Promise<Report> => verifyLog({ log: folder, policy });
const named = (report: Report): string[] =>
  report.findings.map(({ check, code, where }) => `${check}/${code} ${where?.entry ?? where?.field ?? ''}`);

async function alterLeaf(n: number, i: number, alter: (leaf: Uint8Array) => Uint8Array): Promise<void> {
  const file = join(folder, n === 0 ? 'tile/entries/000' : `tile/entries/001.p/${SIZE - 256}`);
  const leaves = parseBundle(await readFile(file), n === 0 ? 256 : SIZE - 256);
  await writeFile(file, encodeBundle(leaves.map((leaf, at) => (at === i ? alter(leaf) : leaf))));
}
const flip = (leaf: Uint8Array): Uint8Array => leaf.map((byte, i) => (i === leaf.length - 5 ? byte ^ 1 : byte));

describe('the verifier of a log', () => {
  it('finds nothing wrong with an honest log, and counts as it goes', async () => {
    const read: number[] = [];
    const report = await verifyLog({ log: folder, policy, onProgress: (done) => read.push(done) });
    expect(report.holds).toBe(true);
    expect(report.size).toBe(SIZE);
    expect(read).toEqual([256, 300]);
    expect(report.checks).toEqual(['policy', 'checkpoint', 'history', 'tiles', 'entries', 'storage']);
  });

  it('names an altered blinded entry by its index', async () => {
    await alterLeaf(1, 10, flip);
    expect(named(await verified())).toEqual(
      expect.arrayContaining(['entries/entry_altered 266', 'entries/root_mismatch ']),
    );
  });

  it('names an altered clear entry, and its broken signature', async () => {
    await alterLeaf(0, 100, flip);
    const names = named(await verified());
    expect(names).toContain('entries/entry_altered 100');
    expect(names.some((name) => /entries\/(signature_invalid|entry_malformed) 100/.test(name))).toBe(true);
  });

  it('names an entry that is neither blinded nor clear', async () => {
    await alterLeaf(0, 3, () => Uint8Array.of(9, 9));
    expect(named(await verified())).toContain('entries/entry_malformed 3');
  });

  it.each(['tile/0/000', 'tile/1/000.p/1', `tile/0/001.p/${SIZE - 256}`])('names an altered tile: %s', async (path) => {
    const file = join(folder, path);
    await writeFile(file, flip(await readFile(file)));
    expect(named(await verified())).toContain(`tiles/tile_wrong ${path}`);
  });

  it('names a tile that is missing', async () => {
    await rm(join(folder, 'tile/1/000.p/1'));
    expect(named(await verified())).toContain('tiles/tile_missing tile/1/000.p/1');
  });

  it('refuses a checkpoint that the quorum did not cosign', async () => {
    const file = join(folder, 'checkpoint');
    const note = await readFile(file, 'utf8');
    await writeFile(file, `${note.trimEnd().split('\n').slice(0, -1).join('\n')}\n`);
    const report = await verified();
    expect(named(report)).toContain('checkpoint/checkpoint_refused ');
    expect(report.holds).toBe(false);
  });

  it('refuses a checkpoint whose root was changed, and a policy that promises nothing', async () => {
    const file = join(folder, 'checkpoint');
    await writeFile(file, (await readFile(file, 'utf8')).replace(`\n${SIZE}\n`, `\n${SIZE - 1}\n`));
    expect(named(await verified())).toContain('checkpoint/checkpoint_refused ');
    const none = await verifyLog({ log: folder, policy: policy.replace('quorum w', 'quorum none') });
    expect(named(none)[0]).toBe('policy/quorum_none ');
  });

  it('names witnesses that are the operator’s own', async () => {
    const report = await verifyLog({ log: folder, policy: `# not-independent: w\n${policy}` });
    expect(named(report)).toContain('policy/not_independent ');
    expect(report.holds).toBe(true);
  });
});
