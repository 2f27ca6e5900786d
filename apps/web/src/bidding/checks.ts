/** The check before sealing: what is missing or will get the bid rejected, each with the field where it is mended; and
 *  the offer that comes of a form that passes. */
import type { OfferDraft } from '@segel/acts';
import type { Locale } from '../words/translate.js';
import { fitsOffer, isMore, isZero, lineTotal, readAmount, roundedAmount, sumOf } from './amount.js';
import { fieldOf, type BidForm, type DocumentPlace, type PricePlace } from './bid-form.js';
import { pathsOf, type NamedFile } from './file-names.js';

/** What stands in the fields now, by the ids of the slots. */
export type Filled = {
  readonly prices: Readonly<Record<string, string>>;
  readonly answers: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, NamedFile | undefined>>;
  readonly hasKey: boolean;
  readonly hasPassphrase: boolean;
};

export type FaultCode =
  | 'price_empty'
  | 'price_malformed'
  | 'price_ambiguous'
  | 'price_zero'
  | 'total_zero'
  | 'total_too_large'
  | 'above_ceiling'
  | 'answer_empty'
  | 'answer_malformed'
  | 'file_missing'
  | 'file_empty'
  | 'file_large'
  | 'file_type'
  | 'bid_large'
  | 'key_missing'
  | 'passphrase_missing';

/** `field` is the id of the element to mend it at; warnings may be let pass. */
export type Fault = {
  readonly code: FaultCode;
  readonly field: string;
  readonly label: string;
  readonly warning: boolean;
};

export type Checked = {
  readonly faults: readonly Fault[];
  /** Undefined while there is more than warnings. */
  readonly offer: OfferDraft | undefined;
};

/** What one price line comes to; undefined while it cannot be read. */
export function lineOf(
  form: BidForm,
  { lumpSum, quantity }: PricePlace,
  typed: string,
  locale: Locale,
): { readonly unitPrice: string; readonly lineTotal: string } | undefined {
  const read = readAmount(typed, locale);
  if ('wrong' in read) return undefined;
  if (lumpSum) return { unitPrice: '0', lineTotal: roundedAmount(read.amount, form.rules) };
  return { unitPrice: read.amount, lineTotal: lineTotal(read.amount, quantity, form.rules) };
}

/** The sum of the lines that can be read, and whether these are all of them. */
export function totalOf(
  form: BidForm,
  prices: Filled['prices'],
  locale: Locale,
): { readonly total: string; readonly complete: boolean } {
  const lines = form.prices.map((place) => lineOf(form, place, prices[place.slotId] ?? '', locale));
  const read = lines.flatMap((line) => (line === undefined ? [] : [line.lineTotal]));
  return { total: sumOf(read, form.rules), complete: read.length === lines.length };
}

export function checkBid(form: BidForm, filled: Filled, locale: Locale): Checked {
  const faults = [
    ...priceFaults(form, filled, locale),
    ...answerFaults(form, filled, locale),
    ...fileFaults(form, filled),
    ...(filled.hasKey ? [] : [fault('key_missing', 'key-file')]),
    ...(filled.hasPassphrase ? [] : [fault('passphrase_missing', 'passphrase')]),
  ];
  const sound = faults.every(({ warning }) => warning);
  return { faults, offer: sound ? offerOf(form, filled, locale) : undefined };
}

const fault = (code: FaultCode, field: string, label = '', warning = false): Fault => ({ code, field, label, warning });

function priceFaults(form: BidForm, { prices }: Filled, locale: Locale): readonly Fault[] {
  const lines = form.prices.flatMap(({ slotId, label }) => {
    const field = fieldOf.price(slotId);
    const read = readAmount(prices[slotId] ?? '', locale);
    if ('wrong' in read) return [fault(`price_${read.wrong}`, field, label)];
    return isZero(read.amount) ? [fault('price_zero', field, label, true)] : [];
  });
  const [first] = form.prices;
  const { total, complete } = totalOf(form, prices, locale);
  if (first === undefined || !complete) return lines;
  const field = fieldOf.price(first.slotId);
  if (isZero(total)) return [fault('total_zero', field)];
  if (!fitsOffer(total)) return [...lines, fault('total_too_large', field)];
  const above = form.ceiling !== undefined && isMore(total, form.ceiling);
  return above ? [...lines, fault('above_ceiling', field, '', true)] : lines;
}

function answerFaults(form: BidForm, { answers }: Filled, locale: Locale): readonly Fault[] {
  return form.answers.flatMap(({ slotId, label, required, answer }) => {
    const given = (answers[slotId] ?? '').trim();
    const field = fieldOf.answer(slotId);
    if (given === '') return required ? [fault('answer_empty', field, label)] : [];
    const number = answer === 'number' && 'wrong' in readAmount(given, locale);
    return number ? [fault('answer_malformed', field, label)] : [];
  });
}

function fileFaults(form: BidForm, { files }: Filled): readonly Fault[] {
  const each = form.documents.flatMap((place) => {
    const file = files[place.slotId];
    const field = fieldOf.document(place.slotId);
    if (file === undefined) return place.required ? [fault('file_missing', field, place.label)] : [];
    if (file.size === 0) return [fault('file_empty', field, place.label)];
    if (file.size > place.maxBytes) return [fault('file_large', field, place.label)];
    return isOfType(place, file) ? [] : [fault('file_type', field, place.label, true)];
  });
  const total = form.documents.reduce((sum, { slotId }) => sum + (files[slotId]?.size ?? 0), 0);
  const [first] = form.documents;
  if (total <= form.maxBidBytes || first === undefined) return each;
  return [...each, fault('bid_large', fieldOf.document(first.slotId))];
}

/** Endings of the media types that slots know; of others nothing is said. */
const ENDINGS: Readonly<Record<string, string>> = {
  'application/pdf': '.pdf',
  'application/zip': '.zip',
  'image/jpeg': '.jpg,.jpeg',
  'image/png': '.png',
  'text/plain': '.txt',
};

/** Endings of files that a slot takes; empty when some of its types are not known. */
export function endingsOf({ mediaTypes }: DocumentPlace): readonly string[] {
  const known = mediaTypes.map((type) => ENDINGS[type]);
  return known.includes(undefined) ? [] : known.join(',').split(',');
}

function isOfType(place: DocumentPlace, { name }: NamedFile): boolean {
  const endings = endingsOf(place);
  return endings.length === 0 || endings.some((ending) => name.toLowerCase().endsWith(ending));
}

/** The price form, exactly as the command line and the evaluation know it. */
function offerOf(form: BidForm, { prices, answers, files }: Filled, locale: Locale): OfferDraft {
  const paths = pathsOf(form.documents.map(({ slotId }) => files[slotId]));
  return {
    currency: form.currency,
    answers: form.answers.flatMap(({ slotId, answer }) => {
      const given = (answers[slotId] ?? '').trim();
      const read = answer === 'number' ? readAmount(given, locale) : undefined;
      if (given === '') return [];
      return [{ slotId, value: read !== undefined && 'amount' in read ? read.amount : given }];
    }),
    documents: form.documents.flatMap(({ slotId }, i) => {
      const path = paths[i];
      return path === undefined ? [] : [{ slotId, path }];
    }),
    prices: form.prices.map((place) => {
      const line = lineOf(form, place, prices[place.slotId] ?? '', locale)!;
      const { slotId, itemId, lumpSum } = place;
      return { slotId, itemId, ...line, ...(lumpSum ? { lumpSum } : {}) };
    }),
    total: totalOf(form, prices, locale).total,
  };
}
