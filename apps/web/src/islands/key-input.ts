/** The fields of a form that unlock a key for one act: the file kept on this device or a chosen one, and its passphrase. */
import { keptKey } from './keys/kept-key.js';
import { part } from './page-data.js';
import { ActFailed } from './worker-client.js';

/** What came of the fields; or the sentence's key of what is missing, and where. */
export type Typed =
  | { readonly keyFile: Blob; readonly passphrase: string }
  | { readonly missing: 'island.no_file' | 'island.no_passphrase'; readonly field: HTMLElement };

export class KeyInput {
  readonly #file: HTMLInputElement;
  readonly #passphrase: HTMLInputElement;
  #kept: Blob | undefined;

  /** @param id of the fields, as the server wrote them */
  constructor(id: string, accountId: string) {
    this.#file = part(`${id}-file`, HTMLInputElement);
    this.#passphrase = part(`${id}-passphrase`, HTMLInputElement);
    const kept = part(`${id}-kept`, HTMLElement);
    const choose = part(`${id}-choose`, HTMLElement);
    const show = (file: Blob | undefined): void => {
      this.#kept = file;
      kept.hidden = file === undefined;
      choose.hidden = file !== undefined;
    };
    part(`${id}-other`, HTMLElement).addEventListener('click', () => {
      show(undefined);
      this.#file.focus();
    });
    void keptKey(accountId).then(show);
  }

  get typed(): Typed {
    const keyFile = this.#file.files?.[0] ?? this.#kept;
    if (keyFile === undefined) return { missing: 'island.no_file', field: this.#file };
    const passphrase = this.#passphrase.value;
    if (passphrase === '') return { missing: 'island.no_passphrase', field: this.#passphrase };
    return { keyFile, passphrase };
  }

  get isKept(): boolean {
    return this.#kept !== undefined;
  }

  /** After an act: nobody who comes later finds the passphrase in the page. */
  clear(): void {
    this.#passphrase.value = '';
  }

  focus(): void {
    this.#passphrase.focus();
  }
}

/** Why an act failed, in the words that the page brought: its code's, or the general ones. */
export function failureWords(failures: Readonly<Record<string, string>>, error: unknown): string {
  const code = error instanceof ActFailed ? error.code : 'failed';
  return failures[code] ?? failures['failed'] ?? code;
}

/** Runs one act of a form at a time: its button waits, its outcome is said where the reader hears it. */
export function onSubmit(form: HTMLFormElement, act: () => Promise<void>, refuse: (error: unknown) => void): void {
  const button = form.querySelector('button:not([type=button])');
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (!(button instanceof HTMLButtonElement) || button.disabled) return;
    button.disabled = true;
    void act()
      .catch(refuse)
      .finally(() => (button.disabled = false));
  });
  form.hidden = false;
}
