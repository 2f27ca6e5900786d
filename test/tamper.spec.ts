/** What the application’s role cannot do, and what `segel verify` names when a superuser did it. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { verifyLog } from '../apps/cli/src/verify/verify-log.js';
import type { Report } from '../apps/cli/src/verify/report.js';
import { verifyTender } from '../apps/cli/src/verify/verify-tender.js';
import { doorOptions } from '../apps/api/src/platform/database/database.js';
import { startHarness, type Harness } from './support/harness.js';
import { attestBox, closeBoxes, releaseShares } from './support/opening-day.js';
import { publishTender, type PublishedTender } from './support/published-tender.js';
import { approvedVendor, sealAndSubmit } from './support/sealed-bid.js';

describe('the record', () => {
  let harness: Harness;
  let tender: PublishedTender;

  beforeEach(async () => {
    harness = await startHarness();
    tender = await publishTender(harness);
    for (const name of ['One', 'Two', 'Three'])
      await sealAndSubmit(harness, tender, await approvedVendor(harness, name), {});
    const [box] = await closeBoxes(harness, tender);
    await attestBox(harness, tender, box!);
    await releaseShares(harness, tender, box!, [0, 1, 3, 5]);
    await harness.runDueJobs();
    await harness.published();
  });
  afterEach(() => harness.stop());

  const policy = async (): Promise<string> => (await harness.get('/log/policy')).text;
  const log = async (): Promise<Report> => verifyLog({ log: `${harness.url}/log`, policy: await policy() });
  const whole = async (): Promise<Report> =>
    verifyTender({ base: harness.url, tenderId: tender.tenderId, policy: await policy() });

  /** The published evidence, or why there is none. */
  const evidence = async (): Promise<string> =>
    harness.get(`/api/tenders/${tender.tenderId}/evidence`).then(
      ({ status, text }) => `${status} ${text}`,
      (error: unknown) => String(error),
    );

  /** As a superuser who turned the triggers off. */
  async function asSuperuser(sql: string, parameters: readonly unknown[] = []): Promise<number> {
    const client = await harness.owner.connect();
    try {
      await client.query('SET session_replication_role = replica');
      const { rowCount } = await client.query(sql, [...parameters]);
      return rowCount ?? 0;
    } finally {
      await client.query('SET session_replication_role = DEFAULT');
      client.release();
    }
  }

  const errors = (report: Report): readonly string[] =>
    report.findings
      .filter(({ severity }) => severity === 'error')
      .map(({ check, code, where }) => `${check}/${code}${where?.entry === undefined ? '' : ` @${where.entry}`}`);

  it('verifies as it is, and refuses the application’s role every UPDATE and DELETE of history', async () => {
    expect(errors(await log())).toEqual([]);
    expect(errors(await whole())).toEqual([]);
    const app = new pg.Client(doorOptions({ url: harness.config.settings.DATABASE_URL, role: 'segel_app', pool: 1 }));
    await app.connect();
    try {
      const tables = await harness.owner.query<{ name: string; first: string }>(
        `SELECT format('%I.%I', n.nspname, c.relname) AS name, (SELECT quote_ident(attname) FROM pg_attribute a WHERE a.attrelid = c.oid AND attnum = 1) AS first
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname IN ('public', 'tlog') AND c.relname <> 'migrations'`,
      );
      expect(tables.rows.length).toBeGreaterThan(30);
      for (const { name, first } of tables.rows) {
        await expect(app.query(`DELETE FROM ${name}`)).rejects.toThrow(/permission denied|never changed/);
        await expect(app.query(`UPDATE ${name} SET ${first} = ${first}`)).rejects.toThrow(
          /permission denied|never changed|can only be updated to DEFAULT/,
        );
        await expect(app.query(`TRUNCATE ${name}`)).rejects.toThrow(/permission denied|never changed|cannot truncate/);
      }
      for (const statement of [
        "INSERT INTO tlog.entry VALUES (1000000, '\\x0102')",
        "INSERT INTO tlog.published VALUES (1, '', now())",
        'DELETE FROM tlog.queue',
        'ALTER TABLE bid DISABLE TRIGGER ALL',
        'SET session_replication_role = replica',
      ]) {
        await expect(app.query(statement)).rejects.toThrow(/permission denied|must be owner/);
      }
    } finally {
      await app.end();
    }
  });

  it('names the entry that a superuser altered, whatever byte', async () => {
    const { rows } = await harness.owner.query<{ idx: number; length: number }>(
      'SELECT idx, length(data) AS length FROM tlog.entry ORDER BY idx',
    );
    const picked = [0, 7, Math.floor(rows.length / 2), rows.length - 1].map((i) => rows[i]!);
    for (const { idx, length } of picked) {
      const byte = Math.floor(length / 2);
      const flip = 'UPDATE tlog.entry SET data = set_byte(data, $2::int, get_byte(data, $2::int) # 1) WHERE idx = $1';
      expect(await asSuperuser(flip, [idx, byte])).toBe(1);
      const found = errors(await log());
      expect([idx, found.some((finding) => finding.endsWith(`@${idx}`))]).toEqual([idx, true]);
      await asSuperuser(flip, [idx, byte]);
    }
    expect(errors(await log())).toEqual([]);
  });

  it('notices an entry that a superuser removed or moved', async () => {
    await asSuperuser('DELETE FROM tlog.entry WHERE idx = 5');
    expect(errors(await log())).not.toEqual([]);
  });

  it('notices when a superuser rewrites the entry, its tile and the tree together', async () => {
    await asSuperuser(
      "UPDATE tlog.tile SET data = overlay(data PLACING sha256('\\x00ff'::bytea) FROM 1 + 32 * 5) WHERE level = 0 AND n = 0",
    );
    expect(errors(await log())).not.toEqual([]);
  });

  it.each([
    ['the root of the box', "UPDATE box SET set_root = sha256('x')"],
    ['the count of the box', 'UPDATE box SET count = count - 1'],
    ['the cut of the box', 'UPDATE box SET cut_size = cut_size + 100'],
    [
      'a bid’s manifest',
      'UPDATE bid SET manifest_object = (SELECT b.manifest_object FROM bid b WHERE b.id <> bid.id LIMIT 1)',
    ],
    ['which bids are in the box', 'DELETE FROM box_bid WHERE bid_id = (SELECT bid_id FROM box_bid LIMIT 1)'],
    [
      'what the opening found',
      "UPDATE opened_bid SET outcome = 'undecryptable', offer = NULL, plaintext_root = NULL WHERE bid_id = (SELECT bid_id FROM opened_bid LIMIT 1)",
    ],
    ['the plaintext root of an opened bid', "UPDATE opened_bid SET plaintext_root = sha256('x')"],
    ['who released shares', 'DELETE FROM share_release'],
    [
      'the readable form of an entry',
      "UPDATE tlog.opening SET entry_bytes = replace(encode(entry_bytes, 'escape'), 'bid.submitted', 'bid.replaced')::bytea",
    ],
  ])('names a change of %s, or does not depend on it', async (_what, sql) => {
    const before = await evidence();
    expect(await asSuperuser(sql)).toBeGreaterThan(0);
    // The row may be one that no published evidence is made from: then nothing the public sees has changed.
    if ((await evidence()) === before) return;
    expect(errors(await whole())).not.toEqual([]);
  });
});
