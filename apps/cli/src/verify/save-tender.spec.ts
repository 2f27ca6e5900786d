import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256, toBase64 } from '@segel/encoding';
import { parseBundle } from '@segel/tlog';
import { run } from '../cli.js';
import { serveFolder, type StaticServer } from '../static-fixture.js';
import type { Evidence, EvidenceEntry } from './evidence.js';
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

  it('cannot be exported where there is none', async () => {
    const { code } = await call('export', TENDER, '--out', inHome('copy'), '--from', inHome('none'), ...policy());
    expect(code).not.toBe(0);
  });

  describe('with an entry whose readable form was erased', () => {
    const at = new Date(DEADLINE.getTime() + 100_000);
    /** Erases the declaration of an evaluator: the leaf stays, its opening is gone, an entry says so. */
    async function erase(type: string, erased = type, requestedBy = idOf('clerk')): Promise<void> {
      let commitment = toBase64(sha256(new Uint8Array()));
      const find = (evidence: Evidence): EvidenceEntry =>
        evidence.entries.find((entry) => entry.type === erased && entry.salt !== undefined)!;
      await build({ evidence: (same) => same });
      const before = JSON.parse(await readFile(inHome('tender', 'evidence.json'), 'utf8')) as Evidence;
      const bundle = await readFile(inHome('tender', `log/tile/entries/000.p/${await treeSize()}`));
      commitment = toBase64(parseBundle(bundle, await treeSize())[find(before).index]!.slice(1));
      await rm(inHome('tender'), { recursive: true });
      const body = { commitment, type, reason: 'subject_request', requested_by: requestedBy };
      const insert: Change['insert'] = (name) => (name === 'intended' ? [{ type: 'opening.erased', at, body }] : []);
      const evidence = (given: Evidence): Evidence => ({
        ...given,
        entries: given.entries.map((entry) => {
          const { index, leafSha256 } = entry;
          return entry === find(given) ? { index, leafSha256, type: erased, erased: true } : entry;
        }),
      });
      await build({ insert, evidence });
    }
    const treeSize = async (): Promise<number> =>
      Number((await readFile(inHome('tender', 'log/checkpoint'), 'utf8')).split('\n')[1]);

    it('counts it as erased, not as missing', async () => {
      await erase('evaluation.conflict_declared');
      const { report } = await call('verify', 'tender', TENDER, '--from', inHome('tender'), ...policy());
      expect(report.erased).toEqual([
        { entry: expect.any(Number), type: 'evaluation.conflict_declared', reason: 'subject_request' },
      ]);
      expect(codes(report).filter((code) => code.startsWith('disclosed/'))).toEqual([]);
    });

    it('names an erasure by one person alone', async () => {
      const type = 'evaluation.conflict_declared';
      await erase(type, type, idOf('system'));
      const { report } = await call('verify', 'tender', TENDER, '--from', inHome('tender'), ...policy());
      expect(codes(report)).toContain('disclosed/erased_by_one');
    });

    it('names a bid that was erased', async () => {
      await erase('bid.submitted');
      const { report } = await call('verify', 'tender', TENDER, '--from', inHome('tender'), ...policy());
      expect(codes(report)).toContain('disclosed/bid_erased');
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
