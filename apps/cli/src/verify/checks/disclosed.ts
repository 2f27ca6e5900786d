/** Opens what was disclosed: each blinded entry must be the one its leaf is committed to. */
import { equalBytes, fromBase64, sha256, toBase64 } from '@segel/encoding';
import { decodeEntry, ENTRY_TYPES, verifyBodySignatures } from '@segel/evidence';
import { blindedCommitment, blindedLeaf } from '@segel/tlog';
import { verifyWithNode } from '../../primitives.js';
import type { Evidence, EvidenceEntry } from '../evidence.js';
import type { Findings } from '../report.js';
import type { OpenedLog } from '../verify-log.js';
import type { LogEntry } from './entries.js';

/** All readable entries of the tender, in log order: the clear ones as the log has them, the blinded ones whose
 *  opening holds. */
export function disclosedEntries(log: OpenedLog, evidence: Evidence, found: Findings): readonly LogEntry[] {
  const clear = log.clear.filter(({ entry }) => entry.tenderId === evidence.tenderId);
  if (clear.length === 0) found.error('tender_unknown', 'The log has no entry of this tender.');
  const opened = evidence.entries.flatMap((given) => openEntry(log, given, evidence.tenderId, found));
  const twice = repeatedIndex(opened);
  if (twice !== undefined) found.error('entry_twice', `Entry ${twice} is disclosed twice.`, { entry: twice });
  return [...clear, ...opened].toSorted((a, b) => a.index - b.index);
}

function openEntry(log: OpenedLog, given: EvidenceEntry, tenderId: string, found: Findings): readonly LogEntry[] {
  const { index } = given;
  const where = { entry: index };
  const commitment = log.kept.get(index);
  if (given.salt === undefined) {
    // An erasure is judged with all others: see erasures.ts.
    if (commitment !== undefined && !log.erased.has(toBase64(commitment)))
      found.error('entry_unopened', `Entry ${index} is blinded and nothing opens it.`, where);
    return [];
  }
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

function repeatedIndex(entries: readonly LogEntry[]): number | undefined {
  const seen = new Set<number>();
  return entries.find(({ index }) => seen.size === seen.add(index).size)?.index;
}
