import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startHarness, type Harness } from '../../../../test/support/harness.js';
import { ClientReleases, RELEASES } from './client-releases.js';

jest.setTimeout(60_000);

type Listed = { readonly name: string; readonly sha256: string };

describe('the released programs', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness();
  });
  afterEach(() => harness.verifyLog());
  afterAll(() => harness.stop());

  it('are each recorded once, however many workers start together', async () => {
    const releases = harness.app.get(ClientReleases);
    await Promise.all([releases.recordNew(), releases.recordNew(), releases.recordNew()]);
    const { items } = (await harness.get<{ items: readonly Listed[] }>('/api/clients')).body;
    const names = items.map(({ name, sha256 }) => `${name} ${sha256}`);
    expect(names.length).toBeGreaterThan(0);
    expect(names).toEqual([...new Set(names)]);
    await harness.published();
    await releases.recordNew();
    expect(await releases.list()).toHaveLength(names.length);
  });

  it('are found by indexes in a log of any length', async () => {
    const session = await harness.owner.connect();
    try {
      await session.query('BEGIN');
      // Few rows are read faster without an index: this asks whether there is one that serves.
      await session.query('SET LOCAL enable_seqscan = off');
      const { rows } = await session.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${RELEASES}`);
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      expect(plan).toMatch(/trail_type/);
      expect(plan).toMatch(/entry_data_sha256/);
      expect(plan).not.toMatch(/Seq Scan on (trail|entry)/);
    } finally {
      await session.query('ROLLBACK');
      session.release();
    }
  });
});
