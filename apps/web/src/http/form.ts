/** Forms: what came, and what is said when the API refuses it. */
import { Problem } from '@segel/client';
import { HttpStatus } from '@nestjs/common';
import { refusalWords } from '../words/refusals.js';
import type { Visitor } from './visitor.js';

/** What a form sent; nothing of it is believed. */
export type Form = Readonly<Record<string, unknown>>;

/** A field as text without the spaces around it; empty when it was not sent. */
export const text = (form: Form, name: string): string => {
  const value = form[name];
  return typeof value === 'string' ? value.trim() : '';
};

/** A field that may be sent several times. */
export const texts = (form: Form, name: string): readonly string[] => {
  const value = form[name];
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  return all.filter((one) => typeof one === 'string' && one !== '') as readonly string[];
};

/** Why a form was not taken: a sentence with what to do next, and the field that it is about, when one is. */
export type Wrong = { readonly words: string; readonly field?: string };

/** Runs an act of the API. What it refuses by a rule, or finds malformed, is returned to be shown on the form's own page
 *  (with the status of the refusal); anything else goes the way of errors. */
export async function attempt<T>(
  { reply, locale, t }: Visitor,
  act: () => Promise<T>,
): Promise<{ readonly done: T } | { readonly wrong: Wrong }> {
  try {
    return { done: await act() };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { status, code, errors = [], params } = error.document;
    if (status === 401 || status >= 500) throw error;
    const field = errors[0]?.split(' ')[0] ?? (typeof params?.['field'] === 'string' ? params['field'] : undefined);
    const malformed = status === 400 && field !== undefined ? t('form.malformed', { field }) : undefined;
    const words = malformed ?? refusalWords(locale, code);
    if (words === undefined) throw error;
    void reply.status(status);
    return { wrong: { words, ...(field === undefined ? {} : { field }) } };
  }
}

/** After an act: the page that shows it, by GET, so that nothing is sent twice. */
export async function seeOther({ reply, href }: Visitor, to: string): Promise<void> {
  await reply.redirect(href(to), HttpStatus.SEE_OTHER);
}
