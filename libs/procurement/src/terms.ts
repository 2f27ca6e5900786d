/** The checker of a tender's terms: what is missing or contradictory before anybody signs them. */
import { parseInstant } from '@segel/encoding';
import { addDays, localDate } from './calendar.js';
import { decimal, isDecimal, sum } from './decimal.js';
import type { Finder, Finding } from './finding.js';
import { finder, repeated } from './finding.js';
import { supportsMethod } from './methods.js';
import { checkPrecommit } from './precommit.js';
import { Refusal } from './refusal.js';
import { isRegion } from './region.js';
import type { RulePack } from './rule-pack.js';
import type { Money, TenderTerms } from './tender.js';
import { checkGroups } from './terms-groups.js';
import { checkSlots } from './terms-slots.js';

/** Longest texts, in UTF-16 code units: titles travel in log entries, which are small. */
export const TERMS_LIMITS = {
  title: 250,
  label: 250,
  description: 20_000,
  lots: 200,
  items: 2_000,
  slots: 4_000,
} as const;

const SHORT_TITLE = 20;
const MAX_BID_BYTES = 2 ** 40;

/** Checks terms against the rule pack at an instant: shape of numbers and instants, references, slots, opener groups,
 *  periods. Returns findings in a fixed order, errors and warnings; an empty list or only warnings means complete. */
export function checkTerms(terms: TenderTerms, pack: RulePack, now: Date): readonly Finding[] {
  const found = finder();
  checkHead(terms, pack, found);
  checkPeriods(terms, pack, now, found);
  checkPrecommit(terms, pack, found);
  checkLots(terms, found);
  checkItems(terms, found);
  checkCriteria(terms, found);
  checkSlots(terms, pack, found);
  checkGroups(terms.groups, pack, found);
  return found.findings;
}

/** Throws `terms_incomplete` with the first error of {@link checkTerms} (params `path`, `finding`). */
export function demandComplete(terms: TenderTerms, pack: RulePack, now: Date): void {
  const first = checkTerms(terms, pack, now).find((finding) => finding.severity === 'error');
  if (first) throw new Refusal('terms_incomplete', first.sentence, { path: first.path, finding: first.code });
}

function checkHead(terms: TenderTerms, pack: RulePack, found: Finder): void {
  checkText('title', terms.title, TERMS_LIMITS.title, found);
  if (terms.title.trim().length > 0 && terms.title.trim().length < SHORT_TITLE) {
    found.warn('title', 'title_short', `The title says little: fewer than ${SHORT_TITLE} characters.`);
  }
  if (terms.description.length > TERMS_LIMITS.description)
    found.error('description', 'text_long', 'The description is too long.');
  if (!terms.buyer.name.trim()) found.error('buyer.name', 'text_missing', 'The buyer has no name.');
  if (!/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/.test(terms.language)) {
    found.error('language', 'language_malformed', 'The language is not a language tag such as en or id.');
  }
  if (terms.region !== undefined && !isRegion(terms.region))
    found.error('region', 'region_unknown', 'The region is not a province of ISO 3166-2:ID.');
  if (!/^[A-Z]{3}$/.test(terms.currency))
    found.error('currency', 'currency_malformed', 'The currency is not a three-letter code.');
  if (pack.currency !== undefined && terms.currency !== pack.currency) {
    found.error('currency', 'currency_of_pack', `The rule pack allows the currency ${pack.currency} only.`);
  }
  checkMoney('estimate', terms.estimate, terms.currency, found);
  if (terms.rulePackId !== pack.id) found.error('rulePackId', 'rule_pack_other', 'The terms name another rule pack.');
  if (!supportsMethod(pack))
    found.error('rulePackId', 'method_unsupported', "The rule pack's method cannot be run yet.");
  if (pack.unverified.length > 0) {
    found.warn(
      'rulePackId',
      'rule_pack_unverified',
      `Figures of the rule pack are unverified: ${pack.unverified.join(', ')}.`,
    );
  }
  if (!Number.isSafeInteger(terms.maxBidBytes) || terms.maxBidBytes < 1 || terms.maxBidBytes > MAX_BID_BYTES) {
    found.error('maxBidBytes', 'number_outside', 'The largest bid is not between 1 byte and 1 TiB.');
  }
}

function checkPeriods(terms: TenderTerms, pack: RulePack, now: Date, found: Finder): void {
  const deadline = instantOr(terms.deadlineAt, 'deadlineAt', found);
  // Witnesses count whole seconds: a box closed within the second of such a deadline would look closed before it.
  if (deadline !== undefined && deadline.getTime() % 1000 !== 0) {
    found.error('deadlineAt', 'terms_invalid', 'A deadline falls on a whole second.');
  }
  const enquiryEnd = instantOr(terms.enquiryEndAt, 'enquiryEndAt', found);
  if (deadline && deadline < addDays(now, pack.minimumSubmissionDays, pack.calendar)) {
    found.error('deadlineAt', 'period_too_short', `At least ${pack.minimumSubmissionDays} days must remain for bids.`);
  }
  if (deadline && enquiryEnd) {
    const days = pack.enquiryEndBeforeDeadlineDays;
    if (enquiryEnd >= deadline || enquiryEnd > addDays(deadline, -days, pack.calendar)) {
      found.error(
        'enquiryEndAt',
        'enquiry_end_late',
        `Questions must end before the deadline, by at least ${days} days.`,
      );
    }
    if (enquiryEnd <= now) found.warn('enquiryEndAt', 'enquiry_over', 'The time for questions is already over.');
  }
  const known = pack.calendar.holidaysKnownUntil;
  if (deadline && known !== undefined && localDate(deadline, pack.calendar) > known) {
    found.warn('deadlineAt', 'holidays_unknown', `The list of holidays ends on ${known}.`);
  }
}

function checkLots(terms: TenderTerms, found: Finder): void {
  if (terms.lots.length === 0) found.error('lots', 'lots_missing', 'The tender has no lot.');
  if (terms.lots.length > TERMS_LIMITS.lots) found.error('lots', 'too_many', 'The tender has too many lots.');
  checkUnique('lots', terms.lots, found);
  terms.lots.forEach((lot, i) => {
    checkText(`lots[${i}].title`, lot.title, TERMS_LIMITS.title, found);
    if ((lot.description?.length ?? 0) > TERMS_LIMITS.description) {
      found.error(`lots[${i}].description`, 'text_long', 'The description of a lot is too long.');
    }
    checkMoney(`lots[${i}].estimate`, lot.estimate, terms.currency, found);
    if (!terms.items.some((item) => item.lotId === lot.id)) {
      found.error(`lots[${i}]`, 'lot_empty', `The lot ${JSON.stringify(lot.title)} has no item.`);
    }
  });
  const estimates = terms.lots.map((lot) => lot.estimate?.amount).filter((amount) => amount !== undefined);
  if (
    terms.estimate &&
    isDecimal(terms.estimate.amount) &&
    estimates.length === terms.lots.length &&
    estimates.every(isDecimal)
  ) {
    if (!sum(estimates.map(decimal)).eq(decimal(terms.estimate.amount))) {
      found.warn(
        'estimate',
        'estimate_differs',
        'The estimates of the lots do not add up to the estimate of the tender.',
      );
    }
  }
}

function checkItems(terms: TenderTerms, found: Finder): void {
  if (terms.items.length > TERMS_LIMITS.items) found.error('items', 'too_many', 'The tender has too many items.');
  checkUnique('items', terms.items, found);
  const lots = new Set(terms.lots.map((lot) => lot.id));
  terms.items.forEach((item, i) => {
    if (!lots.has(item.lotId))
      found.error(`items[${i}].lotId`, 'lot_unknown', 'An item belongs to no lot of the tender.');
    checkText(`items[${i}].description`, item.description, TERMS_LIMITS.description, found);
    if (!item.unit.trim()) found.error(`items[${i}].unit`, 'text_missing', 'An item has no unit.');
    if (!isDecimal(item.quantity) || decimal(item.quantity).eq('0')) {
      found.error(`items[${i}].quantity`, 'decimal_malformed', 'The quantity of an item is not a decimal above zero.');
    }
  });
}

function checkCriteria(terms: TenderTerms, found: Finder): void {
  if (terms.criteria.length === 0)
    found.error('criteria', 'criteria_missing', 'No criterion says what a bid may be rejected on.');
  checkUnique('criteria', terms.criteria, found);
  terms.criteria.forEach((criterion, i) =>
    checkText(`criteria[${i}].title`, criterion.title, TERMS_LIMITS.label, found),
  );
}

function checkUnique(path: string, things: readonly { readonly id: string }[], found: Finder): void {
  for (const id of repeated(things.map((thing) => thing.id))) {
    found.error(path, 'id_repeated', `The id ${id} occurs more than once.`);
  }
}

function checkText(path: string, text: string, max: number, found: Finder): void {
  if (!text.trim()) found.error(path, 'text_missing', 'A text is missing.');
  if (text.length > max) found.error(path, 'text_long', `A text is longer than ${max} characters.`);
}

function checkMoney(path: string, money: Money | undefined, currency: string, found: Finder): void {
  if (!money) return;
  if (!isDecimal(money.amount)) found.error(`${path}.amount`, 'decimal_malformed', 'An amount is not a decimal.');
  if (money.currency !== currency)
    found.error(`${path}.currency`, 'currency_differs', 'An amount is in another currency.');
}

function instantOr(text: string, path: string, found: Finder): Date | undefined {
  try {
    return parseInstant(text);
  } catch {
    found.error(path, 'instant_malformed', 'An instant is not of the form YYYY-MM-DDTHH:MM:SS.mmmZ.');
    return undefined;
  }
}
