/** The log as the row audit reads it: every entry, opened where it is blinded, at its place. */
import { equalBytes, formatInstant, toBase64 } from '@segel/encoding';
import { decodeEntry, verifyBodySignatures, type Entry } from '@segel/evidence';
import { blindedCommitment, blindedLeaf, parseLeaf } from '@segel/tlog';
import { verifyEd25519 } from '../platform/log/ed25519.js';
import { bytesOf, sha256, unrecorded, type ReadRows, type RowFinding } from './row-audit-rows.js';

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
  readonly acts: readonly Act[];
  readonly findings: readonly RowFinding[];
  /** Commitments of the entries whose readable form was erased. */
  readonly erased: ReadonlySet<string>;
};

type Rows = Awaited<ReturnType<ReadRows>>;
type Leaf = { readonly index: number | undefined; readonly data: Uint8Array };
type Opening = { readonly salt: Uint8Array; readonly entryBytes: Uint8Array };

/** Reads entries, queue and openings. What cannot be read is a finding, and its rows will be missing theirs. */
export async function readLog(read: ReadRows): Promise<AuditedLog> {
  const findings: RowFinding[] = [];
  const rows = await read('SELECT idx, data FROM tlog.entry ORDER BY idx');
  const waiting = await read('SELECT id, data FROM tlog.queue ORDER BY id');
  const leaves: Leaf[] = [
    ...rows.map(({ idx, data }) => ({ index: Number(idx), data: bytesOf(data) })),
    ...waiting.map(({ data }) => ({ index: undefined, data: bytesOf(data) })),
  ];
  findings.push(...repeatedInQueue(rows, waiting));
  const openings = await readOpenings(read);
  const erased = new Set<string>();
  const acts: Act[] = [];
  for (const leaf of leaves) {
    const act = readAct(leaf, openings, findings);
    if (act === undefined) continue;
    acts.push(act);
    if (act.entry.type === 'opening.erased') erased.add(act.entry.body['commitment'] as string);
  }
  const known = new Set(acts.map(({ commitment }) => commitment));
  for (const commitment of openings.keys())
    if (!known.has(commitment)) findings.push(unrecorded('tlog.opening', `commitment=${commitment}`));
  const kept = findings.filter(({ code, row }) => code !== 'row_missing' || ![...erased].some((c) => row.endsWith(c)));
  return { acts, findings: kept, erased };
}

/** A leaf has one place in the log: the sequencer would stop at a second one. */
function repeatedInQueue(rows: Rows, waiting: Rows): readonly RowFinding[] {
  const seen = new Set(rows.map(({ data }) => toBase64(bytesOf(data))));
  return waiting.flatMap(({ id, data }) => {
    const leaf = toBase64(bytesOf(data));
    const repeated = seen.has(leaf);
    seen.add(leaf);
    const sentence = 'The leaf waits twice, or has its place in the log already.';
    return repeated ? [{ table: 'tlog.queue', row: `id=${Number(id)}`, code: 'row_repeated' as const, sentence }] : [];
  });
}

async function readOpenings(read: ReadRows): Promise<ReadonlyMap<string, Opening>> {
  const rows = await read('SELECT commitment, salt, entry_bytes FROM tlog.opening');
  return new Map(
    rows.map((row) => [
      toBase64(bytesOf(row['commitment'])),
      { salt: bytesOf(row['salt']), entryBytes: bytesOf(row['entry_bytes']) },
    ]),
  );
}

function readAct(
  { index, data }: Leaf,
  openings: ReadonlyMap<string, Opening>,
  findings: RowFinding[],
): Act | undefined {
  const place = index === undefined ? {} : { entry: index };
  const table = index === undefined ? 'tlog.queue' : 'tlog.entry';
  try {
    const leaf = parseLeaf(data);
    const opening = leaf.blinded ? openings.get(toBase64(leaf.commitment)) : undefined;
    if (leaf.blinded && opening === undefined) {
      const row = `commitment=${toBase64(leaf.commitment)}`;
      const sentence = `The readable form of entry ${index ?? 'in the queue'} is gone.`;
      findings.push({ table: 'tlog.opening', row, code: 'row_missing', ...place, sentence });
      return undefined;
    }
    const commitment = leaf.blinded ? toBase64(leaf.commitment) : null;
    if (leaf.blinded && !equalBytes(blindedCommitment(opening!.salt, opening!.entryBytes), leaf.commitment)) {
      const row = `commitment=${commitment}`;
      const sentence = `The readable form of entry ${index ?? 'in the queue'} is not the one its leaf is committed to.`;
      const columns = ['salt', 'entry_bytes'];
      findings.push({ table: 'tlog.opening', row, columns, code: 'row_differs', ...place, sentence });
      return undefined;
    }
    const bytes = leaf.blinded ? opening!.entryBytes : leaf.entryBytes;
    const entry = decodeEntry(bytes);
    if (!verifyBodySignatures(entry, verifyEd25519)) throw new Error('a signature in it does not hold');
    return {
      index,
      entry,
      at: formatInstant(entry.at),
      entrySha256: toBase64(sha256(bytes)),
      leafSha256: toBase64(sha256(leaf.blinded ? blindedLeaf(leaf.commitment) : data)),
      commitment,
    };
  } catch (error) {
    const row = `idx=${index ?? 'queued'}`;
    const sentence = `The entry cannot be read: ${(error as Error).message}.`;
    findings.push({ table, row, columns: ['data'], code: 'row_unreadable', ...place, sentence });
    return undefined;
  }
}
