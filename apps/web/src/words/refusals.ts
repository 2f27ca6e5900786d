/** Every refusal, with what to do next. A code without words in both languages does not compile. */
import { REFUSAL_CODES, type RefusalCode } from '@segel/procurement';
import { REFUSALS_EN } from './refusals-en.js';
import { REFUSALS_ID } from './refusals-id.js';
import type { Locale } from './words.js';

export type RefusalWords = Readonly<Record<RefusalCode, string>>;

export const REFUSALS: Readonly<Record<Locale, RefusalWords>> = { id: REFUSALS_ID, en: REFUSALS_EN };

const isRefusal = (code: string | undefined): code is RefusalCode =>
  code !== undefined && (REFUSAL_CODES as readonly string[]).includes(code);

/** What a refusal means and what to do next; undefined for what is no refusal of a rule. */
export const refusalWords = (locale: Locale, code: string | undefined): string | undefined =>
  isRefusal(code) ? REFUSALS[locale][code] : undefined;
