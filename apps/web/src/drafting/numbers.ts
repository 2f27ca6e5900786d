/** Numbers as people type them in their language, and as terms hold them: decimal text. */
import type { Locale } from '../words/words.js';

/** `1.250.000,50` in Indonesian, `1,250,000.50` in English; undefined for what is no such number. */
export function decimalOf(typed: string, locale: Locale): string | undefined {
  const [thousand, point] = locale === 'id' ? ['.', ','] : [',', '.'];
  const plain = typed.replace(/^Rp\s*/i, '').replace(/\s/g, '');
  const [whole = '', fraction, ...more] = plain.split(point!);
  if (more.length > 0) return undefined;
  const groups = whole.split(thousand!);
  const grouped = groups.length === 1 || groups.every((group, i) => (i === 0 ? /^\d{1,3}$/ : /^\d{3}$/).test(group));
  const decimal = groups.join('') + (fraction === undefined ? '' : `.${fraction}`);
  return grouped && /^(0|[1-9]\d{0,17})(\.\d{1,6})?$/.test(decimal) ? decimal : undefined;
}

/** Decimal text as it is shown in a field: without rounding, with the digits that it has. */
export function shownDecimal(decimal: string, locale: Locale): string {
  const [whole = '', fraction] = decimal.split('.');
  const [thousand, point] = locale === 'id' ? ['.', ','] : [',', '.'];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, thousand!);
  return fraction === undefined ? grouped : `${grouped}${point!}${fraction}`;
}
