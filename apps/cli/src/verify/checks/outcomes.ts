/** Every bid of the box was opened once, with an outcome; what was opened was in the box. */
import type { Findings } from '../report.js';
import type { LogEntry } from './entries.js';
import { lotOf, text, type Box, type TenderView } from '../tender-view.js';

export function outcomesCheck(view: TenderView, found: Findings): void {
  for (const box of view.boxes.filter(({ lotId }) => view.isOpened(lotId))) {
    const outcomes = view.of('bid.opened').filter((entry) => lotOf(entry) === box.lotId);
    const set = new Set(view.bidsOf(box).map(({ commitment }) => commitment));
    for (const { index, entry } of outcomes) {
      const where = { entry: index, bid: text(entry.body, 'bid_id') };
      if (!set.has(text(entry.body, 'bid_commitment'))) {
        found.error('opened_unknown', 'A bid was opened that was not in the box.', where);
      }
      if ((entry.body['outcome'] === 'opened') !== (entry.body['plaintext_root'] !== undefined)) {
        found.error('outcome_root', 'An outcome and its plaintext root do not go together.', where);
      }
    }
    for (const bid of view.bidsOf(box)) {
      const count = outcomes.filter(({ entry }) => entry.body['bid_commitment'] === bid.commitment).length;
      if (count === 1) continue;
      const where = { entry: bid.index, bid: text(bid.entry.body, 'bid_id') };
      found.error('outcome_count', `The log has ${count} outcomes of the bid instead of one.`, where);
    }
    checkShown(view, outcomes, found);
    checkAuthorised(view, box, found);
    checkTotals(view, box, outcomes.filter(({ entry }) => entry.body['outcome'] === 'opened').length, found);
  }
}

/** What the server shows of a bid is what it logged when it opened it. */
function checkShown(view: TenderView, outcomes: readonly LogEntry[], found: Findings): void {
  for (const { index, entry } of outcomes) {
    const shown = view.evidence.opened.find(({ commitment }) => commitment === entry.body['bid_commitment']);
    if (shown === undefined) continue;
    const same = shown.outcome === entry.body['outcome'] && shown.plaintextRoot === entry.body['plaintext_root'];
    if (same && shown.bidId === entry.body['bid_id']) continue;
    const where = { entry: index, bid: text(entry.body, 'bid_id') };
    found.error('outcome_shown', 'The outcome that is shown is not the one in the log.', where);
  }
}

function checkAuthorised(view: TenderView, box: Box, found: Findings): void {
  for (const { index, entry } of view.ofBox(box, 'opening.authorised')) {
    if (entry.body['set_root'] === box.setRoot && entry.body['count'] === box.count) continue;
    found.error('authorised_other', 'Another set was authorised to be opened than the frozen one.', { entry: index });
  }
}

function checkTotals(view: TenderView, box: Box, opened: number, found: Findings): void {
  for (const { index, entry } of view.ofBox(box, 'opening.completed')) {
    if (entry.body['opened'] === opened && entry.body['rejected'] === box.count - opened) continue;
    found.error('totals_differ', 'The totals of the opening are not those of its outcomes.', {
      entry: index,
      lot: box.lotId,
    });
  }
}
