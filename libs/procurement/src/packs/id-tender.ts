import type { RulePack } from '../rule-pack.js';

// National holidays and the fixed dates of the following year. The joint leave days (cuti bersama) are not in the list.
const HOLIDAYS = [
  '2026-01-01',
  '2026-01-16',
  '2026-02-17',
  '2026-03-19',
  '2026-03-21',
  '2026-03-22',
  '2026-04-03',
  '2026-04-05',
  '2026-05-01',
  '2026-05-14',
  '2026-05-27',
  '2026-05-31',
  '2026-06-01',
  '2026-06-16',
  '2026-08-17',
  '2026-08-25',
  '2026-12-25',
  '2027-01-01',
  '2027-05-01',
  '2027-06-01',
  '2027-08-17',
  '2027-12-25',
];

const UNVERIFIED = [
  'valid_from',
  'minimum_bids',
  'minimum_submission_days',
  'enquiry_end_before_deadline_days',
  'answer_days',
  'extension_after_addendum_days',
  'outage.minutes',
  'outage.within_hours',
  'outage.extend_hours',
  'outage.at_most',
  'calendar.holidays',
  'calendar.office_hours',
  'preference.ceiling_percent',
  'abnormally_low.below_mean_percent',
  'abnormally_low.below_next_percent',
  'precommit',
  'evaluator_minimum',
  'tie_rule',
  'rounding',
  'keep_after_end_days',
] as const;

const SOURCE =
  'Peraturan Presiden 16/2018 on government procurement as amended by 12/2021 and 46/2025, and its implementing rules.';

const TENDER: Omit<RulePack, 'id' | 'title'> = {
  version: 1,
  jurisdiction: 'ID',
  method: 'open',
  validFrom: '2025-04-30',
  source: SOURCE,
  unverified: UNVERIFIED,
  demonstration: false,
  submission: 'one_envelope',
  evaluation: 'lowest_price',
  minimumBids: 1,
  minimumSubmissionDays: 5,
  enquiryEndBeforeDeadlineDays: 2,
  answerDays: 1,
  extensionAfterAddendumDays: 3,
  standstill: { length: 5, calendar: 'calendar', endsInOfficeHours: true },
  objection: { answerDays: 3 },
  keepAfterEndDays: 30,
  calendar: {
    timeZone: 'Asia/Jakarta',
    weekend: [6, 7],
    holidays: HOLIDAYS,
    holidaysKnownUntil: '2026-12-31',
    officeHours: { from: '08:00', to: '16:00' },
  },
  outage: {
    minutes: 30,
    withinHours: 24,
    extendHours: 24,
    atMost: 3,
    source: "The project's own default; no Indonesian rule was looked up.",
  },
  estimate: { total: 'public', breakdown: 'secret', rejectAbove: true },
  abnormallyLow: { belowMeanPercent: '40', belowNextPercent: '30', unitPriceAbovePercentOfEstimate: '110' },
  preference: { aboveAmount: '1000000000', minimumLocalContentPercent: '25', ceilingPercent: '25' },
  bonds: { performancePercent: '5', performanceAboveAmount: '200000000' },
  blacklist: { graveDays: 730, otherDays: 365 },
  precommit: {
    allowed: false,
    maxGraceMinutes: 0,
    source: 'No legal basis is known: bids are to be complete at the deadline.',
  },
  evaluatorMinimum: 3,
  openerGroupsMinimum: 2,
  attestation: 'required',
  tieRule: 'earliest',
  rounding: 'half_up',
  scale: 2,
  currency: 'IDR',
  // A Pokja both prepares and evaluates: that pair is allowed here.
  roleExclusions: [
    ['preparer', 'opener'],
    ['approver', 'evaluator'],
    ['opener', 'award_authority'],
  ],
};

export const ID_TENDER_GOODS: RulePack = { ...TENDER, id: 'id/tender-goods', title: 'Tender barang' };

export const ID_TENDER_SERVICES: RulePack = { ...TENDER, id: 'id/tender-services', title: 'Tender jasa lainnya' };

export const ID_TENDER_WORKS: RulePack = {
  ...TENDER,
  id: 'id/tender-works',
  title: 'Tender pekerjaan konstruksi',
  abnormallyLow: { ...TENDER.abnormallyLow, reasonablenessPercentOfEstimate: '80' },
  preference: { ...TENDER.preference!, ceilingPercent: '7.5' },
  bonds: { ...TENDER.bonds!, performancePercentOfEstimateWhenLow: '5' },
  objection: { answerDays: 3, secondLevel: { days: 5, answerDays: 14, bondPercentOfEstimate: '1' } },
};
