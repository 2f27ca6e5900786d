/** The kit that goes to a computer without a network, and the sealed bid that comes back from there. */
import type { BidIsland } from '../../bidding/bid-island.js';
import { formats } from '../../words/formats.js';
import type { elsewhere } from '../../words/id/offline.js';
import type { Say } from '../../words/translate.js';
import { failureWords } from '../key-input.js';
import { part } from '../page-data.js';
import type { FreshBid, LogTrust } from '../sealing/messages.js';
import type { SealingClient } from '../sealing/sealing-client.js';
import { knownLog, remember, trustedPolicy } from './known-log.js';

type Elsewhere = { readonly data: BidIsland; readonly say: Say<typeof elsewhere>; readonly sealing: SealingClient };

const trustOf = async ({ form: { tenderId } }: BidIsland): Promise<LogTrust> => ({
  tenderId,
  policy: await trustedPolicy(),
  known: knownLog()?.checkpoint,
});

/** Gives the kit as a file, checked against the log, under the button that asks for it. */
export function offerKit({ data, say, sealing }: Elsewhere): void {
  const button = part('kit', HTMLButtonElement);
  const status = part('kit-status', HTMLElement);
  button.addEventListener('click', () => {
    button.disabled = true;
    status.textContent = say('elsewhere.kit.busy');
    const { vendorId, keys, standing } = data;
    void trustOf(data)
      .then(async (trust) => {
        const { file, checkpoint } = await sealing.kit({ ...trust, vendorId, keys, standing });
        remember(trust.policy, checkpoint);
        const name = `${data.title.slice(0, 60).replace(/[^\p{L}\p{N}]+/gu, '-')}.kit.json`;
        const link = document.createElement('a');
        Object.assign(link, {
          href: URL.createObjectURL(file),
          download: name,
          textContent: say('elsewhere.kit.save'),
        });
        link.className = 'button';
        status.replaceChildren(link);
        link.focus();
      })
      .catch((error: unknown) => {
        status.textContent = failureWords(data.failures, error);
      })
      .finally(() => (button.disabled = false));
  });
}

/** Takes a chosen bundle into this browser. @param take what is done with it, on the panel of progress */
export function onBring({ data, say, sealing }: Elsewhere, take: (bring: () => Promise<FreshBid>) => void): void {
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
    take(async () => {
      const trust = await trustOf(data);
      const replaced = replaces === undefined ? {} : { replaces };
      const bid = await sealing.carry({ ...trust, lotId: form.lotId, vendorId, keys, bundle, ...replaced });
      remember(trust.policy, bid.checkpoint);
      return bid;
    });
  });
}
