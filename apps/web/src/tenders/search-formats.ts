/** The result of a search for spreadsheets and feed readers. */
import { REGIONS } from '@segel/procurement';
import type { Visitor } from '../http/visitor.js';
import { categoryOf, type FoundTender } from './tender-list.js';
import { nameOf } from './states.js';

const HEAD = [
  'id',
  'ocid',
  'title',
  'buyer',
  'category',
  'state',
  'estimate',
  'currency',
  'region',
  'method',
  'published_at',
  'deadline_at',
  'url',
];

/** RFC 4180. What begins like a formula gets an apostrophe: titles are other people's words, and a spreadsheet would run
 *  them. Also within: one set to Indonesian splits at semicolons, and takes quotes of its own away. */
function cell(value = ''): string {
  const safe = value.replace(/(^|[;,\t\r\n])(?=[\s"']*[=+\-@])/g, "$1'");
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function toCsv({ href }: Visitor, rows: readonly FoundTender[], url: string): string {
  const lines = rows.map((row) => [
    row.id,
    row.ocid,
    row.title,
    row.buyerName,
    row.category,
    row.state,
    row.estimate?.amount,
    row.estimate?.currency,
    row.region && REGIONS[row.region],
    row.rulePackTitle,
    row.publishedAt,
    row.deadlineAt,
    url + href(`/tender/${row.id}`),
  ]);
  return csvOf([HEAD, ...lines]);
}

/** Rows of cells as a file for spreadsheets, the names of the columns first. */
export function csvOf(rows: readonly (readonly (string | undefined)[])[]): string {
  // Spreadsheets take a file for UTF-8 when it begins so.
  return `\uFEFF${rows.map((row) => row.map((value) => cell(value)).join(',')).join('\r\n')}\r\n`;
}

const xml = (text: string): string =>
  text
    // XML 1.0 has no place for these, not even escaped.
    .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '')
    .replace(/[<>&"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** RFC 4287. */
export function toAtom(visitor: Visitor, rows: readonly FoundTender[], url: string): string {
  const { t, f, href, path, locale } = visitor;
  const self = xml(url + href(path));
  const newest = rows
    .map(({ publishedAt = '' }) => publishedAt)
    .toSorted()
    .at(-1);
  const entries = rows.map((row) => {
    const link = xml(url + href(`/tender/${row.id}`));
    const closes = row.deadlineAt && t('tender.closes', { at: f.short(row.deadlineAt, row.timeZone ?? 'UTC') });
    const summary = [
      nameOf(visitor, row.state),
      categoryOf(visitor, row.category),
      row.region && REGIONS[row.region],
      row.estimate && f.money(row.estimate),
      closes,
    ];
    return `<entry><id>urn:uuid:${row.id}</id><title>${xml(row.title)}</title><link href="${link}"/><updated>${row.publishedAt ?? ''}</updated><author><name>${xml(row.buyerName)}</name></author><summary>${xml(summary.filter(Boolean).join(' · '))}</summary></entry>`;
  });
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${locale}"><id>${self}</id><title>${xml(t('search.title'))} · ${xml(t('site.name'))}</title><link rel="self" href="${self}"/><updated>${newest ?? '1970-01-01T00:00:00.000Z'}</updated><author><name>${xml(t('site.name'))}</name></author>
${entries.join('\n')}
</feed>
`;
}
