/** What a company is asked, task by task. */
import type { Schemas } from '@segel/client';
import type { Key } from '../words/words.js';

type FieldName = Extract<Key, `field.${string}`> extends `field.${infer N}` ? Exclude<N, `${string}.hint`> : never;
export type CompanyField = { readonly name: FieldName; readonly required?: boolean; readonly type?: 'email' | 'tel' };

/** The fields of each task, by its slug in the address. */
export const TASKS = {
  identitas: {
    key: 'company.task.identity',
    fields: [
      { name: 'name', required: true },
      { name: 'country', required: true },
      { name: 'scheme', required: true },
      { name: 'identifier', required: true },
      { name: 'tax' },
    ],
  },
  kontak: {
    key: 'company.task.contact',
    fields: [
      { name: 'address', required: true },
      { name: 'email', type: 'email' },
      { name: 'phone', type: 'tel' },
    ],
  },
  usaha: { key: 'company.task.business', fields: [{ name: 'kbli', required: true }, { name: 'size' }] },
  pemilik: {
    key: 'company.task.owners',
    fields: [
      { name: 'owner1', required: true },
      { name: 'owner1share', required: true },
      { name: 'owner2' },
      { name: 'owner2share' },
      { name: 'owner3' },
      { name: 'owner3share' },
    ],
  },
  pengurus: {
    key: 'company.task.board',
    fields: [
      { name: 'director', required: true },
      { name: 'directors' },
      { name: 'bank', required: true },
      { name: 'account', required: true },
      { name: 'holder', required: true },
    ],
  },
} as const satisfies Readonly<Record<string, { readonly key: Key; readonly fields: readonly CompanyField[] }>>;

export type Task = keyof typeof TASKS;
export const isTask = (slug: string): slug is Task => Object.hasOwn(TASKS, slug);
export const taskFields = (task: Task): readonly CompanyField[] => TASKS[task].fields;

/** What was written so far; every value is text. */
export type Draft = Readonly<Record<string, string>>;

export const draftOf = (record: unknown): Draft =>
  Object.fromEntries(
    Object.entries((record ?? {}) as object).filter(([, value]) => typeof value === 'string'),
  ) as Draft;

export type TaskState = 'none' | 'partial' | 'done';

export function stateOf(task: Task, draft: Draft): TaskState {
  const fields = taskFields(task);
  if (fields.every(({ name, required }) => required !== true || (draft[name] ?? '') !== '')) return 'done';
  return fields.some(({ name }) => (draft[name] ?? '') !== '') ? 'partial' : 'none';
}

export const isComplete = (draft: Draft): boolean =>
  (Object.keys(TASKS) as Task[]).every((task) => stateOf(task, draft) === 'done');

/** The registration of a complete draft: who the company is, and what it declares besides. */
export function registrationOf(draft: Draft): Schemas['NewVendor'] {
  const { name = '', country = '', scheme = '', identifier = '', address = '', email, phone } = draft;
  const own = ['name', 'country', 'scheme', 'identifier', 'address', 'email', 'phone'];
  const declared = Object.fromEntries(
    Object.entries(draft).filter(([key, value]) => !own.includes(key) && value !== ''),
  );
  return {
    name,
    country: country.toUpperCase(),
    identifierScheme: scheme,
    identifier,
    address,
    ...(email ? { email } : {}),
    ...(phone ? { phone } : {}),
    declared,
  };
}
