/** Every object that a row points at is stored and is what its name says; so is every file of the public log. */
import { equalBytes, toBase64, utf8 } from '@segel/encoding';
import {
  encodeBundle,
  growTiles,
  leafHash,
  newBundles,
  newTiles,
  tilePath,
  TILE_WIDTH,
  type HashTile,
  type Tile,
} from '@segel/tlog';
import { contentKey } from '../platform/object-store/object-store.js';
import type { ActualRows, ReadObject } from './row-audit-actual.js';
import { bytesOf, missing, sha256, type ReadRows, type RowFinding } from './row-audit-rows.js';

/** Table, the column with the hash, and the columns that name the row. */
const POINTERS = [
  ['tender_document', 'sha256', ['id']],
  ['vendor_document', 'sha256', ['id']],
  ['bid', 'manifest_object', ['id']],
  ['bid_part', 'sha256', ['bid_id', 'position']],
  ['opened_document', 'sha256', ['bid_id', 'position']],
  ['outage', 'evidence_sha256', ['id']],
] as const;

export async function auditObjects(rows: ActualRows, object: ReadObject): Promise<readonly RowFinding[]> {
  const findings: RowFinding[] = [];
  const versionOf = (row: Readonly<Record<string, unknown>>): string =>
    `${String(row['tender_id'])} ${String(row['version'])}`;
  const published = new Set(rows.raw('tender_publication').map(versionOf));
  const terms = rows.raw('tender_version').filter((row) => published.has(versionOf(row)));
  const pointers = [
    ...POINTERS.flatMap(([table, column, key]) => rows.raw(table).map((row) => ({ table, column, key, row }))),
    ...terms.map((row) => ({ table: 'tender_version', column: 'terms_sha256', key: ['tender_id', 'version'], row })),
  ];
  const undelivered = undeliveredBids(rows);
  for (const { table, column, key, row } of pointers) {
    const digest = bytesOf(row[column]);
    const bytes = await object(contentKey(digest));
    if (bytes !== undefined && equalBytes(sha256(bytes), digest)) continue;
    if (bytes === undefined && table === 'bid_part' && undelivered.has(String(row['bid_id']))) continue;
    const code = bytes === undefined ? 'object_missing' : 'object_differs';
    findings.push({
      table,
      row: key.map((name) => `${name}=${String(row[name])}`).join(' '),
      columns: [column],
      code,
      object: contentKey(digest),
      sentence: `The object ${toBase64(digest)} is ${code === 'object_missing' ? 'gone' : 'not what its name says'}.`,
    });
  }
  return findings;
}

/** Bids that were committed before their sealed files came: of those nobody promised that they are there. */
function undeliveredBids(rows: ActualRows): ReadonlySet<string> {
  const delivered = new Set(rows.raw('bid_delivery').map((row) => String(row['bid_id'])));
  const committed = rows.raw('bid').filter((row) => row['precommit'] === true);
  return new Set(committed.map((row) => String(row['id'])).filter((id) => !delivered.has(id)));
}

/** The files of every public checkpoint are those of the entries. Of a size between two of them a file may be there
 *  that was stored before a crash: then it is right too. */
export async function auditLogFiles(
  read: ReadRows,
  object: ReadObject,
  policyText: string,
): Promise<readonly RowFinding[]> {
  const entries = (await read('SELECT data FROM tlog.entry ORDER BY idx')).map(({ data }) => bytesOf(data));
  const shown = await read('SELECT size, note FROM tlog.public_checkpoint ORDER BY size');
  const whole = new Map(
    (await growTiles(0, entries.map(leafHash), () => new Uint8Array())).map((tile) => [
      `${tile.level}/${tile.n}`,
      tile,
    ]),
  );
  const wanted = new Map<string, Uint8Array>();
  let before = 0;
  for (const { size, note } of shown) {
    for (const tile of newTiles(before, Number(size))) wanted.set(keyOf(tile), hashesIn(whole, tile));
    for (const tile of newBundles(before, Number(size))) wanted.set(keyOf(tile), bundleOf(entries, tile));
    wanted.set(`log/checkpoints/${Number(size)}`, utf8(String(note)));
    before = Number(size);
  }
  const newest = shown.at(-1);
  if (newest !== undefined)
    wanted.set('log/checkpoint', utf8(String(newest['note']))).set('log/policy', utf8(policyText));
  const findings: RowFinding[] = [...(await auditServedSizes(read, object))];
  for (const [key, bytes] of wanted) {
    const given = await object(key);
    if (given !== undefined && equalBytes(given, bytes)) continue;
    const code = given === undefined ? 'object_missing' : 'object_differs';
    const sentence = `The file of the public log is ${given === undefined ? 'gone' : 'not that of the entries'}.`;
    findings.push({ table: 'the public log', row: key, code, object: key, sentence });
  }
  return findings;
}

/** The store keeps every checkpoint that was ever public: one that the tables do not know was taken out of them. */
async function auditServedSizes(read: ReadRows, object: ReadObject): Promise<readonly RowFinding[]> {
  const sizes = async (table: string): Promise<Set<number>> =>
    new Set((await read(`SELECT size FROM ${table}`)).map(({ size }) => Number(size)));
  const tables = { 'tlog.interval': await sizes('tlog.interval'), 'tlog.published': await sizes('tlog.published') };
  const [ended, published] = Object.values(tables) as [Set<number>, Set<number>];
  const findings: RowFinding[] = [];
  for (const size of new Set([...ended, ...published])) {
    if (ended.has(size) && published.has(size)) continue;
    if ((await object(`log/checkpoints/${size}`)) === undefined) continue;
    for (const [table, known] of Object.entries(tables))
      if (!known.has(size))
        findings.push(missing(table, `size=${size}`, 'The store serves a checkpoint of this size.'));
  }
  return findings;
}

const keyOf = (tile: Tile): string => `log/${tilePath(tile)}`;

function hashesIn(whole: ReadonlyMap<string, HashTile>, { level, n, width }: Tile): Uint8Array {
  return (whole.get(`${level}/${n}`)?.data ?? new Uint8Array()).subarray(0, width * 32);
}

function bundleOf(entries: readonly Uint8Array[], { n, width }: Tile): Uint8Array {
  return encodeBundle(entries.slice(n * TILE_WIDTH, n * TILE_WIDTH + width));
}
