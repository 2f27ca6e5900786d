/** What the rows say after a crash: every acknowledged act is there once, rows, trail, openings and leaves agree. */
import type pg from 'pg';
import type { Acknowledged } from './bad-line.js';
import { found, type Finding } from './findings.js';

/** Whether a leaf is in the log, or on its way. */
export const known = (leaf: string): string =>
  `(EXISTS (SELECT FROM tlog.entry e WHERE sha256(e.data) = ${leaf}) OR EXISTS (SELECT FROM tlog.queue q WHERE sha256(q.data) = ${leaf}))`;

/** Acts that are a row of their own: one row, one entry. */
const ACTS = [
  ['bid', "('bid.submitted', 'bid.replaced')"],
  ['bid_withdrawal', "('bid.withdrawn')"],
  ['bid_delivery', "('bid.delivered')"],
  ['bid_void', "('bid.voided')"],
  ['share_release', "('opening.share_released')"],
  ['opened_bid', "('bid.opened')"],
  ['box', "('box.closed')"],
] as const;

/** Acknowledged acts of which row, trail or leaf is missing. */
export async function lostActs(owner: pg.Pool, acts: readonly Acknowledged[]): Promise<readonly Finding[]> {
  const leaves = acts.map(({ leafSha256 }) => Buffer.from(leafSha256, 'base64'));
  const { rows } = await owner.query<{ n: number }>(
    `SELECT n::int FROM unnest($1::bytea[]) WITH ORDINALITY AS acts (leaf, n)
     WHERE NOT ${known('leaf')} OR NOT EXISTS (SELECT FROM trail t WHERE t.leaf_sha256 = leaf)`,
    [leaves],
  );
  const unlogged = rows.map(({ n }) => `${acts[n - 1]!.route}: acknowledged, and not in the log`);
  const rowless = [
    ...(await missingRows(owner, acts, 'bid', 'id', (act) => (act.route.endsWith('/bids') ? act.bidId : undefined))),
    ...(await missingRows(owner, acts, 'bid_withdrawal', 'bid_id', (act) =>
      act.route.endsWith('/withdrawal') ? act.bidId : undefined,
    )),
    ...(await missingRows(owner, acts, 'share_release', 'id', (act) => act.releaseId)),
  ];
  return found('lost', [...unlogged, ...rowless]);
}

async function missingRows(
  owner: pg.Pool,
  acts: readonly Acknowledged[],
  table: string,
  column: string,
  idOf: (act: Acknowledged) => string | undefined,
): Promise<readonly string[]> {
  const of = acts.filter((act) => idOf(act) !== undefined);
  const { rows } = await owner.query<{ n: number }>(
    `SELECT n::int FROM unnest($1::uuid[], $2::bytea[]) WITH ORDINALITY AS acts (id, leaf, n)
     WHERE NOT EXISTS (SELECT FROM ${table} r WHERE r.${column} = acts.id AND r.leaf_sha256 = acts.leaf)`,
    [of.map(idOf), of.map(({ leafSha256 }) => Buffer.from(leafSha256, 'base64'))],
  );
  return rows.map(({ n }) => `${of[n - 1]!.route}: acknowledged, and not in ${table} with that leaf`);
}

/** Acts that were done twice, by the acknowledgements, the rows or the log. */
export async function duplicates(owner: pg.Pool, acts: readonly Acknowledged[]): Promise<readonly Finding[]> {
  const problems: string[] = [];
  const leafOf = new Map<string, string>();
  for (const { route, bidId, releaseId, leafSha256 } of acts) {
    const name = `${route} ${bidId ?? releaseId ?? leafSha256}`;
    if ((leafOf.get(name) ?? leafSha256) !== leafSha256) problems.push(`${name} was acknowledged with two leaves`);
    leafOf.set(name, leafSha256);
  }
  for (const [table, types] of ACTS) {
    const { rows } = await owner.query<{ entries: number; acts: number }>(
      `SELECT (SELECT count(*)::int FROM trail WHERE type IN ${types}) AS entries, (SELECT count(*)::int FROM ${table}) AS acts`,
    );
    const { entries, acts: stored } = rows[0]!;
    if (entries > stored) problems.push(`${entries} entries ${types} for ${stored} rows of ${table}`);
  }
  const { rows: twice } = await owner.query<{ leaf: Buffer }>(
    `SELECT leaf FROM (SELECT sha256(data) AS leaf FROM tlog.entry UNION ALL SELECT sha256(data) FROM tlog.queue) l
     GROUP BY leaf HAVING count(*) > 1`,
  );
  problems.push(...twice.map(({ leaf }) => `the leaf ${leaf.toString('base64')} is in the log twice`));
  return found('duplicated', problems);
}

/** Every table whose rows name the leaf of the entry that made them; but for keys of vendors, whom tests put into the
 *  database past the server. */
async function tablesWithLeaves(owner: pg.Pool): Promise<readonly string[]> {
  const { rows } = await owner.query<{ name: string }>(
    `SELECT format('%I', c.table_name) AS name FROM information_schema.columns c JOIN information_schema.tables t
       USING (table_schema, table_name)
     WHERE table_schema = 'public' AND column_name = 'leaf_sha256' AND table_type = 'BASE TABLE'
       AND is_nullable = 'NO' AND table_name NOT IN ('trail', 'signing_key')`,
  );
  return rows.map(({ name }) => name);
}

/** Indexes without an entry; rows without a leaf; leaves without what they stand for. */
export async function gaps(owner: pg.Pool): Promise<readonly Finding[]> {
  const list = async (what: string, sql: string): Promise<readonly string[]> =>
    (await owner.query<{ id: string }>(sql)).rows.map(({ id }) => `${what} ${id}`);
  return found('gapped', [
    ...(await list(
      'the log has not as many entries as its size says:',
      `SELECT count(e.idx) || ' of ' || t.size AS id FROM tlog.tree t LEFT JOIN tlog.entry e ON true GROUP BY t.size
       HAVING count(e.idx) <> t.size OR coalesce(max(e.idx) + 1, 0) <> t.size`,
    )),
    ...(await list(
      'no leaf for the trail’s',
      `SELECT type || ' ' || id AS id FROM trail t WHERE NOT ${known('t.leaf_sha256')}`,
    )),
    ...(await list(
      'no leaf for the opening',
      `SELECT encode(o.commitment, 'hex') AS id FROM tlog.opening o WHERE NOT ${known("sha256('\\x01'::bytea || o.commitment)")}`,
    )),
    ...(await list(
      'nothing in the trail for the entry',
      `SELECT e.idx::text AS id FROM tlog.entry e
       LEFT JOIN tlog.opening o ON get_byte(e.data, 0) = 1 AND o.commitment = substring(e.data FROM 2)
       WHERE NOT EXISTS (SELECT FROM trail t WHERE t.leaf_sha256 = sha256(e.data))
         AND coalesce(convert_from(coalesce(o.entry_bytes, CASE WHEN get_byte(e.data, 0) = 2 THEN substring(e.data FROM 2) END), 'UTF8')::jsonb ->> 'type', 'unreadable')
           NOT IN ('chaff', 'log.heartbeat')`,
    )),
    ...(await list(
      'no entry for the row of',
      (await tablesWithLeaves(owner))
        .map((table) => `SELECT '${table}' AS id FROM ${table} r WHERE NOT ${known('r.leaf_sha256')}`)
        .join(' UNION ALL '),
    )),
    ...(await list(
      'parts announced and no entry, or the other way round:',
      `SELECT DISTINCT coalesce(a.entry_id, t.id)::text AS id FROM announced_part a
       FULL JOIN (SELECT id FROM trail WHERE type = 'bid.upload_announced') t ON t.id = a.entry_id
       WHERE a.entry_id IS NULL OR t.id IS NULL`,
    )),
    ...(await list(
      'public without having been signed:',
      'SELECT size::text AS id FROM tlog.published p WHERE NOT EXISTS (SELECT FROM tlog.checkpoint c WHERE c.size = p.size)',
    )),
  ]);
}
