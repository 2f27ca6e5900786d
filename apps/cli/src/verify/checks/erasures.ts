/** Every erasure that concerns the tender. What an entry says of the type it erased is the operator's unsigned word: a
 *  bid erased as something else, before the auditor or the opening could show it, is what is looked for here. */
import { toBase64 } from '@segel/encoding';
import { isKept, keptUntil, type EntryTypeName } from '@segel/evidence';
import { parseLeaf, TILE_WIDTH } from '@segel/tlog';
import type { Evidence } from '../evidence.js';
import type { Findings, ReportWriter } from '../report.js';
import type { OpenedLog } from '../verify-log.js';
import type { Erasure, LogEntry } from './entries.js';

type Told = { readonly found: Findings; readonly writer: Pick<ReportWriter, 'erased'> };

/** An erased leaf: what the erasure, the evidence and, where it is known after all, the opening say of its type. */
type ErasedLeaf = { readonly index: number; readonly erasure: Erasure; readonly types: readonly string[] };

/** From where to where the leaves of a lot must all be opened by the auditor, and the entry after which they need not. */
type Period = { readonly from: number; readonly cut: number; readonly over: number };

/** Judges and lists the erasures of the tender's disclosed leaves and of all leaves of its period, which the evidence
 *  need not list. `entries` are the readable ones of the tender. */
export async function erasuresCheck(
  log: OpenedLog,
  evidence: Evidence,
  entries: readonly LogEntry[],
  told: Told,
): Promise<void> {
  if (log.erased.size === 0) return;
  const periods = periodsOf(entries);
  const leaves = new Map<number, ErasedLeaf>();
  for (const leaf of await erasedIn(log, periods)) leaves.set(leaf.index, leaf);
  for (const { index, type } of evidence.entries) {
    const commitment = log.kept.get(index);
    const erasure = commitment && log.erased.get(toBase64(commitment));
    if (erasure === undefined) continue;
    const opened = entries.find((entry) => entry.index === index)?.entry.type;
    leaves.set(index, { index, erasure, types: [erasure.type, opened ?? type] });
  }
  for (const leaf of [...leaves.values()].toSorted((a, b) => a.index - b.index)) judge(leaf, periods, log, told);
}

function judge({ index, erasure, types }: ErasedLeaf, periods: readonly Period[], log: OpenedLog, told: Told): void {
  const { found, writer } = told;
  const where = { entry: index };
  writer.erased({ entry: index, type: erasure.type, reason: erasure.reason });
  if (periods.some(({ from, cut, over }) => index > from && index < cut && erasure.index < over))
    found.error('erased_in_period', `Entry ${index} was erased before the box it may have been in was opened.`, where);
  if (!erasure.byTwo) found.error('erased_by_one', 'One person alone had an entry erased.', { entry: erasure.index });
  if (new Set(types).size > 1)
    found.error('erased_otherwise', `Entry ${index} was erased as ${types[0]} and was ${types[1]}.`, where);
  const kept = types.find((type) => isKept(type as EntryTypeName));
  if (kept === undefined || retentionEnded(log, index, erasure)) return;
  if (kept.startsWith('bid.') || kept === 'chaff')
    found.error('bid_erased', `The readable form of ${kept} was erased: bids must be kept.`, where);
  else found.error('kept_erased', `The readable form of ${kept} was erased: it must be kept for years.`, where);
}

/** The entry is older than the next clear one; counted from there, its years were over. */
function retentionEnded(log: OpenedLog, index: number, erasure: Erasure): boolean {
  const next = log.clear.find((entry) => entry.index > index);
  return next !== undefined && next.index < erasure.index && erasure.at >= keptUntil(next.entry.at);
}

function periodsOf(entries: readonly LogEntry[]): readonly Period[] {
  const clear = entries.filter(({ commitment }) => commitment === undefined);
  const published = clear.find(({ entry }) => entry.type === 'tender.published');
  if (published === undefined) return [];
  const lots = published.entry.body['lots'] as readonly { readonly id: string }[];
  return lots.map(({ id }) => {
    const ofLot = clear.filter(({ entry }) => (entry.lotId ?? entry.body['lot_id'] ?? id) === id);
    const cuts = ofLot.filter(({ entry }) => entry.type === 'box.closed').map(({ entry }) => entry.body['cut_size']);
    const over = ofLot.find(({ entry }) => ENDS.has(entry.type))?.index ?? Infinity;
    return { from: published.index, cut: cuts.length === 0 ? Infinity : Math.max(...(cuts as number[])), over };
  });
}

/** A lot that is opened, or that never will be. */
const ENDS: ReadonlySet<string> = new Set(['opening.completed', 'tender.failed', 'tender.cancelled']);

/** The erased leaves of the periods. Erasures stand after their leaves, so the leaves are read once more. */
async function erasedIn(log: OpenedLog, periods: readonly Period[]): Promise<readonly ErasedLeaf[]> {
  const from = Math.min(...periods.map((period) => period.from));
  const to = Math.min(log.checkpoint.size, Math.max(...periods.map(({ cut }) => cut)));
  const leaves: ErasedLeaf[] = [];
  for (let n = Math.floor(from / TILE_WIDTH); n * TILE_WIDTH < to; n++) {
    for (const [i, data] of (await log.tree.bundle(n)).entries()) {
      const index = n * TILE_WIDTH + i;
      const erasure = index > from && index < to ? erasureOf(log, data) : undefined;
      if (erasure !== undefined) leaves.push({ index, erasure, types: [erasure.type] });
    }
  }
  return leaves;
}

function erasureOf(log: OpenedLog, data: Uint8Array): Erasure | undefined {
  // A malformed leaf is a finding of the check of all entries.
  if (data.length !== BLINDED_BYTES) return undefined;
  const leaf = parseLeaf(data);
  return leaf.blinded ? log.erased.get(toBase64(leaf.commitment)) : undefined;
}

/** A kind byte and a commitment. */
const BLINDED_BYTES = 33;
