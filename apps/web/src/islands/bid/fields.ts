/** The fields of the bid: what stands in them, what it comes to, and what is wrong with it. */
import { fieldOf, type BidForm } from '../../bidding/bid-form.js';
import { lineOf, totalOf, type Fault, type Filled } from '../../bidding/checks.js';
import type { BidIsland } from '../../bidding/bid-island.js';
import { formats } from '../../words/formats.js';
import type { sealing } from '../../words/id/bidding.js';
import type { Say } from '../../words/translate.js';
import { keptKey } from '../keys/kept-key.js';
import { part } from '../page-data.js';

const input = (id: string): HTMLInputElement => part(id, HTMLInputElement);
const area = (id: string): HTMLElement => part(id, HTMLElement);
const valueOf = (id: string): string => {
  const field = document.getElementById(id);
  return field instanceof HTMLInputElement || field instanceof HTMLSelectElement ? field.value : '';
};

export class Fields {
  readonly #form: BidForm;
  readonly #f: ReturnType<typeof formats>;
  #kept: Blob | undefined;
  /** Warnings that the person has seen and lets pass. */
  #seen = '';
  readonly #sendWords = area('send').textContent ?? '';

  constructor(
    private readonly data: Pick<BidIsland, 'form' | 'locale' | 'accountId'>,
    private readonly say: Say<typeof sealing>,
  ) {
    this.#form = data.form;
    this.#f = formats(data.locale);
    for (const { slotId } of this.#form.prices)
      input(fieldOf.price(slotId)).addEventListener('input', () => this.#showTotals());
    for (const { slotId } of this.#form.documents) this.#tellFile(fieldOf.document(slotId));
    this.#tellFile('key-file');
    this.#showTotals();
    void keptKey(data.accountId).then((kept) => this.#useKept(kept));
    area('key-other').addEventListener('click', () => {
      this.#useKept(undefined);
      input('key-file').focus();
    });
  }

  get keyFile(): Blob | undefined {
    return this.#kept ?? input('key-file').files?.[0];
  }

  get passphrase(): string {
    return valueOf('passphrase');
  }

  forgetPassphrase(): void {
    input('passphrase').value = '';
  }

  get shared(): boolean {
    return input('shared').checked;
  }

  file(slotId: string): File | undefined {
    return input(fieldOf.document(slotId)).files?.[0];
  }

  filled(): Filled {
    const { prices, answers, documents } = this.#form;
    const typed = (places: readonly { slotId: string }[], id: (slotId: string) => string): Record<string, string> =>
      Object.fromEntries(places.map(({ slotId }) => [slotId, valueOf(id(slotId))]));
    return {
      prices: typed(prices, fieldOf.price),
      answers: typed(answers, fieldOf.answer),
      files: Object.fromEntries(documents.map(({ slotId }) => [slotId, this.file(slotId)])),
      hasKey: this.keyFile !== undefined,
      hasPassphrase: this.passphrase !== '',
    };
  }

  /** Says what is wrong, at the top and at each field. False when there is nothing, or only warnings that were shown
   *  before. */
  refuses(faults: readonly Fault[]): boolean {
    this.#markFields(faults);
    const wrong = faults.filter(({ warning }) => !warning);
    const shown = wrong.length > 0 ? wrong : faults;
    const doubts = wrong.length === 0 ? JSON.stringify(faults) : '';
    const panel = area('faults');
    panel.hidden = faults.length === 0 || (doubts !== '' && doubts === this.#seen);
    area('send').textContent = doubts === '' ? this.#sendWords : this.say('seal.anyway');
    this.#seen = doubts;
    if (panel.hidden) return false;
    const n = shown.length;
    area('faults-title').textContent = wrong.length > 0 ? this.say('seal.wrong', { n }) : this.say('seal.doubt', { n });
    area('faults-how').textContent = wrong.length > 0 ? '' : this.say('seal.doubt.how');
    area('faults-list').replaceChildren(...shown.map((fault) => this.#linkTo(fault)));
    panel.focus();
    return true;
  }

  #linkTo({ code, field, label }: Fault): HTMLLIElement {
    const [line, link] = [document.createElement('li'), document.createElement('a')];
    link.href = `#${field}`;
    link.textContent = this.#wordsOf({ code, label });
    link.addEventListener('click', (event) => {
      event.preventDefault();
      area(field).focus();
    });
    line.append(link);
    return line;
  }

  #wordsOf({ code, label }: Pick<Fault, 'code' | 'label'>): string {
    return (this.say as (key: string, values: object) => string)(`seal.fault.${code}`, { label });
  }

  #markFields(faults: readonly Fault[]): void {
    for (const place of document.querySelectorAll<HTMLElement>('#bid .field-wrong')) {
      const field = document.getElementById(place.id.replace(/-wrong$/, ''));
      const fault = faults.find(({ field: id }) => id === field?.id);
      place.hidden = fault === undefined;
      place.textContent = fault === undefined ? '' : this.#wordsOf(fault);
      field?.setAttribute('aria-invalid', String(fault?.warning === false));
    }
  }

  #showTotals(): void {
    const { currency, prices } = this.#form;
    const typed = this.filled().prices;
    for (const place of prices) {
      const line = lineOf(this.#form, place, typed[place.slotId] ?? '', this.data.locale);
      const shown = document.querySelector(`[data-amount="${place.slotId}"]`);
      if (shown !== null)
        shown.textContent = line === undefined ? '–' : this.#f.money({ amount: line.lineTotal, currency });
    }
    const { total, complete } = totalOf(this.#form, typed, this.data.locale);
    const words = this.#f.money({ amount: total, currency });
    area('total').textContent = complete ? words : `${words} (${this.say('seal.total.partly')})`;
  }

  /** A chosen file looks sent to many people: every row says in words that it is not. */
  #tellFile(id: string): void {
    const field = input(id);
    const none = area(`${id}-state`).textContent;
    field.addEventListener('change', () => {
      const file = field.files?.[0];
      area(`${id}-state`).textContent =
        file === undefined ? none : this.say('seal.file.chosen', { name: file.name, size: this.#f.bytes(file.size) });
    });
  }

  #useKept(kept: Blob | undefined): void {
    this.#kept = kept;
    area('key-kept').hidden = kept === undefined;
    area('key-choose').hidden = kept !== undefined;
  }
}
