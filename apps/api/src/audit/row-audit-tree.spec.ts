/** The ends of intervals, as the row audit looks at them. */
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { utf8 } from '@segel/encoding';
import { encodeEntry } from '@segel/evidence';
import { blindedLeaf, clearLeaf } from '@segel/tlog';
import { startHarness, type Harness } from '../../../../test/support/harness.js';
import { approvedVendor } from '../../../../test/support/sealed-bid.js';
import type { RowFinding } from './row-audit-rows.js';
import { RowAudit } from './row-audit.service.js';
import { auditIntervals } from './row-audit-tree.js';

jest.setTimeout(120_000);

const named = (findings: readonly RowFinding[]): readonly string[] =>
  findings.filter(({ table }) => table === 'tlog.interval').map(({ row, code }) => `${row} ${code}`);

describe('an interval that the log is said to have ended', () => {
  const at = new Date('2026-03-01T10:00:00.000Z');
  const clear = (type: 'log.heartbeat' | 'log.genesis', body: object): Uint8Array =>
    clearLeaf(
      encodeEntry({
        type,
        id: '0195a2e0-0000-7000-8000-000000000001',
        at,
        actor: { kind: 'system', id: 'system' },
        tenderId: undefined,
        lotId: undefined,
        body: body as never,
        bodySig: undefined,
      }),
    );
  const beat = clear('log.heartbeat', { n: 1 });
  const chaff = blindedLeaf(new Uint8Array(32));
  /** Leaves by letter: h is a heartbeat. */
  const entries = (letters: string): readonly { readonly data: Buffer }[] =>
    letters.split('').map((letter) => ({
      data: Buffer.from(letter === 'h' ? beat : letter === 'x' ? utf8('x'.repeat(40)) : chaff),
    }));
  const log = entries('.......h........x......h..');
  const audit = (...ended: readonly number[]): readonly string[] =>
    named(auditIntervals(new Set(ended), new Set([3, 8, 11, 16, 24, 25]), log));

  it('ended with a heartbeat at a multiple of eight', () => {
    expect(audit(8, 24)).toEqual([]);
  });

  it('is named at another signed size, at a multiple of eight without a heartbeat, and at one that was not signed', () => {
    expect(audit(8, 11)).toEqual(['size=11 row_differs']);
    expect(audit(16)).toEqual(['size=16 row_differs']);
    expect(audit(25)).toEqual(['size=25 row_differs']);
    expect(audit(9)).toEqual(['size=9 row_differs']);
    expect(audit(26)).toEqual(['size=26 row_differs']);
  });

  it('may be any batch where there is no heartbeat yet', () => {
    expect(audit(3)).toEqual([]);
    expect(named(auditIntervals(new Set([1, 2]), new Set([1, 2]), entries('..')))).toEqual([]);
  });
});

describe('the row audit of a log at work', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness({ HEARTBEAT_MS: '700' });
  });
  afterEach(() => harness.verifyLog());
  afterAll(() => harness.stop());

  it('names no interval of its own, however busy it is, and one that was put in at a signed size', async () => {
    const audit = harness.app.get(RowAudit);
    const intervals = async (): Promise<number> =>
      Number((await harness.owner.query('SELECT FROM tlog.interval')).rowCount);
    for (let n = 0; (await intervals()) < 4; n++) {
      await Promise.all([1, 2, 3].map((i) => approvedVendor(harness, `Busy ${n} ${i}`)));
      expect(named((await audit.report(false)).findings)).toEqual([]);
    }
    const { rows } = await harness.owner.query<{ size: string }>(
      `SELECT c.size FROM tlog.checkpoint c WHERE NOT EXISTS (SELECT FROM tlog.interval i WHERE i.size = c.size)
         AND c.size > (SELECT min(size) FROM tlog.interval) ORDER BY c.size LIMIT 1`,
    );
    const size = Number(rows[0]!.size);
    await harness.owner.query('INSERT INTO tlog.interval (size) VALUES ($1)', [size]);
    expect(named((await audit.report(false)).findings)).toEqual([`size=${size} row_differs`]);
  });
});
