/** The frozen box: exactly the disclosed bids, in time, and the count that was published at the close. */
import { equalBytes, fromBase64 } from '@segel/encoding';
import { validBids, type BidVersion } from '@segel/procurement';
import { setRoot } from '@segel/tlog';
import type { Findings } from '../report.js';
import { text, type Box, type TenderView } from '../tender-view.js';
import { commitmentBytes } from './bids.js';
import type { LogEntry } from './entries.js';

export function boxCheck(view: TenderView, found: Findings): void {
  for (const box of view.boxes) {
    const where = { entry: box.index, lot: box.lotId };
    const notice = view.noticeAt(box.index);
    if (notice?.entrySha256 !== box.latestNoticeSha256) {
      found.error('box_notice', 'The box names another notice than the latest one.', where);
    }
    if (view.deadlineAt(box.index) !== box.deadline.toISOString()) {
      found.error(
        'box_deadline',
        'The box names another deadline than the notice, and no outage moved it there.',
        where,
      );
    }
    if (box.at < box.deadline) found.error('box_early', 'The box was closed before the deadline.', where);
    if (box.cutSize > box.index) found.error('box_cut', 'The box was cut after it was closed.', where);
    checkClosing(view, box, found);
    if (view.isOpened(box.lotId)) checkSet(view, box, found);
  }
}

/** The entry from which on no bid was taken stands below the cut, and came after the deadline. */
function checkClosing(view: TenderView, box: Box, found: Findings): void {
  const closing = view.of('box.closing').findLast(({ index }) => index < box.index);
  if (closing === undefined || closing.index >= box.cutSize) {
    found.error('box_closing', 'The box was cut below the entry that closes the tender to bids.', { entry: box.index });
  } else if (closing.entry.at < box.deadline) {
    found.error('box_early', 'The tender was closed to bids before the deadline.', { entry: closing.index });
  }
}

function checkSet(view: TenderView, box: Box, found: Findings): void {
  const where = { entry: box.index, lot: box.lotId };
  const bids = view.bidsOf(box);
  if (bids.length !== box.count) {
    found.error('box_count', `The box held ${box.count} bids at the close; ${bids.length} are disclosed.`, where);
  }
  if (!equalBytes(setRoot(bids.map(commitmentBytes)), fromBase64(box.setRoot))) {
    found.error('set_root', 'The disclosed bids are not exactly the set that was frozen at the close.', where);
  }
  const valid = validBids({
    versions: bids.map((bid) => version(bid)),
    withdrawals: [],
    reconfirmations: reconfirmationsOf(view, box, bids).map(({ index, entry: { body } }) => ({
      index,
      bidId: text(body, 'bid_id'),
      noticeSha256: text(body, 'notice_sha256'),
    })),
    notices: view.notices
      .filter(({ index }) => index < box.index)
      .map(({ entrySha256, entry }) => ({
        noticeSha256: entrySha256,
        resealRequired: entry.body['reseal_required'] === true,
      })),
    cutSize: box.cutSize,
  });
  for (const bid of bids.filter(({ index }) => !valid.some((other) => other.index === index))) {
    const bidId = text(bid.entry.body, 'bid_id');
    found.error('bid_not_valid', 'The rules do not put this bid into the box.', { entry: bid.index, bid: bidId });
  }
}

/** Reconfirmations that the vendors of the bids signed in time: nobody else keeps a bid in the box. */
function reconfirmationsOf(view: TenderView, box: Box, bids: readonly LogEntry[]): readonly LogEntry[] {
  return view.of('bid.reconfirmed').filter(({ index, entry }) => {
    const bid = bids.find((one) => one.entry.body['bid_id'] === entry.body['bid_id']);
    const signer = view.keys.holder(entry.bodySig?.[0]?.key, index)?.vendorId;
    return bid !== undefined && signer === text(bid.entry.body, 'vendor_id') && entry.at < box.deadline;
  });
}

function version({ index, entry: { body } }: LogEntry): BidVersion {
  return {
    index,
    bidId: text(body, 'bid_id'),
    vendorId: text(body, 'vendor_id'),
    lotId: text(body, 'lot_id'),
    envelope: body['envelope'] as BidVersion['envelope'],
    noticeSha256: text(body, 'notice_sha256'),
  };
}
