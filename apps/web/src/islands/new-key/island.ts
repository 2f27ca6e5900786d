/** Makes a signing key here, has it saved, and registers it only when its owner proved to have the file and the
 *  passphrase: a key that was never backed up is a key that will be lost. */
import { sayIn, type Locale, type Translated } from '../../words/translate.js';
import type { signing } from '../../words/id/forms.js';
import type { keys as keyWords } from '../../words/id/keys.js';
import { keepKey } from '../keys/kept-key.js';
import { keysClient } from '../keys/keys-client.js';
import { dataOf, part } from '../page-data.js';
import { ActFailed } from '../worker-client.js';

type Words = typeof keyWords & typeof signing;
type Data = {
  readonly locale: Locale;
  readonly words: Translated<Words>;
  readonly accountId: string;
  readonly vendorId?: string;
  readonly escrow: boolean;
};

/** Below that a stolen file is opened by guessing. */
const LENGTH_MIN = 12;

const { locale, words, accountId, vendorId, escrow } = dataOf<Data>('new-key');
const say = sayIn<Words>(locale, words);
const client = keysClient();
const input = (id: string): HTMLInputElement => part(id, HTMLInputElement);
const making = part('making', HTMLFormElement);
const proving = part('proving', HTMLFormElement);

async function make(): Promise<void> {
  const status = part('making-status', HTMLElement);
  const passphrase = input('passphrase').value;
  if (passphrase.length < LENGTH_MIN) return refuse(status, say('keys.short'), input('passphrase'));
  if (passphrase !== input('repeat').value) return refuse(status, say('keys.differs'), input('repeat'));
  status.textContent = say('keys.making');
  const { keyFile, key } = await client.ask('make', { passphrase, escrow });
  const link = part('save', HTMLAnchorElement);
  link.href = URL.createObjectURL(keyFile);
  link.download = `segel-${key.slice(0, 6).replace(/[+/]/g, '-')}.age`;
  part('saving', HTMLElement).hidden = false;
  status.textContent = '';
  link.focus();
}

async function prove(): Promise<void> {
  const status = part('proving-status', HTMLElement);
  const keyFile = input('file').files?.[0];
  const passphrase = input('proof').value;
  if (keyFile === undefined) return refuse(status, say('sign.no_file'), input('file'));
  if (passphrase === '') return refuse(status, say('sign.no_passphrase'), input('proof'));
  status.textContent = say('keys.proving');
  const whose = { accountId, ...(vendorId === undefined ? {} : { vendorId }) };
  try {
    const { key, sig, escrowRecipient = '' } = await client.ask('register', { keyFile, passphrase, ...whose });
    input('key').value = key;
    input('sig').value = sig;
    input('escrowRecipient').value = escrowRecipient;
  } catch (error) {
    const code = error instanceof ActFailed ? `sign.${error.code}` : '';
    return refuse(status, say(code in words ? (code as 'sign.failed') : 'sign.failed'), input('proof'));
  }
  if (input('keep').checked) await keepKey(accountId, keyFile).catch(() => false);
  input('proof').value = '';
  proving.submit();
}

function refuse(status: HTMLElement, sentence: string, field: HTMLElement): void {
  status.textContent = sentence;
  field.focus();
}

const run = (act: () => Promise<void>) => (event: Event) => {
  event.preventDefault();
  void act();
};
making.addEventListener('submit', run(make));
proving.addEventListener('submit', run(prove));
for (const form of [making, proving]) form.hidden = false;
