import type { RulePack } from '../rule-pack.js';
import { GENERIC_OPEN } from './generic-open.js';

/** The generic pack with a day of two seconds on the real clock. */
export const DEMO_FAST: RulePack = {
  ...GENERIC_OPEN,
  id: 'demo/fast',
  title: 'Demonstration: open tender whose day lasts two seconds',
  source: "The project's own, for demonstrations and tests. Refused in production.",
  demonstration: true,
  minimumSubmissionDays: 1,
  enquiryEndBeforeDeadlineDays: 0,
  answerDays: 1,
  extensionAfterAddendumDays: 1,
  standstill: { length: 1, calendar: 'calendar', endsInOfficeHours: false },
  objection: { answerDays: 1 },
  calendar: { ...GENERIC_OPEN.calendar, dayMs: 2000 },
  openerGroupsMinimum: 1,
};
