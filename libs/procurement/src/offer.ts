/** The form of a bid, `offer.json`: strict parsing, and the checker a vendor runs before sealing. */
import type { Canonical } from '@segel/encoding';
import { isDecimal } from './decimal.js';
import { Refusal } from './refusal.js';
import type { Offer } from './tender.js';

type Fields = { readonly [key: string]: Canonical };

/** The offer of a parsed snake_case document. Unknown, missing and mistyped fields are refused.
 *  @throws Refusal `offer_malformed` with param `path` */
export function parseOffer(document: Canonical): Offer {
  const form = object(document, '$', [
    'v',
    'tender_id',
    'lot_id',
    'bid_id',
    'currency',
    'answers',
    'documents',
    'prices',
    'total',
  ]);
  if (form['v'] !== 1) malformed('$.v', 'is not 1');
  return {
    v: 1,
    tenderId: text(form, 'tender_id', '$'),
    lotId: text(form, 'lot_id', '$'),
    bidId: text(form, 'bid_id', '$'),
    currency: text(form, 'currency', '$'),
    answers: list(form, 'answers').map(([member, path]) => {
      const answer = object(member, path, ['slot_id', 'value']);
      return { slotId: text(answer, 'slot_id', path), value: text(answer, 'value', path) };
    }),
    documents: list(form, 'documents').map(([member, path]) => {
      const file = object(member, path, ['slot_id', 'path']);
      return { slotId: text(file, 'slot_id', path), path: text(file, 'path', path) };
    }),
    prices: list(form, 'prices').map(([member, path]) => price(member, path)),
    total: amount(form, 'total', '$'),
  };
}

function price(member: Canonical, path: string): Offer['prices'][number] {
  const line = object(member, path, ['slot_id', 'item_id', 'unit_price', 'line_total'], ['lump_sum']);
  const lumpSum = line['lump_sum'];
  if (lumpSum !== undefined && typeof lumpSum !== 'boolean') malformed(`${path}.lump_sum`, 'is not true or false');
  return {
    slotId: text(line, 'slot_id', path),
    itemId: text(line, 'item_id', path),
    unitPrice: amount(line, 'unit_price', path),
    lineTotal: amount(line, 'line_total', path),
    ...(lumpSum === undefined ? {} : { lumpSum }),
  };
}

function object(value: Canonical, path: string, required: readonly string[], optional: readonly string[] = []): Fields {
  if (typeof value !== 'object' || Array.isArray(value)) return malformed(path, 'is not an object');
  const fields = value as Fields;
  for (const key of Object.keys(fields)) {
    if (!required.includes(key) && !optional.includes(key)) malformed(`${path}.${key}`, 'is not a field of an offer');
  }
  for (const key of required) if (!Object.hasOwn(fields, key)) malformed(`${path}.${key}`, 'is missing');
  return fields;
}

function text(fields: Fields, key: string, path: string): string {
  const value = fields[key];
  return typeof value === 'string' ? value : malformed(`${path}.${key}`, 'is not a text');
}

function amount(fields: Fields, key: string, path: string): string {
  const value = text(fields, key, path);
  return isDecimal(value) ? value : malformed(`${path}.${key}`, 'is not a decimal');
}

function list(fields: Fields, key: string): readonly (readonly [Canonical, string])[] {
  const value = fields[key];
  if (!Array.isArray(value)) return malformed(`$.${key}`, 'is not a list');
  return (value as readonly Canonical[]).map((member, i) => [member, `$.${key}[${i}]`] as const);
}

function malformed(path: string, what: string): never {
  throw new Refusal('offer_malformed', `The offer is malformed: ${path} ${what}.`, { path });
}
