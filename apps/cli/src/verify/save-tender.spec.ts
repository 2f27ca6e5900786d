import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toBase64 } from '@segel/encoding';
import { parseBundle } from '@segel/tlog';
import { run } from '../cli.js';
import { serveFolder, type StaticServer } from '../static-fixture.js';
import { loadEvidence, type Evidence, type EvidenceEntry, type TenderPlace } from './evidence.js';
import { DEADLINE, idOf } from './fixtures.js';
import type { Report } from './report.js';
import { buildTender, TENDER, type Change } from './tender-fixture.js';

describe('a tender away from its server', () => {
  let home: string;
  let server: StaticServer | undefined;
  const inHome = (...names: string[]): string => join(home, ...names);
  beforeEach(async () => void (home = await mkdtemp(join(tmpdir(), 'segel-export-'))));
  afterEach(async () => {
    await server?.stop();
    server = undefined;
    await rm(home, { recursive: true });
  });

  async function build(change: Change = {}): Promise<void> {
    const { policy } = await buildTender(inHome('tender'), change);
    await writeFile(inHome('policy'), policy);
  }
  async function call(...args: string[]): Promise<{ code: number; report: Report; err: string }> {
    let [out, err] = ['', ''];
    const streams = {
      stdout: { write: (text: string) => void (out += text) },
      stderr: { write: (text: string) => void (err += text) },
    };
    const code = await run([...args, '--json'], streams, { SEGEL_HOME: inHome('home') });
    return { code, report: JSON.parse(out) as Report, err };
  }
  const policy = (): string[] => ['--policy', inHome('policy')];
  const codes = ({ findings }: Report): string[] =>
    findings.filter(({ severity }) => severity === 'error').map(({ check, code }) => `${check}/${code}`);

  it('is exported from a static server, and verified from the folder without a network', async () => {
    await build();
    server = await serveFolder(inHome('tender'));
    const exported = await call('export', TENDER, '--out', inHome('copy'), '--url', server.url, ...policy());
    expect([codes(exported.report), exported.code]).toEqual([[], 0]);
    await server.stop();
    server = undefined;
    const { report, code, err } = await call('verify', 'tender', TENDER, '--from', inHome('copy'));
    expect([codes(report), code]).toEqual([[], 0]);
    expect(err).toContain('policy is the one in the folder');
    expect(report.unverified.some(({ what }) => what.startsWith('when '))).toBe(false);
    const { length } = parseBundle(
      await readFile(inHome('copy', `log/tile/entries/000.p/${report.size}`)),
      report.size!,
    );
    expect(report.counts!.entries).toBe(length);
  });

  it('is verified from a static server itself, whose earlier checkpoints are found by their names', async () => {
    await build();
    server = await serveFolder(inHome('tender'));
    const { report, code } = await call('verify', 'tender', TENDER, '--url', server.url, ...policy());
    expect([codes(report), code]).toEqual([[], 0]);
    expect(report.unverified.map(({ what }) => what)).toContain('every earlier checkpoint');
  });

  it('is verified from a mirror and its evidence, in one folder or apart', async () => {
    await build();
    expect(await run(['mirror', inHome('tender', 'log'), inHome('mirror'), '--once', ...policy()], quiet, {})).toBe(0);
    // A mirror keeps the checkpoints it saw; the dated ones were published before it began.
    await cp(inHome('tender', 'log', 'checkpoints'), inHome('mirror', 'checkpoints'), { recursive: true });
    const evidence = inHome('tender', 'evidence.json');
    const apart = ['--log', inHome('mirror'), '--evidence', evidence, ...policy()];
    expect((await call('verify', 'tender', TENDER, ...apart)).code).toBe(0);
    await cp(evidence, inHome('mirror', 'evidence', `${TENDER}.json`));
    expect((await call('verify', 'tender', TENDER, '--from', inHome('mirror'), ...policy())).code).toBe(0);
  });

  it('is refused when its evidence is larger than the limit', async () => {
    await build();
    server = await serveFolder(inHome('tender'));
    const { length } = await readFile(inHome('tender', 'evidence.json'));
    const place = (maxEvidenceBytes: number): TenderPlace => ({ base: server!.url, maxEvidenceBytes });
    await expect(loadEvidence(place(length), TENDER)).resolves.toMatchObject({ tenderId: TENDER });
    await expect(loadEvidence(place(length - 1), TENDER)).rejects.toThrow('too large');
  });

  it('accuses nobody of lateness from a copy that lacks the checkpoint of that time', async () => {
    await build({ witnessedAt: new Date(DEADLINE.getTime() + 121_000) });
    expect((await call('verify', 'tender', TENDER, '--from', inHome('tender'), ...policy())).code).toBe(1);
    const sizes = (await readdir(inHome('tender', 'log/checkpoints'))).map(Number).toSorted((a, b) => a - b);
    await rm(inHome('tender', 'log/checkpoints', String(sizes[0])));
    await cp(inHome('tender', 'log'), inHome('mirror'), { recursive: true });
    const apart = ['--log', inHome('mirror'), '--evidence', inHome('tender', 'evidence.json'), ...policy()];
    server = await serveFolder(inHome('mirror'));
    for (const args of [apart, apart.with(1, server.url)]) {
      const { report } = await call('verify', 'tender', TENDER, ...args);
      expect(codes(report)).toEqual([]);
      expect(report.unverified.map(({ why }) => why).join()).toContain('may lack the checkpoint');
    }
  });

  it('cannot be exported where there is none', async () => {
    const { code } = await call('export', TENDER, '--out', inHome('copy'), '--from', inHome('none'), ...policy());
    expect(code).not.toBe(0);
  });

  describe('with an entry whose readable form was erased', () => {
    const at = new Date(DEADLINE.getTime() + 100_000);
    type Erased = {
      /** What the entry says was erased. */
      readonly stated: string;
      /** The type of the disclosed entry whose leaf it is. */
      readonly leaf: string;
      /** The leaf is so many places after that one. */
      readonly further?: number;
      readonly before?: string;
      readonly requestedBy?: string;
      /** The evidence opens it nevertheless. */
      readonly shown?: boolean;
      /** A second erasure of the same leaf that states this. */
      readonly again?: string;
    };
    const denied: NonNullable<Change['insert']> = (name) =>
      name === 'intended' ? [{ type: 'access.denied', at, body: { act: 'x', reason: 'role' } }] : [];
    /** Erases an entry: the leaf stays, its opening is gone, an entry says so. Returns the place of the leaf. */
    async function erase({
      stated,
      leaf,
      further = 0,
      before = 'decided',
      shown,
      again,
      ...by
    }: Erased): Promise<number> {
      await build({ insert: denied });
      const { entries } = JSON.parse(await readFile(inHome('tender', 'evidence.json'), 'utf8')) as Evidence;
      const index = entries.find((entry) => entry.type === leaf && entry.salt !== undefined)!.index + further;
      const bundle = await readFile(inHome('tender', `log/tile/entries/000.p/${await treeSize()}`));
      const commitment = toBase64(parseBundle(bundle, await treeSize())[index]!.slice(1));
      await rm(inHome('tender'), { recursive: true });
      const body = { commitment, reason: 'subject_request', requested_by: by.requestedBy ?? idOf('clerk') };
      const types = again === undefined ? [stated] : [stated, again];
      const insert: Change['insert'] = (name) => [
        ...denied(name),
        ...(name === before
          ? types.map((type) => ({ type: 'opening.erased', at, body: { ...body, type } }) as const)
          : []),
      ];
      const hide = (entry: EvidenceEntry): EvidenceEntry => {
        const { leafSha256, type } = entry;
        return entry.index === index && shown !== true ? { index, leafSha256, type, erased: true } : entry;
      };
      await build({ insert, evidence: (given) => ({ ...given, entries: given.entries.map(hide) }) });
      return index;
    }
    const verify = async (): Promise<Report> =>
      (await call('verify', 'tender', TENDER, '--from', inHome('tender'), ...policy())).report;
    const disclosed = (report: Report): string[] => codes(report).filter((code) => code.startsWith('disclosed/'));
    const treeSize = async (): Promise<number> =>
      Number((await readFile(inHome('tender', 'log/checkpoint'), 'utf8')).split('\n')[1]);

    it('counts it as erased, not as missing', async () => {
      const entry = await erase({ stated: 'access.denied', leaf: 'access.denied' });
      const report = await verify();
      expect(report.erased).toEqual([{ entry, type: 'access.denied', reason: 'subject_request' }]);
      expect(disclosed(report)).toEqual([]);
    });

    it.each<readonly [string, string, Erased]>([
      [
        'an erasure by one person alone',
        'erased_by_one',
        { stated: 'access.denied', leaf: 'access.denied', requestedBy: idOf('system') },
      ],
      ['a bid that was erased', 'bid_erased', { stated: 'bid.submitted', leaf: 'bid.submitted' }],
      ['a bid that was erased as something else', 'bid_erased', { stated: 'access.denied', leaf: 'bid.submitted' }],
      [
        'an erasure that states another type than the one that is disclosed',
        'erased_otherwise',
        { stated: 'access.denied', leaf: 'bid.submitted', shown: true },
      ],
      [
        'an act of an official that must be kept',
        'kept_erased',
        { stated: 'evaluation.conflict_declared', leaf: 'evaluation.conflict_declared' },
      ],
      [
        'the first of two erasures of one leaf',
        'bid_erased',
        { stated: 'bid.submitted', leaf: 'bid.submitted', further: 2, again: 'access.denied' },
      ],
    ])('names %s', async (_, code, story) => {
      await erase(story);
      expect(disclosed(await verify())).toContain(`disclosed/${code}`);
    });

    it('names an undisclosed leaf of the period that was erased before the opening, and lists it after', async () => {
      const leaf = { stated: 'access.denied', leaf: 'bid.submitted', further: 2 };
      const entry = await erase({ ...leaf, before: 'completed' });
      expect(disclosed(await verify())).toEqual(['disclosed/erased_in_period']);
      await rm(inHome('tender'), { recursive: true });
      await erase(leaf);
      const report = await verify();
      expect(disclosed(report)).toEqual([]);
      expect(report.erased).toEqual([{ entry, type: 'access.denied', reason: 'subject_request' }]);
    });

    it('names an entry that nothing opens and nothing erased', async () => {
      await build({
        evidence: (given) => ({
          ...given,
          entries: given.entries.map((entry) =>
            entry.type === 'evaluation.completed' ? { index: entry.index, leafSha256: '', type: entry.type } : entry,
          ),
        }),
      });
      const { report } = await call('verify', 'tender', TENDER, '--from', inHome('tender'), ...policy());
      expect(codes(report)).toContain('disclosed/entry_unopened');
    });
  });

  const quiet = { stdout: { write: () => undefined }, stderr: { write: () => undefined } };
});
