/** The periods of the rule pack, each with what it says, whether the draft keeps to it, and where its figure comes from. */
import { addDays, checkTerms, type RulePack, type TenderTerms } from '@segel/procurement';
import type { Visitor } from '../http/visitor.js';

export type Rule = {
  readonly state: 'pass' | 'warn' | 'block';
  readonly words: string;
  /** Where the figure comes from; nobody has checked it there yet when `unverified`. */
  readonly source: string;
  readonly unverified: boolean;
};

const DAY_MS = 86_400_000;

type Asked = {
  readonly terms: TenderTerms;
  readonly pack: RulePack;
  readonly mode: 'draft' | 'addendum' | 'fixed';
};

/** What the schedule is held to. The findings are those of the very rule that the API decides by. */
export function scheduleRules({ t, f, now }: Visitor, { terms, pack, mode }: Asked): readonly Rule[] {
  const codes = checkTerms(terms, pack, now).map(({ code }) => code);
  const { timeZone } = pack.calendar;
  const cite = (figure: string): Pick<Rule, 'source' | 'unverified'> => ({
    source: pack.source,
    unverified: pack.unverified.includes(figure),
  });
  const days = pack.minimumSubmissionDays;
  const earliest = addDays(now, days, pack.calendar);
  const shortMs = earliest.getTime() - new Date(terms.deadlineAt).getTime();
  const period: Rule =
    mode === 'addendum'
      ? {
          state: 'pass',
          words: t('drafting.rules.extension', { n: pack.extensionAfterAddendumDays }),
          ...cite('extension_after_addendum_days'),
        }
      : {
          ...(codes.includes('period_too_short')
            ? {
                state: 'block',
                words: t('drafting.rules.period.short', {
                  n: Math.ceil(shortMs / (pack.calendar.dayMs ?? DAY_MS)),
                  days,
                  at: f.moment(earliest, timeZone),
                }),
              }
            : { state: 'pass', words: t('drafting.rules.period', { n: days }) }),
          ...cite('minimum_submission_days'),
        };
  const before = pack.enquiryEndBeforeDeadlineDays;
  const latest = addDays(new Date(terms.deadlineAt), -before, pack.calendar);
  const enquiry: Rule = {
    ...(codes.includes('enquiry_end_late')
      ? { state: 'block', words: t('drafting.rules.enquiry.late', { n: before, at: f.moment(latest, timeZone) }) }
      : codes.includes('enquiry_over')
        ? { state: 'warn', words: t('drafting.finding.enquiry_over') }
        : { state: 'pass', words: t('drafting.rules.enquiry', { n: before }) }),
    ...cite('enquiry_end_before_deadline_days'),
  };
  const holidays: Rule | undefined = codes.includes('holidays_unknown')
    ? { state: 'warn', words: t('drafting.finding.holidays_unknown'), ...cite('calendar.holidays') }
    : undefined;
  return [period, enquiry, ...(holidays === undefined ? [] : [holidays])];
}

/** What a pack means, in sentences, beside those of the public page. */
export function packFigures({ t }: Visitor, pack: RulePack): readonly Pick<Rule, 'words' | 'unverified'>[] {
  const figure = (path: string, words: string): Pick<Rule, 'words' | 'unverified'> => ({
    words,
    unverified: pack.unverified.includes(path),
  });
  return [
    figure('minimum_submission_days', t('drafting.rules.period', { n: pack.minimumSubmissionDays })),
    figure('enquiry_end_before_deadline_days', t('drafting.rules.enquiry', { n: pack.enquiryEndBeforeDeadlineDays })),
    figure('extension_after_addendum_days', t('drafting.rules.extension', { n: pack.extensionAfterAddendumDays })),
    figure('evaluator_minimum', t('drafting.rules.evaluators', { n: pack.evaluatorMinimum })),
    figure('opener_groups_minimum', t('drafting.rules.groups', { n: pack.openerGroupsMinimum })),
    figure('minimum_bids', t('drafting.rules.bids', { n: pack.minimumBids })),
    figure('standstill', t('drafting.rules.standstill', { n: pack.standstill.length })),
  ];
}
