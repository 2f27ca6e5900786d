/** The panel of a bid that was received: its receipt was verified in the worker before this is shown. */
import type { BidIsland } from '../../bidding/bid-island.js';
import { formats } from '../../words/formats.js';
import type { sealing } from '../../words/id/bidding.js';
import type { Say } from '../../words/translate.js';
import { part } from '../page-data.js';
import type { SubmittedBid } from '../sealing/messages.js';

const area = (id: string): HTMLElement => part(id, HTMLElement);
const link = (id: string): HTMLAnchorElement => part(id, HTMLAnchorElement);

export function showReceipt(data: BidIsland, say: Say<typeof sealing>, bid: SubmittedBid, shared: boolean): void {
  const { bidId, submittedAt, seenAt, index, manifestSha256, receipt, seedFile } = bid;
  const { moment } = formats(data.locale);
  area('receipt-at').textContent = moment(submittedAt, data.zone);
  area('receipt-seen').textContent = seenAt === undefined ? '' : moment(new Date(seenAt), data.zone);
  link('receipt-index').textContent = String(index);
  link('receipt-index').href = `${data.entries}/${index}`;
  area('receipt-sha').textContent = manifestSha256;
  offer('receipt-file', new Blob([receipt], { type: 'text/plain' }), `${bidId}.receipt.tlog-proof`);
  // One that was sealed elsewhere was saved there, and never came here.
  for (const id of ['receipt-seed', 'receipt-seed-why']) area(id).hidden = seedFile === undefined;
  if (seedFile !== undefined) offer('receipt-seed', seedFile, `${bidId}.seed.age`);
  link('receipt-pdf').href = `${data.page}/${bidId}/tanda-terima.pdf`;
  link('receipt-page').href = `${data.page}/${bidId}`;
  const names = bid.notIndependent.join(', ');
  const notes = [
    ...(bid.committed ? [say('seal.receipt.committed')] : []),
    ...(names === '' ? [] : [say('seal.receipt.own_witnesses', { names })]),
    ...(shared ? [say('seal.shared.done')] : []),
  ];
  area('receipt-notes').replaceChildren(...notes.map(lineOf));
  area('receipt-notes').hidden = notes.length === 0;
  area('progress').hidden = true;
  area('receipt').hidden = false;
  area('receipt-title').focus();
}

function lineOf(words: string): HTMLLIElement {
  const line = document.createElement('li');
  line.textContent = words;
  return line;
}

function offer(id: string, file: Blob, name: string): void {
  link(id).href = URL.createObjectURL(file);
  link(id).download = name;
}
