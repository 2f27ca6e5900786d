/** The parts of the terms that are worked on one by one, and what each one of them is about. */
import type { Finding } from '@segel/procurement';
import { checkTerms } from '@segel/procurement';
import type { Draft } from './draft.js';

export const PARTS = ['isi', 'aturan', 'jadwal', 'barang', 'dokumen', 'kriteria', 'syarat', 'pembuka', 'tim'] as const;
export type PartName = (typeof PARTS)[number];
export type TaskState = 'todo' | 'partly' | 'done' | 'optional';

const PART_OF: Readonly<Record<string, PartName>> = {
  title: 'isi',
  description: 'isi',
  language: 'isi',
  buyer: 'isi',
  rulePackId: 'aturan',
  currency: 'aturan',
  deadlineAt: 'jadwal',
  enquiryEndAt: 'jadwal',
  precommit: 'jadwal',
  lots: 'barang',
  items: 'barang',
  estimate: 'barang',
  documents: 'dokumen',
  criteria: 'kriteria',
  slots: 'syarat',
  maxBidBytes: 'syarat',
  groups: 'pembuka',
};

/** The part that a finding is about, by its path such as `lots[1].title`. */
export const partOf = ({ path }: Pick<Finding, 'path'>): PartName => PART_OF[/^\w+/.exec(path)?.[0] ?? ''] ?? 'isi';

/** The rule's own findings about the newest terms. For an addendum the period counts from the publication. */
export function findingsOf({ terms, pack, mode }: Draft, now: Date): readonly Finding[] {
  const rules = mode === 'draft' ? pack : { ...pack, minimumSubmissionDays: 0 };
  return checkTerms(terms, rules, now).filter(({ code }) => mode === 'draft' || code !== 'period_too_short');
}

/** How far each part is, in one word. */
export function taskStates(draft: Draft, findings: readonly Finding[]): Readonly<Record<PartName, TaskState>> {
  const { terms, tender, pack } = draft;
  const wrong = new Set(findings.filter(({ severity }) => severity === 'error').map(partOf));
  const state = (part: PartName, begun: boolean): TaskState => (!wrong.has(part) ? 'done' : begun ? 'partly' : 'todo');
  const documentSlots = terms.slots.filter(({ kind }) => kind !== 'price');
  const held = (role: string): number => tender.team?.filter((member) => member.role === role).length ?? 0;
  const people = [held('approver') > 0, held('evaluator') >= pack.evaluatorMinimum, held('award_authority') > 0];
  return {
    isi: state('isi', true),
    aturan: state('aturan', true),
    jadwal: state('jadwal', true),
    barang: state('barang', terms.items.length > 0),
    dokumen: terms.documents.length === 0 ? 'optional' : state('dokumen', true),
    kriteria: state('kriteria', terms.criteria.length > 0),
    syarat: documentSlots.length === 0 ? 'optional' : state('syarat', true),
    pembuka: state('pembuka', terms.groups.length > 0),
    tim: people.every(Boolean) ? 'done' : people.some(Boolean) ? 'partly' : 'todo',
  };
}

/** What stands between these terms and a signature, apart from findings. */
export function missing({ terms, tender }: Draft): {
  readonly keys: number;
  readonly openers: number;
  readonly approver: boolean;
} {
  const openers = terms.groups.flatMap(({ openerIds }) => openerIds).length;
  const approver = tender.team?.some(({ role }) => role === 'approver') !== true;
  return { openers, keys: Math.max(0, openers - (tender.openersReady ?? 0)), approver };
}
