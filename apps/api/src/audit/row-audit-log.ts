/** The log as the row audit reads it: every entry, opened where it is blinded, at its place. */
import { equalBytes, formatInstant, fromBase64, toBase64 } from '@segel/encoding';
import { decodeEntry, verifyBodySignatures, type Entry } from '@segel/evidence';
import { blindedCommitment, blindedLeaf, parseLeaf } from '@segel/tlog';
import { verifyEd25519 } from '../platform/log/ed25519.js';
import type { ErasedLeaf } from './row-audit-erased.js';
import { bytesOf, differs, missing, sha256, unrecorded, type ReadRows, type RowFinding } from './row-audit-rows.js';

/** An entry whose text is known. `index` is undefined while it waits in the queue. Hashes are base64. */
export type Act = {
  readonly index: number | undefined;
  readonly entry: Entry;
  readonly at: string;
  readonly entrySha256: string;
  readonly leafSha256: string;
  readonly commitment: string | null;
};

export type AuditedLog = {
  /** All entries but chaff, of which no row tells. */
  readonly acts: readonly Act[];
  /** How many leaves were read, with chaff. */
  readonly leaves: number;
  readonly findings: readonly RowFinding[];
  readonly erased: readonly ErasedLeaf[];
};

type Rows = Awaited<ReturnType<ReadRows>>;
type Opening = { readonly salt: Uint8Array; readonly entryBytes: Uint8Array };
type Leaf = { readonly index: number | undefined; readonly data: Uint8Array; readonly opening: Opening | undefined };

/** Leaves read at once: most of a log is chaff, and must not lie in memory. */
const PAGE = 2000;
const WITH_OPENING = `LEFT JOIN tlog.opening o
  ON length(l.data) = 33 AND get_byte(l.data, 0) = 1 AND o.commitment = substring(l.data FROM 2)`;

/** Reads entries, queue and openings. What cannot be read is a finding, and its rows will be missing theirs. */
export async function readLog(read: ReadRows): Promise<AuditedLog> {
  const findings: RowFinding[] = [...(await repeatedInQueue(read))];
  const acts: Act[] = [];
  const gone = new Map<string, number>();
  let leaves = 0;
  for await (const leaf of leavesOf(read)) {
    leaves += 1;
    const { act, finding, commitment } = readLeaf(leaf);
    if (act !== undefined) acts.push(act);
    if (finding !== undefined) findings.push(finding);
    if (commitment !== undefined && leaf.index !== undefined) gone.set(commitment, leaf.index);
  }
  findings.push(...(await unrecordedOpenings(read)));
  const erased = erasedLeaves(acts, gone);
  const rows = new Set(erased.map(({ commitment }) => `commitment=${commitment}`));
  const kept = findings.filter(({ code, row }) => code !== 'row_missing' || !rows.has(row));
  return { acts, leaves, findings: kept, erased };
}

async function* leavesOf(read: ReadRows): AsyncGenerator<Leaf> {
  const page = (after: number): string =>
    `SELECT l.idx, l.data, o.salt, o.entry_bytes FROM tlog.entry l ${WITH_OPENING}
     WHERE l.idx > ${after} ORDER BY l.idx LIMIT ${PAGE}`;
  for (let after = -1; ;) {
    const rows = await read(page(after));
    yield* rows.map((row) => leafOf(row, Number(row['idx'])));
    if (rows.length < PAGE) break;
    after = Number(rows.at(-1)!['idx']);
  }
  const waiting = await read(`SELECT l.data, o.salt, o.entry_bytes FROM tlog.queue l ${WITH_OPENING} ORDER BY l.id`);
  yield* waiting.map((row) => leafOf(row, undefined));
}

function leafOf({ data, salt, entry_bytes: bytes }: Rows[number], index: number | undefined): Leaf {
  const opening = salt === null || bytes === null ? undefined : { salt: bytesOf(salt), entryBytes: bytesOf(bytes) };
  return { index, data: bytesOf(data), opening };
}

/** Leaves without their opening of which a clear entry that has its place in the log says that it was erased. */
function erasedLeaves(acts: readonly Act[], gone: ReadonlyMap<string, number>): readonly ErasedLeaf[] {
  const erased = new Map<string, ErasedLeaf>();
  for (const { entry, at, index } of acts) {
    if (entry.type !== 'opening.erased' || index === undefined) continue;
    const commitment = entry.body['commitment'] as string;
    const place = gone.get(commitment);
    if (place === undefined || erased.has(commitment)) continue;
    erased.set(commitment, {
      commitment,
      leafSha256: toBase64(sha256(blindedLeaf(fromBase64(commitment)))),
      type: entry.body['type'] as string,
      erasedAt: at,
      erasedBy: index,
      after: acts.findLast((act) => act.index !== undefined && act.index < place)?.at,
      before: acts.find((act) => act.index === undefined || act.index > place)?.at,
    });
  }
  return [...erased.values()];
}

async function unrecordedOpenings(read: ReadRows): Promise<readonly RowFinding[]> {
  const rows = await read(
    `SELECT o.commitment FROM tlog.opening o, LATERAL (SELECT '\\x01'::bytea || o.commitment AS data) l
     WHERE NOT EXISTS (SELECT FROM tlog.entry e WHERE sha256(e.data) = sha256(l.data))
       AND NOT EXISTS (SELECT FROM tlog.queue q WHERE q.data = l.data)`,
  );
  return rows.map((row) => unrecorded('tlog.opening', `commitment=${toBase64(bytesOf(row['commitment']))}`));
}

/** A leaf has one place in the log: the sequencer would stop at a second one. */
async function repeatedInQueue(read: ReadRows): Promise<readonly RowFinding[]> {
  const rows = await read(
    `SELECT q.id FROM tlog.queue q WHERE EXISTS (SELECT FROM tlog.entry e WHERE sha256(e.data) = sha256(q.data))
       OR EXISTS (SELECT FROM tlog.queue p WHERE p.data = q.data AND p.id < q.id) ORDER BY q.id`,
  );
  const sentence = 'The leaf waits twice, or has its place in the log already.';
  return rows.map(({ id }) => ({ table: 'tlog.queue', row: `id=${Number(id)}`, code: 'row_repeated', sentence }));
}

/** An act; nothing for chaff; or what is wrong, with the commitment when the opening is gone. */
type Read = { readonly act?: Act; readonly finding?: RowFinding; readonly commitment?: string };

function readLeaf({ index, data, opening }: Leaf): Read {
  const place = index === undefined ? {} : { entry: index };
  const table = index === undefined ? 'tlog.queue' : 'tlog.entry';
  try {
    const leaf = parseLeaf(data);
    const commitment = leaf.blinded ? toBase64(leaf.commitment) : null;
    if (leaf.blinded && opening === undefined) {
      const sentence = `The readable form of entry ${index ?? 'in the queue'} is gone.`;
      const row = `commitment=${commitment}`;
      return { commitment: commitment!, finding: { ...missing('tlog.opening', row, sentence), ...place } };
    }
    if (leaf.blinded && !equalBytes(blindedCommitment(opening!.salt, opening!.entryBytes), leaf.commitment)) {
      const sentence = `The readable form of entry ${index ?? 'in the queue'} is not the one its leaf is committed to.`;
      const columns = ['salt', 'entry_bytes'];
      return { finding: { ...differs('tlog.opening', `commitment=${commitment}`, columns, sentence), ...place } };
    }
    const bytes = leaf.blinded ? opening!.entryBytes : leaf.entryBytes;
    if (leaf.blinded && isChaff(bytes)) return {};
    const entry = decodeEntry(bytes);
    if (!verifyBodySignatures(entry, verifyEd25519)) throw new Error('a signature in it does not hold');
    const at = formatInstant(entry.at);
    const hashes = { entrySha256: toBase64(sha256(bytes)), leafSha256: toBase64(sha256(data)) };
    return { act: { index, entry, at, ...hashes, commitment } };
  } catch (error) {
    const sentence = `The entry cannot be read: ${(error as Error).message}.`;
    const where = { table, row: `idx=${index ?? 'queued'}`, columns: ['data'] };
    return { finding: { ...where, code: 'row_unreadable', ...place, sentence } };
  }
}

function isChaff(bytes: Uint8Array): boolean {
  return (JSON.parse(new TextDecoder().decode(bytes)) as { readonly type?: unknown } | null)?.type === 'chaff';
}
