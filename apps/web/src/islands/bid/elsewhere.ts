/** The kit that goes to a computer without a network, and the sealed bid that comes back from there. */
import type { BidIsland } from '../../bidding/bid-island.js';
import { formats } from '../../words/formats.js';
import type { elsewhere } from '../../words/id/offline.js';
import type { Say } from '../../words/translate.js';
import { failureWords } from '../key-input.js';
import { part } from '../page-data.js';
import type { FreshBid, LogTrust } from '../sealing/messages.js';
import type { SealingClient } from '../sealing/sealing-client.js';
import { ActFailed } from '../worker-client.js';
import { knownLog, remember, trustedPolicy } from './known-log.js';

type Elsewhere = { readonly data: BidIsland; readonly say: Say<typeof elsewhere>; readonly sealing: SealingClient };

const trustOf = async ({ form: { tenderId } }: BidIsland): Promise<LogTrust> => ({
  tenderId,
  policy: await trustedPolicy(),
  known: knownLog()?.checkpoint,
});

/** Gives the kit as a file, checked against the log, under the button that asks for it, with the letters to compare it by.
 *  An old state of the log could hide a notice with other openers: the person says whether to go on. */
export function offerKit({ data, say, sealing }: Elsewhere): void {
  const button = part('kit', HTMLButtonElement);
  const status = part('kit-status', HTMLElement);
  const anyway = part('kit-anyway', HTMLButtonElement);
  const make = async (evenOld: boolean): Promise<void> => {
    button.disabled = true;
    anyway.hidden = true;
    status.textContent = say('elsewhere.kit.busy');
    const { vendorId, keys, standing } = data;
    try {
      const trust = await trustOf(data);
      const made = await sealing.kit({ ...trust, vendorId, keys, standing, evenOld });
      remember(trust.policy, made.checkpoint);
      const name = `${data.title.slice(0, 60).replace(/[^\p{L}\p{N}]+/gu, '-')}.kit.json`;
      const link = document.createElement('a');
      const href = URL.createObjectURL(made.file);
      Object.assign(link, { href, download: name, className: 'button', textContent: say('elsewhere.kit.save') });
      status.replaceChildren(link, ...comparedBy(say, made.fingerprint));
      link.focus();
    } catch (error) {
      status.textContent = failureWords(data.failures, error);
      anyway.hidden = !(error instanceof ActFailed && error.code === 'log_old');
    } finally {
      button.disabled = false;
    }
  };
  button.addEventListener('click', () => void make(false));
  anyway.addEventListener('click', () => void make(true));
}

function comparedBy(say: Say<typeof elsewhere>, fingerprint: string): readonly HTMLElement[] {
  const [words, letters] = [document.createElement('span'), document.createElement('b')];
  words.textContent = say('elsewhere.kit.compare');
  Object.assign(letters, { id: 'kit-fingerprint', className: 'hash', textContent: fingerprint });
  return [words, letters];
}

/** Takes a chosen bundle into this browser. @param take what is done with it, on the panel of progress */
export function onBring(
  { data, say, sealing }: Elsewhere,
  take: (bring: (evenOld: boolean) => Promise<FreshBid>) => void,
): void {
  const field = part('bundle', HTMLInputElement);
  const state = part('bundle-state', HTMLElement);
  const wrong = part('bundle-wrong', HTMLElement);
  const none = state.textContent;
  const { bytes } = formats(data.locale);
  field.addEventListener('change', () => {
    const file = field.files?.[0];
    wrong.hidden = true;
    state.textContent =
      file === undefined ? none : say('elsewhere.chosen', { name: file.name, size: bytes(file.size) });
  });
  part('bring', HTMLButtonElement).addEventListener('click', () => {
    const bundle = field.files?.[0];
    wrong.hidden = bundle !== undefined;
    wrong.textContent = say('elsewhere.missing');
    if (bundle === undefined) return field.focus();
    const { form, vendorId, keys, replaces } = data;
    take(async (evenOld) => {
      const trust = await trustOf(data);
      const replaced = replaces === undefined ? {} : { replaces };
      const bid = await sealing.carry({ ...trust, lotId: form.lotId, vendorId, keys, bundle, evenOld, ...replaced });
      remember(trust.policy, bid.checkpoint);
      return bid;
    });
  });
}
