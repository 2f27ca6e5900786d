/** Signs what a form is about, with a key that stays here: takes the key file and its passphrase, puts the signature into
 *  the form, and lets the form go its plain way. */
import { sayIn, type Locale, type Translated } from '../../words/translate.js';
import type { signing } from '../../words/id/forms.js';
import { keptKey } from '../keys/kept-key.js';
import { keysClient } from '../keys/keys-client.js';
import type { Acts } from '../keys/messages.js';
import { dataOf } from '../page-data.js';
import { ActFailed } from '../worker-client.js';

type Statement = Pick<Acts['sign']['given'], 'type' | 'body'>;
type Data = {
  readonly locale: Locale;
  readonly words: Translated<typeof signing>;
  readonly accountId: string;
  readonly keys: readonly string[];
  /** By the id of the form. */
  readonly statements: Readonly<Record<string, Statement>>;
};

const { locale, words, accountId, keys, statements } = dataOf<Data>('sign');
const say = sayIn<typeof signing>(locale, words);
const client = keysClient();

class SignedForm {
  readonly #file: HTMLInputElement;
  readonly #passphrase: HTMLInputElement;
  readonly #status: HTMLElement;
  #kept: Blob | undefined;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly statement: Statement,
  ) {
    this.#file = this.#part('[data-sign=file]');
    this.#passphrase = this.#part('[data-sign=passphrase]');
    this.#status = this.#part('[data-sign=status]');
    this.#part<HTMLElement>('[data-sign=parts]').hidden = false;
    // What is shown is what is signed: the very object that goes to the worker.
    this.#part<HTMLElement>('[data-sign=content]').textContent =
      `${statement.type}\n${JSON.stringify(statement.body, null, 2)}`;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#submit(event.submitter);
    });
    void keptKey(accountId).then((kept) => this.#remember(kept));
  }

  #part<E extends HTMLElement = HTMLInputElement>(selector: string): E {
    const found = this.form.querySelector<E>(selector);
    if (found === null) throw new Error(`the form has no ${selector}`);
    return found;
  }

  /** With a remembered file only the passphrase is asked, unless somebody wants another one. */
  #remember(kept: Blob | undefined): void {
    this.#kept = kept;
    this.#part<HTMLElement>('[data-sign=kept]').hidden = kept === undefined;
    this.#part<HTMLElement>('[data-sign=choose]').hidden = kept !== undefined;
    this.#part<HTMLElement>('[data-sign=other]').addEventListener('click', () => {
      this.#remember(undefined);
      this.#file.focus();
    });
  }

  async #submit(button: HTMLElement | null): Promise<void> {
    const keyFile = this.#file.files?.[0] ?? this.#kept;
    const passphrase = this.#passphrase.value;
    if (keyFile === undefined) return this.#refuse('sign.no_file', this.#file);
    if (passphrase === '') return this.#refuse('sign.no_passphrase', this.#passphrase);
    this.#status.textContent = say('sign.busy');
    try {
      const { key, sig } = await client.ask('sign', { keyFile, passphrase, keys, ...this.statement });
      this.#part('input[name=key]').value = key;
      this.#part('input[name=sig]').value = sig;
    } catch (error) {
      const code = error instanceof ActFailed ? `sign.${error.code}` : '';
      return this.#refuse(code in words ? (code as keyof typeof words) : 'sign.failed', this.#passphrase);
    }
    this.#passphrase.value = '';
    // The button that was pressed may say which act it is.
    if (button instanceof HTMLButtonElement && button.name !== '') {
      const chosen = Object.assign(document.createElement('input'), { type: 'hidden', name: button.name });
      chosen.value = button.value;
      this.form.append(chosen);
    }
    this.form.submit();
  }

  #refuse(key: keyof typeof words, field: HTMLElement): void {
    this.#status.textContent = say(key);
    field.focus();
  }
}

for (const [id, statement] of Object.entries(statements)) {
  const form = document.getElementById(id);
  if (form instanceof HTMLFormElement) new SignedForm(form, statement);
}
