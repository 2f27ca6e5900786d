/** The bid page at work: checks what is filled in, seals it in a worker, sends it, and shows the verified receipt. */
import type { BidIsland } from '../../bidding/bid-island.js';
import { checkBid } from '../../bidding/checks.js';
import { formats } from '../../words/formats.js';
import type { sealing as sealingWords } from '../../words/id/bidding.js';
import type { elsewhere as elsewhereWords } from '../../words/id/offline.js';
import { sayIn } from '../../words/translate.js';
import { forgetKey } from '../keys/kept-key.js';
import { dataOf, part } from '../page-data.js';
import type { FreshBid, Place, SealRequest } from '../sealing/messages.js';
import { SealingClient } from '../sealing/sealing-client.js';
import { offerKit, onBring } from './elsewhere.js';
import { leftUntil, showLeft } from './countdown.js';
import { Fields } from './fields.js';
import { forgetLog, knownLog, remember, trustedPolicy } from './known-log.js';
import { ProgressPanel } from './progress.js';
import { showReceipt } from './receipt.js';
import { waitingBids, type WaitingBid } from './waiting.js';

/** Where the terms let sealed files follow, a bid goes ahead of them when so little time is left. */
const COMMIT_FIRST_MS = 10 * 60_000;

const data = dataOf<BidIsland>('bid');
const { form } = data;
const say = sayIn<typeof sealingWords & typeof elsewhereWords>(data.locale, data.words);
const area = (id: string): HTMLElement => part(id, HTMLElement);
const left = leftUntil(data.deadlineAt, data.now);
const fields = new Fields(data, say);
const panel = new ProgressPanel(data, say);
const sealing = new SealingClient(
  {
    onProgress: (phase, done, total) => panel.show(phase, done, total),
    onWarning: (warning) => panel.warn(warning),
  },
  data.formToken,
);

/** The bid that is sealed and not received yet. */
let underWay: Place | undefined;
let isInMemory = false;

const stay = (event: BeforeUnloadEvent): void => event.preventDefault();

/** Seals what is filled in, and sends it. */
async function sealAndSend(): Promise<void> {
  const { faults, offer } = checkBid(form, fields.filled(), data.locale);
  const { keyFile } = fields;
  if (fields.refuses(faults) || offer === undefined || keyFile === undefined) return;
  const { tenderId, lotId } = form;
  const files = offer.documents.map(({ slotId, path }) => ({ path, file: fields.file(slotId)! }));
  const { vendorId, keys, replaces, offerId } = data;
  await working(async () => {
    const policy = await trustedPolicy();
    const asked: SealRequest = {
      tenderId,
      lotId,
      vendorId,
      keys,
      offer,
      files,
      keyFile,
      policy,
      passphrase: fields.passphrase,
      known: knownLog()?.checkpoint,
      ...(replaces === undefined ? {} : { replaces }),
      ...(offerId === undefined ? {} : { offerId }),
    };
    // Only now would a closed page lose work; what is sealed goes on another time.
    addEventListener('beforeunload', stay);
    const bid = await sealing.seal(asked).finally(() => fields.forgetPassphrase());
    remember(policy, bid.checkpoint);
    await sendSealed(policy, bid);
  });
  // Also when it came to no sealing.
  fields.forgetPassphrase();
}

/** Sends a bid that this browser has now, sealed here or brought here. */
async function sendSealed(policy: string, { tenderId, bidId, kept }: FreshBid): Promise<void> {
  isInMemory = kept === 'memory';
  if (!isInMemory) removeEventListener('beforeunload', stay);
  panel.isSealed(kept);
  underWay = { tenderId, bidId };
  await sendOn(policy, underWay);
}

/** Sends a bid that waits on this device. */
async function sendWaiting(bid: Place): Promise<void> {
  underWay = { tenderId: bid.tenderId, bidId: bid.bidId };
  await working(async () => sendOn(await trustedPolicy(), bid));
}

async function sendOn(policy: string, place: Place): Promise<void> {
  const commitFirst = data.mayCommitFirst && left() < COMMIT_FIRST_MS;
  const received = await sealing.send(place, { policy, commitFirst });
  const { shared } = fields;
  if (shared) await forgetKey(data.accountId);
  underWay = undefined;
  isInMemory = false;
  showReceipt(data, say, received, shared);
}

async function working(act: () => Promise<void>): Promise<void> {
  area('waiting').hidden = true;
  panel.open(underWay !== undefined);
  try {
    await act();
  } catch (error) {
    panel.fail(error, underWay !== undefined);
  } finally {
    if (!isInMemory) removeEventListener('beforeunload', stay);
  }
}

async function showWaiting(): Promise<void> {
  const { tenderId, lotId } = form;
  const bids = await waitingBids({ tenderId, lotId, vendorId: data.vendorId });
  area('waiting-list').replaceChildren(...bids.map(lineOf));
  area('waiting').hidden = bids.length === 0 && area('waiting-status').textContent === '';
}

function lineOf(bid: WaitingBid): HTMLLIElement {
  const f = formats(data.locale);
  const [line, words, ways] = [document.createElement('li'), document.createElement('p'), document.createElement('p')];
  const { sealedAt, size, manifestSha256 } = bid;
  const fingerprint = manifestSha256.slice(0, 8);
  words.textContent = say('seal.waiting', { at: f.short(sealedAt, data.zone), size: f.bytes(size), fingerprint });
  ways.className = 'row';
  ways.append(
    button(say('seal.resume'), 'button', () => void sendWaiting(bid)),
    discarding(bid),
  );
  line.append(words, ways);
  return line;
}

/** Discarding cannot be undone: it takes two presses. */
function discarding(bid: Place): HTMLButtonElement {
  let sure = false;
  const made = button(say('seal.discard'), 'text-button', () => {
    if (!sure) {
      sure = true;
      made.textContent = say('seal.discard.sure');
      return;
    }
    void sealing.discard(bid).then(async () => {
      area('waiting-status').textContent = say('seal.discarded');
      await showWaiting();
    });
  });
  return made;
}

function button(words: string, className: string, act: () => void): HTMLButtonElement {
  const made = document.createElement('button');
  Object.assign(made, { type: 'button', className, textContent: words });
  made.addEventListener('click', act);
  return made;
}

const on = (id: string, act: () => void): void => area(id).addEventListener('click', act);
on('send', () => void sealAndSend());
on('retry', () => underWay !== undefined && void sendWaiting(underWay));
on('back', () => {
  panel.close();
  area('send').focus();
});
on('forget', () => {
  forgetLog();
  area('forget').hidden = true;
});
const elsewhere = { data, say, sealing };
offerKit(elsewhere);
let evenOld: (() => void) | undefined;
onBring(elsewhere, (bring) => {
  const take = (old: boolean): void => void working(async () => sendSealed(await trustedPolicy(), await bring(old)));
  evenOld = () => take(true);
  take(false);
});
on('anyway', () => evenOld?.());
showLeft(area('left'), left, say);
void showWaiting();
part('bid', HTMLFieldSetElement).disabled = false;
