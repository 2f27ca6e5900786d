/** An opener's key for one tender: made here, saved twice, both copies proved, then registered; later proved again at any
 *  time, or revoked. Each form of the page is one of these acts; a form that is not there is not needed now. */
import type { Suite } from '@segel/sealing';
import { sayIn, type Locale, type Translated } from '../../words/translate.js';
import type { openerIsland } from '../../words/id/opening.js';
import { failureWords, KeyInput, onSubmit, type Typed } from '../key-input.js';
import { keepKey } from '../keys/kept-key.js';
import { openerClient } from '../opener/opener-client.js';
import { dataOf, part } from '../page-data.js';

type Words = typeof openerIsland;
type Data = {
  readonly locale: Locale;
  readonly words: Translated<Words>;
  readonly failures: Readonly<Record<string, string>>;
  readonly formToken: string;
  readonly tenderId: string;
  readonly openerId: string;
  readonly keys: readonly string[];
  readonly suite: Suite;
  readonly registered?: string;
  /** Where the page is after an act. */
  readonly here: string;
};

/** Below that a stolen file is opened by guessing. */
const LENGTH_MIN = 12;

const { locale, words, failures, formToken, registered, here, suite, ...seat } = dataOf<Data>('tender-key');
const say = sayIn<Words>(locale, words);
const client = openerClient(formToken);
const input = (id: string): HTMLInputElement => part(id, HTMLInputElement);
const found = (id: string): HTMLFormElement | undefined => {
  const form = document.getElementById(id);
  return form instanceof HTMLFormElement ? form : undefined;
};
const status = (form: string): HTMLElement => part(`${form}-status`, HTMLElement);

class Missing extends Error {
  constructor(
    readonly key: keyof Words,
    readonly field: HTMLElement,
  ) {
    super(key);
  }
}

function unlocked(typed: Typed): { readonly keyFile: Blob; readonly passphrase: string } {
  if ('missing' in typed) throw new Missing(typed.missing, typed.field);
  return typed;
}

const refuse = (form: string) => (error: unknown) => {
  const missing = error instanceof Missing ? words[error.key] : undefined;
  status(form).textContent = typeof missing === 'string' ? missing : failureWords(failures, error);
  if (error instanceof Missing) error.field.focus();
};

function offer(id: string, file: Blob, name: string): void {
  const link = part(id, HTMLAnchorElement);
  link.href = URL.createObjectURL(file);
  link.download = name;
}

async function grow(key: KeyInput): Promise<void> {
  const given = unlocked(key.typed);
  const recovery = input('recovery').value;
  if (recovery.length < LENGTH_MIN) throw new Missing('island.short', input('recovery'));
  if (recovery !== input('recovery-repeat').value) throw new Missing('island.differs', input('recovery-repeat'));
  status('growing').textContent = say('island.busy');
  const files = await client.ask('grow', { ...seat, ...given, suite, recovery, registered });
  const name = seat.tenderId.slice(-6);
  offer('save-key', files.keyFile, `segel-${name}.age`);
  offer('save-recovery', files.recoveryFile, `segel-pemulihan-${name}.txt`);
  part('saving', HTMLElement).hidden = false;
  status('growing').textContent = say('island.saved_next');
  key.clear();
  part('save-key', HTMLElement).focus();
}

async function prove(form: HTMLFormElement, isKept: boolean): Promise<void> {
  const file = (id: string): File => {
    const chosen = input(id).files?.[0];
    if (chosen === undefined) throw new Missing('island.no_file', input(id));
    return chosen;
  };
  const secret = (id: string): string => {
    if (input(id).value === '') throw new Missing('island.no_passphrase', input(id));
    return input(id).value;
  };
  const given = {
    keyFile: file('proof-file'),
    passphrase: secret('proof-passphrase'),
    recoveryFile: file('proof-recovery'),
    recovery: secret('proof-recovery-passphrase'),
  };
  status('proving').textContent = say('island.busy');
  const registration = await client.ask('prove', { ...seat, ...given, suite });
  for (const name of ['suite', 'recipient', 'key', 'sig'] as const) input(`reg-${name}`).value = registration[name];
  // The device that remembers a key file would else go on with the one that lacks this key.
  if (isKept || input('keep').checked) await keepKey(seat.openerId, given.keyFile).catch(() => false);
  input('proof-passphrase').value = '';
  input('proof-recovery-passphrase').value = '';
  form.submit();
}

function begin(): void {
  const growing = found('growing');
  const proving = found('proving');
  if (growing !== undefined && proving !== undefined) {
    const key = new KeyInput('grow', seat.openerId);
    onSubmit(growing, () => grow(key), refuse('growing'));
    onSubmit(proving, () => prove(proving, key.isKept), refuse('proving'));
  }
  const readying = found('readying');
  if (readying !== undefined) {
    const key = new KeyInput('ready', seat.openerId);
    const drill = readying.dataset['drill'] === 'true';
    const act = async (): Promise<void> => {
      const given = unlocked(key.typed);
      status('readying').textContent = say('island.busy');
      await client.ask('ready', { ...seat, ...given, drill });
      location.assign(`${here}?selesai=siap`);
    };
    onSubmit(readying, act, refuse('readying'));
  }
  const revoking = found('revoking');
  if (revoking !== undefined) {
    const key = new KeyInput('revoke', seat.openerId);
    const act = async (): Promise<void> => {
      if (!input('sure').checked) throw new Missing('island.sure', input('sure'));
      const given = unlocked(key.typed);
      status('revoking').textContent = say('island.busy');
      await client.ask('revoke', { ...seat, ...given });
      location.assign(`${here}?selesai=cabut`);
    };
    onSubmit(revoking, act, refuse('revoking'));
  }
}

begin();
