/** The result of a search as a workbook. */
import { REGIONS } from '@segel/procurement';
import writeSheet, { type CellObject, type Row } from 'write-excel-file/node';
import type { Visitor } from '../http/visitor.js';
import { nameOf } from './states.js';
import { categoryOf, type FoundTender } from './tender-list.js';

const MOMENT = 'yyyy-mm-dd hh:mm';
/** Spreadsheets keep fifteen digits: a longer amount stays text rather than become another. */
const DIGITS = 15;

/** Cells have types: a title is text, whatever it begins with, and no program takes it for a formula. */
export async function toSheet(visitor: Visitor, rows: readonly FoundTender[], url: string): Promise<Buffer> {
  const { t, href } = visitor;
  const columns: readonly (readonly [string, number, (row: FoundTender) => CellObject])[] = [
    [t('tender.number'), 34, ({ ocid }) => words(ocid)],
    [t('drafting.title'), 50, ({ title }) => words(title)],
    [t('tender.buyer'), 34, ({ buyerName }) => words(buyerName)],
    [t('tender.state'), 24, ({ state }) => words(nameOf(visitor, state))],
    [t('tender.category'), 22, ({ category }) => words(categoryOf(visitor, category))],
    [t('tender.region'), 24, ({ region }) => words(region && REGIONS[region])],
    [t('tender.method'), 30, ({ rulePackTitle }) => words(rulePackTitle)],
    [t('tender.estimate'), 20, ({ estimate }) => amount(estimate?.amount)],
    [t('tender.currency'), 10, ({ estimate }) => words(estimate?.currency)],
    [t('tender.published'), 18, (row) => moment(row.publishedAt, row.timeZone)],
    [t('tender.deadline'), 18, (row) => moment(row.deadlineAt, row.timeZone)],
    [t('tender.zone'), 16, ({ timeZone }) => words(timeZone)],
    [t('tender.address'), 60, ({ id }) => words(url + href(`/tender/${id}`))],
  ];
  const head: Row = columns.map(([name]) => ({ value: name, type: String, fontWeight: 'bold' }));
  const body = rows.map((row): Row => columns.map(([, , cell]) => cell(row)));
  return writeSheet([head, ...body], {
    sheet: t('search.title'),
    stickyRowsCount: 1,
    columns: columns.map(([, width]) => ({ width })),
  }).toBuffer();
}

const words = (text = ''): CellObject => ({
  // XML 1.0 has no place for these, and a workbook is XML.
  value: text.replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, ''),
  type: String,
});

function amount(decimal: string | undefined): CellObject {
  if (decimal === undefined || decimal.replace(/\D/g, '').length > DIGITS) return words(decimal);
  return { value: Number(decimal), type: Number, format: '#,##0.00' };
}

/** A cell holds a wall clock without a zone: that of the tender's, which has a column of its own. */
function moment(instant: string | undefined, timeZone = 'UTC'): CellObject {
  if (instant === undefined) return words();
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    ...({ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const),
  }).formatToParts(new Date(instant));
  const [year, month, day, hour, minute] = (['year', 'month', 'day', 'hour', 'minute'] as const).map((name) =>
    Number(parts.find(({ type }) => type === name)?.value),
  ) as [number, number, number, number, number];
  return { value: new Date(Date.UTC(year, month - 1, day, hour, minute)), type: Date, format: MOMENT };
}
