/** Bids that were committed ahead of their sealed files: delivered in time, or void by the clock and by nothing else. */
import { ciphertextDueAt } from '@segel/procurement';
import type { Findings } from '../report.js';
import { text, type Box, type TenderView } from '../tender-view.js';
import type { LogEntry } from './entries.js';

/** One bid of a box with what the log says about its files. */
type Committed = {
  readonly bid: LogEntry;
  readonly precommit: boolean;
  readonly deliveries: readonly LogEntry[];
  readonly voids: readonly LogEntry[];
  readonly missing: boolean;
};

export function precommitCheck(view: TenderView, found: Findings): void {
  for (const box of view.boxes.filter(({ lotId }) => view.isOpened(lotId))) {
    const terms = view.noticeAt(box.index)?.terms;
    if (terms === undefined) {
      found.cannot(`sealed files of lot ${box.lotId}`, 'the terms are missing');
      continue;
    }
    const dueAt = ciphertextDueAt(box.deadline, terms.precommit);
    const bids = view.bidsOf(box).map((bid) => committed(view, box, bid));
    for (const one of bids) checkBid(one, dueAt, found);
    for (const entry of view.ofBox(box, 'bid.voided', 'bid.delivered')) {
      if (bids.some(({ bid }) => bid.entry.body['bid_id'] === entry.entry.body['bid_id'])) continue;
      found.error('files_of_no_bid', `${entry.entry.type} is of a bid that is not in the box.`, { entry: entry.index });
    }
    if (dueAt !== undefined) checkReleases(view, box, bids, dueAt, found);
  }
}

function committed(view: TenderView, box: Box, bid: LogEntry): Committed {
  const bidId = bid.entry.body['bid_id'];
  const about = (type: 'bid.delivered' | 'bid.voided' | 'bid.opened'): readonly LogEntry[] =>
    view.ofBox(box, type).filter(({ entry }) => entry.body['bid_id'] === bidId);
  return {
    bid,
    precommit: bid.entry.body['precommit'] === true,
    deliveries: about('bid.delivered'),
    voids: about('bid.voided'),
    missing: about('bid.opened').some(({ entry }) => entry.body['outcome'] === 'ciphertext_missing'),
  };
}

function checkBid(one: Committed, dueAt: Date | undefined, found: Findings): void {
  const { bid, precommit, deliveries, voids, missing } = one;
  const where = { entry: bid.index, bid: text(bid.entry.body, 'bid_id') };
  if (precommit && dueAt === undefined)
    found.error('precommit_not_offered', 'The bid came without its sealed files, which the terms do not allow.', where);
  for (const delivery of deliveries) checkDelivery(bid, delivery, dueAt, found);
  for (const entry of voids) checkVoid(one, entry, dueAt, found);
  if (missing !== voids.length > 0)
    found.error('void_without_outcome', 'That the bid is void, and the outcome of its opening, do not agree.', where);
  if (precommit && deliveries.length + voids.length === 0)
    found.error(
      'files_unsettled',
      'The log says neither that the sealed files of the bid came nor that it is void.',
      where,
    );
}

function checkDelivery(bid: LogEntry, { index, entry }: LogEntry, dueAt: Date | undefined, found: Findings): void {
  const where = { entry: index, bid: text(entry.body, 'bid_id') };
  if (dueAt !== undefined && entry.at >= dueAt)
    found.error('delivery_late', 'Sealed files were taken after the grace was over.', where);
  const same = (name: string): boolean => entry.body[name] === bid.entry.body[name];
  if (!same('manifest_sha256') || !same('ct_root') || index <= bid.index)
    found.error('delivery_differs', 'The sealed files that came are not those of the bid.', where);
}

function checkVoid(one: Committed, { index, entry }: LogEntry, dueAt: Date | undefined, found: Findings): void {
  const where = { entry: index, bid: text(entry.body, 'bid_id') };
  found.cannot(
    `that the sealed files of bid ${where.bid} did not come`,
    'it is the word of the operator unless the bidder holds a receipt of their delivery',
  );
  if (!one.precommit)
    found.error(
      'ordinary_bid_voided',
      'A bid was voided whose vendor did not sign that its files would follow.',
      where,
    );
  if (one.deliveries.length > 0)
    found.error('delivered_bid_voided', 'A bid was voided although the log says that its sealed files came.', where);
  if (one.voids.length > 1) found.error('void_twice', 'A bid was voided twice.', where);
  if (entry.body['bid_commitment'] !== one.bid.commitment)
    found.error('void_differs', 'The entry that voids a bid names another commitment.', where);
  if (dueAt === undefined || entry.body['due'] !== dueAt.toISOString())
    found.error('void_due', 'A bid was voided by another time than the deadline and the grace of the terms.', where);
  if (dueAt !== undefined && entry.at < dueAt)
    found.error('void_early', 'A bid was voided before the grace was over.', where);
}

/** Shares wait for the end of the grace, or for the last sealed file. */
function checkReleases(view: TenderView, box: Box, bids: readonly Committed[], dueAt: Date, found: Findings): void {
  for (const { index, entry } of view.ofBox(box, 'opening.share_released')) {
    const settled = bids
      .filter(({ precommit }) => precommit)
      .every(({ deliveries, voids }) => [...deliveries, ...voids].some((one) => one.index < index));
    if (settled || entry.at >= dueAt) continue;
    found.error('release_in_grace', 'Shares were released while sealed files of the box could still come.', {
      entry: index,
      lot: box.lotId,
    });
  }
}
