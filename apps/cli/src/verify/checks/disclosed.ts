/** Opens what was disclosed: each blinded entry must be the one its leaf is committed to. */
import { equalBytes, fromBase64, sha256, toBase64 } from '@segel/encoding';
import { decodeEntry, ENTRY_TYPES, verifyBodySignatures } from '@segel/evidence';
import { blindedCommitment, blindedLeaf } from '@segel/tlog';
import { verifyWithNode } from '../../primitives.js';
import type { Evidence, EvidenceEntry } from '../evidence.js';
import type { Findings, ReportWriter } from '../report.js';
import type { OpenedLog } from '../verify-log.js';
import type { LogEntry } from './entries.js';

/** All readable entries of the tender, in log order: the clear ones as the log has them, the blinded ones whose
 *  opening holds. */
export function disclosedEntries(
  log: OpenedLog,
  evidence: Evidence,
  found: Findings,
  writer: Pick<ReportWriter, 'erased'>,
): readonly LogEntry[] {
  const clear = log.clear.filter(({ entry }) => entry.tenderId === evidence.tenderId);
  if (clear.length === 0) found.error('tender_unknown', 'The log has no entry of this tender.');
  const opened = evidence.entries.flatMap((given) => openEntry(log, given, evidence.tenderId, { found, writer }));
  const twice = repeatedIndex(opened);
  if (twice !== undefined) found.error('entry_twice', `Entry ${twice} is disclosed twice.`, { entry: twice });
  return [...clear, ...opened].toSorted((a, b) => a.index - b.index);
}

type Told = { readonly found: Findings; readonly writer: Pick<ReportWriter, 'erased'> };

function openEntry(log: OpenedLog, given: EvidenceEntry, tenderId: string, told: Told): readonly LogEntry[] {
  const { index } = given;
  const { found } = told;
  const where = { entry: index };
  if (given.salt === undefined) {
    if (log.kept.has(index)) unopened(log, given, told);
    return [];
  }
  const commitment = log.kept.get(index);
  const bytes = fromBase64(given.entryBytes);
  if (commitment === undefined || !equalBytes(blindedCommitment(fromBase64(given.salt), bytes), commitment)) {
    found.error('commitment_mismatch', `What is disclosed as entry ${index} is not what the log has there.`, where);
    return [];
  }
  if (toBase64(sha256(blindedLeaf(commitment))) !== given.leafSha256) {
    found.error('leaf_mismatch', `The leaf hash stated for entry ${index} is not its own.`, where);
  }
  const entry = decodeEntry(bytes);
  if (ENTRY_TYPES[entry.type].form !== 'blinded' || entry.type !== given.type) {
    found.error('entry_type', `Entry ${index} is of another type than it is disclosed as.`, where);
  }
  if (!verifyBodySignatures(entry, verifyWithNode)) {
    found.error('signature_invalid', `A signature of ${entry.type} does not hold.`, where);
  }
  if (entry.tenderId !== tenderId) {
    found.error('entry_of_other_tender', `Entry ${index} is of another tender.`, where);
    return [];
  }
  return [{ index, entry, entrySha256: toBase64(sha256(bytes)), commitment: toBase64(commitment) }];
}

/** A blinded entry of the tender without its opening: erased, if an entry of the log says so. Bids and padding cannot be
 *  erased while they matter: an erasure must not hide one. */
function unopened(log: OpenedLog, { index, type }: EvidenceEntry, { found, writer }: Told): void {
  const erasure = log.erased.get(toBase64(log.kept.get(index)!));
  const where = { entry: index };
  if (erasure === undefined) {
    found.error('entry_unopened', `Entry ${index} is blinded and nothing opens it.`, where);
  } else if (erasure.type.startsWith('bid.') || type.startsWith('bid.') || erasure.type === 'chaff') {
    found.error('bid_erased', `The readable form of ${erasure.type} was erased: bids must be kept.`, where);
  } else {
    if (!erasure.byTwo) found.error('erased_by_one', 'One person alone had an entry erased.', { entry: erasure.index });
    writer.erased({ entry: index, type: erasure.type, reason: erasure.reason });
  }
}

function repeatedIndex(entries: readonly LogEntry[]): number | undefined {
  const seen = new Set<number>();
  return entries.find(({ index }) => seen.size === seen.add(index).size)?.index;
}
