/** The log's own tables agree with each other: tiles, tree and checkpoints are those of the entries. */
import { equalBytes } from '@segel/encoding';
import { decodeEntry } from '@segel/evidence';
import { examineCheckpoint, growTiles, leafHash, parseLeaf, RightEdge, type Policy } from '@segel/tlog';
import { verifyEd25519 } from '../platform/log/ed25519.js';
import { INTERVAL_LEAVES } from '../platform/log/sequencer.js';
import { bytesOf, differs, missing, unrecorded, type ReadRows, type RowFinding } from './row-audit-rows.js';

type Rows = Awaited<ReturnType<ReadRows>>;

/** The witnesses' clocks are not ours, but an hour is no clock's fault. */
const CLOCKS_APART_S = 3600;

export async function auditTree(read: ReadRows, policy: Policy): Promise<readonly RowFinding[]> {
  const entries = await read('SELECT idx, data FROM tlog.entry ORDER BY idx');
  const checkpoints = await read('SELECT size, note FROM tlog.checkpoint ORDER BY size');
  const published = await read('SELECT size, note, first_at FROM tlog.published ORDER BY size');
  const hashes = entries.map(({ data }) => leafHash(bytesOf(data)));
  const roots = rootsAt(hashes, new Set([...checkpoints, ...published].map(({ size }) => Number(size))));
  return [
    ...numbered(entries),
    ...auditTreeRow(await read('SELECT size, root FROM tlog.tree'), hashes.length, roots),
    ...(await auditTiles(read, hashes)),
    ...checkpoints.flatMap((row) => auditNote('tlog.checkpoint', row, roots, policy)),
    ...published.flatMap((row) => auditNote('tlog.published', row, roots, policy)),
    ...auditSizes(sizes(checkpoints), sizes(published)),
    ...auditIntervals(sizes(await read('SELECT size FROM tlog.interval')), sizes(checkpoints), entries),
  ];
}

const sizes = (rows: Rows): ReadonlySet<number> => new Set(rows.map(({ size }) => Number(size)));

/** Roots of the trees of these sizes, of the empty one and of the whole. */
function rootsAt(hashes: readonly Uint8Array[], wanted: ReadonlySet<number>): ReadonlyMap<number, Uint8Array> {
  const edge = new RightEdge();
  const roots = new Map<number, Uint8Array>([[0, edge.root()]]);
  for (const hash of hashes) {
    edge.append(hash);
    if (wanted.has(edge.size) || edge.size === hashes.length) roots.set(edge.size, edge.root());
  }
  return roots;
}

function numbered(entries: Rows): readonly RowFinding[] {
  const wrong = entries.findIndex(({ idx }, i) => Number(idx) !== i);
  if (wrong < 0) return [];
  return [missing('tlog.entry', `idx=${wrong}`, 'The entry is gone: the others are not numbered without a gap.')];
}

function auditTreeRow([tree]: Rows, size: number, roots: ReadonlyMap<number, Uint8Array>): readonly RowFinding[] {
  if (tree === undefined) return [missing('tlog.tree', 'the one row', 'The row of the tree is gone.')];
  const columns = [
    ...(Number(tree['size']) === size ? [] : ['size']),
    ...(equalBytes(bytesOf(tree['root']), roots.get(size)!) ? [] : ['root']),
  ];
  return columns.length === 0 ? [] : [differs('tlog.tree', 'the one row', columns, 'The tree is not the entries’.')];
}

async function auditTiles(read: ReadRows, hashes: readonly Uint8Array[]): Promise<readonly RowFinding[]> {
  const findings: RowFinding[] = [];
  const stored = new Map(
    (await read('SELECT level, n, data FROM tlog.tile')).map((row) => [
      `level=${String(row['level'])} n=${String(row['n'])}`,
      bytesOf(row['data']),
    ]),
  );
  for (const { level, n, data } of await growTiles(0, hashes, () => new Uint8Array())) {
    const row = `level=${level} n=${n}`;
    const given = stored.get(row);
    stored.delete(row);
    if (given === undefined) findings.push(missing('tlog.tile', row, 'The tile is gone.'));
    else if (!equalBytes(given, data))
      findings.push(differs('tlog.tile', row, ['data'], 'The tile is not that of the entries.'));
  }
  for (const row of stored.keys()) findings.push(unrecorded('tlog.tile', row));
  return findings;
}

function auditNote(
  table: string,
  { size, note, first_at: firstAt }: Rows[number],
  roots: ReadonlyMap<number, Uint8Array>,
  policy: Policy,
): readonly RowFinding[] {
  const row = `size=${Number(size)}`;
  const wrong = (columns: readonly string[], sentence: string): readonly RowFinding[] => [
    differs(table, row, columns, sentence),
  ];
  try {
    const checkpoint = examineCheckpoint(policy, note as string, verifyEd25519);
    if (checkpoint.size !== Number(size)) return wrong(['size', 'note'], 'The note is of another size.');
    const root = roots.get(checkpoint.size);
    if (root === undefined || !equalBytes(checkpoint.root, root))
      return wrong(['note'], 'The checkpoint is not one of these entries.');
    if (firstAt === undefined) return [];
    if (!checkpoint.quorumMet) return wrong(['note'], 'The checkpoint has no quorum of witnesses.');
    const apart = Math.abs((firstAt as Date).getTime() / 1000 - (checkpoint.quorumTime ?? 0));
    return apart > CLOCKS_APART_S ? wrong(['first_at'], 'The witnesses saw it at another time.') : [];
  } catch (error) {
    return wrong(['note'], `The checkpoint is refused: ${(error as Error).message}.`);
  }
}

/** What was published was signed. */
function auditSizes(signed: ReadonlySet<number>, published: ReadonlySet<number>): readonly RowFinding[] {
  const why = 'A checkpoint was published that is not among the signed ones.';
  return [...published]
    .filter((size) => !signed.has(size))
    .map((size) => missing('tlog.checkpoint', `size=${size}`, why));
}

/** An interval ends with what one batch left, and every batch is signed; the newest may be about to be. And as the sequencer
 *  ends it, at a multiple of eight leaves of which the last is a heartbeat, however busy the machine is: at another signed
 *  size it would show the public when a bid came. Where there is no heartbeat yet every batch may end one. */
export function auditIntervals(
  ended: ReadonlySet<number>,
  signed: ReadonlySet<number>,
  entries: Rows,
): readonly RowFinding[] {
  const wrong = (size: number, why: string): RowFinding => differs('tlog.interval', `size=${size}`, ['size'], why);
  const first = entries.findIndex(isHeartbeat);
  const begun = first < 0 ? entries.length : first;
  return [...ended].flatMap((size) => {
    if (!signed.has(size) && size !== entries.length)
      return [wrong(size, 'The log was never signed at the size at which this interval is said to have ended.')];
    if (size <= begun || (size % INTERVAL_LEAVES === 0 && isHeartbeat(entries[size - 1]))) return [];
    return [wrong(size, 'No heartbeat ends an interval there: the log was shown at a moment of somebody’s choosing.')];
  });
}

function isHeartbeat(entry: Rows[number] | undefined): boolean {
  const data = entry === undefined ? new Uint8Array() : bytesOf(entry['data']);
  // Most leaves are blinded, of 33 bytes.
  if (data.length <= 33) return false;
  try {
    const leaf = parseLeaf(data);
    return !leaf.blinded && decodeEntry(leaf.entryBytes).type === 'log.heartbeat';
  } catch {
    return false;
  }
}
