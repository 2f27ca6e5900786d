/** The published offers are the files that were inside the sealed bids. */
import { fromBase64, sha256, toBase64, utf8Text, type Canonical } from '@segel/encoding';
import { parseOffer, type OpenedBid } from '@segel/procurement';
import { PRICE_FORM_PATH, verifyFileProof } from '@segel/sealing';
import type { EvidenceOpened } from '../evidence.js';
import type { Findings } from '../report.js';
import { text, type Box, type TenderView } from '../tender-view.js';
import type { LogEntry } from './entries.js';

export function offersCheck(view: TenderView, found: Findings): void {
  for (const box of view.boxes.filter(({ lotId }) => view.isOpened(lotId))) {
    const shown = view.bidsOf(box).filter((bid) => view.opened(text(bid.entry.body, 'bid_id'))?.offer !== undefined);
    if (shown.length === 0 && box.count > 0) {
      found.cannot(`offers of lot ${box.lotId}`, 'offers become public with the intended award');
      continue;
    }
    for (const bid of view.bidsOf(box)) checkOffer(view, bid, found);
  }
}

function checkOffer(view: TenderView, bid: LogEntry, found: Findings): void {
  const bidId = text(bid.entry.body, 'bid_id');
  const where = { entry: bid.index, bid: bidId };
  const outcome = outcomeOf(view, bid);
  const offer = view.opened(bidId)?.offer;
  if (outcome?.entry.body['outcome'] !== 'opened') return;
  if (offer === undefined) {
    found.warn('offer_missing', 'The bid was opened; that it holds no readable form is the opening’s word.', where);
    return;
  }
  const bytes = fromBase64(offer.bytes);
  const { file } = offer.proof;
  const root = fromBase64(text(outcome.entry.body, 'plaintext_root'));
  if (!verifyFileProof(offer.proof, root) || file.path !== PRICE_FORM_PATH) {
    found.error('offer_unproven', 'The offer is not proven to be the form that was in the sealed bid.', where);
  }
  if (file.sha256 !== toBase64(sha256(bytes)) || file.size !== bytes.length) {
    found.error('offer_altered', 'The published offer is not the form that was in the sealed bid.', where);
  }
}

/** The `bid.opened` of a bid. */
export function outcomeOf(view: TenderView, bid: LogEntry): LogEntry | undefined {
  return view.of('bid.opened').find(({ entry }) => entry.body['bid_commitment'] === bid.commitment);
}

/** The bids of a box as the evaluation takes them. */
export function openedBids(view: TenderView, box: Box): readonly OpenedBid[] {
  return view.bidsOf(box).map((bid) => {
    const bidId = text(bid.entry.body, 'bid_id');
    const common = {
      bidId,
      commitment: bid.commitment ?? '',
      vendorId: text(bid.entry.body, 'vendor_id'),
      index: bid.index,
    };
    const outcome = text(outcomeOf(view, bid)?.entry.body ?? {}, 'outcome');
    if (outcome !== 'opened') return { ...common, offer: null, failure: outcome as 'undecryptable' };
    return { ...common, ...readOffer(view.opened(bidId)?.offer) };
  });
}

function readOffer(
  given: EvidenceOpened['offer'],
):
  | Pick<Extract<OpenedBid, { failure: string }>, 'offer' | 'failure'>
  | Pick<Extract<OpenedBid, { offer: object }>, 'offer'> {
  try {
    return { offer: parseOffer(JSON.parse(utf8Text(fromBase64(given?.bytes ?? ''))) as Canonical) };
  } catch {
    return { offer: null, failure: 'offer_malformed' };
  }
}
