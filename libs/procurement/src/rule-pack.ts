/** Rules are data: a procurement method is a versioned record, frozen into the tender at publication
 *  (procurement.md section 5). Code reads fields; no method has code of its own but its arithmetic. */
import { canonicalBytes, fromDocument, sha256, toBase64, toDocument } from '@segel/encoding';
import type { CanonicalObject } from '@segel/encoding';
import type { Calendar, Period } from './calendar.js';
import type { Rounding } from './decimal.js';
import { demand, Refusal } from './refusal.js';
import type { Role } from './roles.js';
import { DEMO_FAST } from './packs/demo-fast.js';
import { GENERIC_OPEN } from './packs/generic-open.js';
import { ID_TENDER_GOODS, ID_TENDER_SERVICES, ID_TENDER_WORKS } from './packs/id-tender.js';

export type EvaluationMethod =
  'lowest_price' | 'weighted' | 'quality_and_cost' | 'fixed_budget' | 'least_cost' | 'quality_only' | 'life_cycle_cost';

/** Percentages and amounts are decimal text, times are whole days of the pack's calendar. */
export type RulePack = {
  readonly id: string;
  readonly version: number;
  readonly title: string;
  /** ISO 3166-1 alpha-2, or `any`. */
  readonly jurisdiction: string;
  /** OCDS procurementMethod. */
  readonly method: 'open' | 'selective' | 'limited' | 'direct';
  /** Local date. */
  readonly validFrom: string;
  /** Where the figures come from. */
  readonly source: string;
  /** Key paths whose figures nobody has checked against the source yet. Shown wherever the pack is shown. */
  readonly unverified: readonly string[];
  /** Demonstration packs are refused in production. */
  readonly demonstration: boolean;

  readonly submission: 'one_envelope' | 'two_envelope' | 'two_stage';
  readonly evaluation: EvaluationMethod;
  /** Fewer opened bids than this and the lot fails. */
  readonly minimumBids: number;
  readonly minimumSubmissionDays: number;
  readonly enquiryEndBeforeDeadlineDays: number;
  readonly answerDays: number;
  /** After an addendum at least this many days must remain. */
  readonly extensionAfterAddendumDays: number;
  /** From the intended award to the award. Length 0: none. */
  readonly standstill: Period;
  readonly objection: {
    readonly answerDays: number;
    readonly secondLevel?: {
      readonly days: number;
      readonly answerDays: number;
      readonly bondPercentOfEstimate?: string;
    };
  };
  readonly calendar: Calendar;
  /** More than so many minutes of measured outage within so many hours before a deadline move it by so many hours, so
   *  often at most. Absent: an outage moves nothing. */
  readonly outage?: {
    readonly minutes: number;
    readonly withinHours: number;
    readonly extendHours: number;
    readonly atMost: number;
    /** Where these figures come from. */
    readonly source: string;
  };

  readonly estimate: {
    readonly total: 'public' | 'secret';
    readonly breakdown: 'public' | 'secret';
    /** A bid over the lot's estimate is rejected; when every bid is over it the lot fails. */
    readonly rejectAbove: boolean;
  };
  /** Each trigger opens a justification window, none rejects by itself. */
  readonly abnormallyLow: {
    /** This much or more below the mean of the others. */
    readonly belowMeanPercent?: string;
    /** This much or more below the next higher bid. */
    readonly belowNextPercent?: string;
    /** Under this share of the estimate the price's reasonableness is checked. */
    readonly reasonablenessPercentOfEstimate?: string;
    /** Over this share of the estimate's unit price the unit price is clarified. */
    readonly unitPriceAbovePercentOfEstimate?: string;
  };
  readonly preference?: {
    readonly aboveAmount: string;
    readonly minimumLocalContentPercent: string;
    readonly ceilingPercent: string;
  };
  readonly bonds?: {
    readonly performancePercent: string;
    readonly performanceAboveAmount: string;
    /** Under the reasonableness share the bond is this share of the estimate instead. */
    readonly performancePercentOfEstimateWhenLow?: string;
  };
  /** For so many days after the end, the time to object to it and the time to answer, stored bids and documents are kept
   *  locked. Packs frozen before the figure existed lack it. */
  readonly keepAfterEndDays?: number;
  readonly blacklist?: { readonly graveDays: number; readonly otherDays: number };

  /** Whether sealed files may follow within a grace after the deadline; absent, as in packs frozen earlier: they may not. */
  readonly precommit?: {
    readonly allowed: boolean;
    readonly maxGraceMinutes: number;
    /** The legal basis, or that there is none. */
    readonly source: string;
  };

  readonly evaluatorMinimum: number;
  readonly openerGroupsMinimum: number;
  /** Whether an auditor must attest the box before a share is released (protocol section 5). */
  readonly attestation: 'required' | 'waived';
  /** Equal prices: the lower log index first, or the order of a hash nobody could choose. */
  readonly tieRule: 'earliest' | 'draw';
  readonly rounding: Rounding;
  /** Digits after the point of an amount. */
  readonly scale: number;
  /** ISO 4217; absent: any. */
  readonly currency?: string;
  /** Pairs of roles one person may not hold on one tender, beside those excluded always. */
  readonly roleExclusions: readonly (readonly [Role, Role])[];
};

export const RULE_PACKS: readonly RulePack[] = [
  GENERIC_OPEN,
  DEMO_FAST,
  ID_TENDER_GOODS,
  ID_TENDER_WORKS,
  ID_TENDER_SERVICES,
];

/** The pack of an id such as `generic/open`. Throws `rule_pack_unknown`. */
export function rulePack(id: string): RulePack {
  const pack = RULE_PACKS.find((candidate) => candidate.id === id);
  if (!pack) throw new Refusal('rule_pack_unknown', `There is no rule pack ${JSON.stringify(id)}.`, { id });
  return pack;
}

/** Throws `rule_pack_refused_in_production` for a demonstration pack when `production` is true: its days last
 *  seconds, so a deadline under it protects nobody. */
export function refuseInProduction(pack: RulePack, production: boolean): void {
  demand(
    !(production && pack.demonstration),
    'rule_pack_refused_in_production',
    'This rule pack is for demonstrations only.',
    {
      id: pack.id,
    },
  );
}

/** A document with the bytes everybody gets and their SHA-256 in base64. */
export type FrozenDocument = {
  readonly document: CanonicalObject;
  readonly bytes: Uint8Array;
  readonly sha256: string;
};

/** Any program object as its snake_case document, canonical bytes and their SHA-256 (base64): the form in which
 *  terms, rule packs and results are frozen. Throws on what the canonical subset cannot hold. */
export function freezeDocument(value: object): FrozenDocument {
  const document = toDocument(value);
  const bytes = canonicalBytes(document);
  return { document, bytes, sha256: toBase64(sha256(bytes)) };
}

/** The pack as frozen into a tender at publication. */
export function packDocument(pack: RulePack): FrozenDocument {
  return freezeDocument(pack);
}

/** The pack of a frozen document: what a verifier computes with, whatever packs its own version ships. */
export function packFromDocument(document: CanonicalObject): RulePack {
  return fromDocument<RulePack>(document);
}
