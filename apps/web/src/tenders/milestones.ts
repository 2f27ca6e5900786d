/** The way of a tender, step by step: what is done, what runs, what comes. */
import type { Visitor } from '../http/visitor.js';
import type { Milestone } from '../look/parts.js';
import type { TenderFacts } from './tender.controller.js';

type Step = { readonly key: Name; readonly at: string | undefined; readonly done: boolean };
type Name = 'published' | 'enquiries' | 'deadline' | 'opening' | 'evaluation' | 'intended' | 'standstill' | 'award';

export function milestones({ t, f, now }: Visitor, { tender, minutes, awards }: TenderFacts): readonly Milestone[] {
  const zone = tender.rules.timeZone;
  const past = (at: string | undefined): boolean => at !== undefined && new Date(at) <= now;
  // Of several lots, those that are still in it: a step is done when it is done for each.
  const living = awards.filter(({ state }) => state !== 'failed' && state !== 'cancelled');
  const announced = living.flatMap(({ award }) => award ?? []);
  const all = announced.length > 0 && announced.length === living.length;
  const last = (instants: readonly (string | undefined)[]): string | undefined =>
    instants.reduce<string | undefined>((a, b) => (a === undefined || (b !== undefined && b > a) ? b : a), undefined);
  const intendedAt = all ? last(announced.map(({ intendedAt: at }) => at)) : undefined;
  const decided = all && announced.every(({ decidedAt }) => decidedAt !== undefined);
  const openedAt = last(minutes?.lots.map(({ completedAt }) => completedAt) ?? []);
  const closed = past(tender.deadlineAt);
  const steps: readonly Step[] = [
    { key: 'published', at: tender.publishedAt, done: tender.publishedAt !== undefined },
    { key: 'enquiries', at: tender.terms.enquiryEndAt, done: past(tender.terms.enquiryEndAt) },
    { key: 'deadline', at: tender.deadlineAt, done: closed },
    { key: 'opening', at: openedAt, done: openedAt !== undefined },
    { key: 'evaluation', at: undefined, done: intendedAt !== undefined },
    { key: 'intended', at: intendedAt, done: intendedAt !== undefined },
    {
      key: 'standstill',
      at: last(announced.map(({ standstillEndAt: at }) => at)),
      done: all && announced.every((one) => past(one.standstillEndAt)),
    },
    { key: 'award', at: decided ? last(announced.map(({ decidedAt: at }) => at)) : undefined, done: decided },
  ];
  const over = tender.state === 'cancelled' || tender.state === 'failed';
  const current = over ? -1 : steps.findIndex(({ done }) => !done);
  return steps
    .filter(({ done }) => !over || done)
    .map(({ key, at, done }, i) => ({
      key,
      name: t(`step.${key}`),
      ...(at === undefined ? {} : { at: f.short(at, zone) }),
      when: done ? 'done' : i === current ? 'now' : 'next',
    }));
}
