/** Import of a tender from an OCDS 1.1 release package: https://standard.open-contracting.org/1.1/en/schema/release/ */
import { formatInstant } from '@segel/encoding';
import { addDays, rulePack, TERMS_LIMITS } from '@segel/procurement';
import type { Item, Lot, Money, OpenerGroup, TenderTerms } from '@segel/procurement';
import type { ImportedBid } from './bids.js';
import { importBids } from './bids.js';
import { bidForm, criteria } from './form.js';
import { importItems, importLots } from './lots.js';
import type { Place } from './reader.js';
import { list, malformed, member, optionalMoney, optionalText, optionalTime, present, text } from './reader.js';
import { chooseRelease } from './release.js';
import { trimmed } from './trimmed.js';

const NOTE_MAX = 4_000;

export type ImportOptions = {
  /** The file's dates are long past: the tender runs from `now` to `deadlineAt` instead. */
  readonly shift: { readonly now: Date; readonly deadlineAt: Date };
  readonly rulePackId: string;
  readonly groups: readonly OpenerGroup[];
  readonly suite: TenderTerms['suite'];
  /** A new UUIDv7 on every call. */
  readonly newId: () => string;
  /** The buyer's identity in this system; the file's buyer when left out. */
  readonly buyer?: TenderTerms['buyer'];
  /** Largest sealed bid; 1 GiB when left out. */
  readonly maxBidBytes?: number;
};

export type ImportedTender = {
  readonly terms: TenderTerms;
  /** The file's own valid bids with an amount, per lot. */
  readonly bids: readonly ImportedBid[];
  /** What was changed, left out or assumed, one sentence each. */
  readonly notes: readonly string[];
  /** Which of the file's lots and items became which id. */
  readonly mapping: { readonly lots: readonly IdPair[]; readonly items: readonly IdPair[] };
};

export type IdPair = { readonly originalId: string; readonly id: string };

/** Turns a parsed release package into terms with typed slots and criteria. Pure: ids and instants are given.
 *  @throws Refusal `request_malformed` with the `path` of the first member that is not as OCDS says,
 *  `rule_pack_unknown` */
export function importRelease(releasePackage: unknown, options: ImportOptions): ImportedTender {
  const notes: string[] = [];
  const release = chooseRelease({ value: releasePackage, path: '' }, notes);
  const tender = member(release, 'tender');
  const title = trimmed(text(member(tender, 'title')), TERMS_LIMITS.title, 'The title of the tender', notes);
  const estimate = optionalMoney(member(tender, 'value'));
  const lots = importLots(tender, { title, estimate }, options.newId, notes);
  const items = importItems(tender, lots, options.newId, notes);
  const currency = oneCurrency(
    tender,
    estimate,
    lots.map(({ lot }) => lot),
  );
  const bids = importBids(release, lots, currency, notes);
  noteRest(tender, notes);
  const periods = shiftPeriods(tender, options, notes);

  const terms: TenderTerms = {
    title,
    description: trimmed(
      optionalText(member(tender, 'description'))?.trim() || title,
      TERMS_LIMITS.description,
      'The description',
      notes,
    ),
    category: category(tender, notes),
    language: optionalText(member(release, 'language')) ?? 'en',
    buyer: options.buyer ?? buyer(release, tender),
    currency,
    ...(estimate ? { estimate } : {}),
    rulePackId: options.rulePackId,
    suite: options.suite,
    ...periods,
    maxBidBytes: options.maxBidBytes ?? 2 ** 30,
    lots: lots.map(({ lot }) => lot),
    items: items.map(({ item }) => item),
    documents: [],
    criteria: criteria(options.newId),
    slots: bidForm(
      items.map(({ item }) => item),
      options.newId,
    ),
    groups: options.groups,
    source: { ocid: text(member(release, 'ocid')), note: trimmed(notes.join(' '), NOTE_MAX, 'The note', []) },
  };
  return {
    terms,
    bids,
    notes,
    mapping: {
      lots: lots.map(({ lot, originalId }) => ({ originalId, id: lot.id })),
      items: items.map(({ item, originalId }) => ({ originalId, id: item.id })),
    },
  };
}

export type ImportedLot = { readonly lot: Lot; readonly originalId: string };
export type ImportedItem = { readonly item: Item; readonly originalId: string };

function oneCurrency(tender: Place, estimate: Money | undefined, lots: readonly Lot[]): string {
  const currencies = new Set([estimate, ...lots.map((lot) => lot.estimate)].flatMap((money) => money?.currency ?? []));
  if (currencies.size > 1) return malformed(tender, `mixes currencies: ${[...currencies].join(', ')}`);
  return [...currencies][0] ?? malformed(member(tender, 'value'), 'is missing: no value says the currency');
}

function category(tender: Place, notes: string[]): TenderTerms['category'] {
  const value = optionalText(member(tender, 'mainProcurementCategory'));
  if (value === 'goods' || value === 'works' || value === 'services') return value;
  notes.push('The file names no main procurement category; goods is assumed.');
  return 'goods';
}

function buyer(release: Place, tender: Place): TenderTerms['buyer'] {
  const place = [member(release, 'buyer'), member(tender, 'procuringEntity')].find(present);
  if (!place) return malformed(member(release, 'buyer'), 'is missing');
  const name = text(member(place, 'name'));
  return { id: optionalText(member(place, 'id')) ?? name, name };
}

// Questions end at the same share of the period as in the file, but as early as the rule pack asks.
function shiftPeriods(
  tender: Place,
  options: ImportOptions,
  notes: string[],
): Pick<TenderTerms, 'enquiryEndAt' | 'deadlineAt'> {
  const { now, deadlineAt } = options.shift;
  const pack = rulePack(options.rulePackId);
  const period = member(tender, 'tenderPeriod');
  const enquiry = member(tender, 'enquiryPeriod');
  const start = present(period) ? optionalTime(member(period, 'startDate')) : undefined;
  const end = present(period) ? optionalTime(member(period, 'endDate')) : undefined;
  const enquiryEnd = present(enquiry) ? optionalTime(member(enquiry, 'endDate')) : undefined;
  const known = start !== undefined && end !== undefined && enquiryEnd !== undefined;
  const share = known && start < enquiryEnd && enquiryEnd < end ? (enquiryEnd - start) / (end - start) : 0.5;
  const proposed = now.getTime() + Math.floor(share * (deadlineAt.getTime() - now.getTime()));
  const latest = addDays(deadlineAt, -pack.enquiryEndBeforeDeadlineDays, pack.calendar).getTime();
  const original = end === undefined ? 'which the file does not say' : `instead of ${formatInstant(end)}`;
  notes.push(`The dates are shifted: the deadline is ${formatInstant(deadlineAt)}, ${original}.`);
  return { enquiryEndAt: formatInstant(Math.min(proposed, latest)), deadlineAt: formatInstant(deadlineAt) };
}

function noteRest(tender: Place, notes: string[]): void {
  const criterion = optionalText(member(tender, 'awardCriteria')) ?? 'none';
  notes.push(`The award criterion of the file (${criterion}) is run by the lowest price.`);
  for (const document of list(member(tender, 'documents'), 1_000)) {
    const name = optionalText(member(document, 'title')) ?? optionalText(member(document, 'url')) ?? 'without a title';
    notes.push(`The document ${JSON.stringify(name)} is listed in the file; its bytes are not, so it is left out.`);
  }
}
