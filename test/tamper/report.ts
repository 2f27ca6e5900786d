/** What a campaign came to: the table for people, totals, and whether it holds. */
import type { Campaign } from './campaign.js';
import type { Result } from './change.js';
import { UNNAMED_COLUMNS, reasonOf } from './columns.js';

export type Totals = {
  readonly changes: number;
  readonly relevant: number;
  readonly named: number;
  readonly namedElsewhere: number;
  readonly notNamed: number;
  readonly legitimate: number;
  readonly impossible: number;
  readonly columns: number;
  readonly columnsNamed: number;
  readonly columnsWithReason: number;
  readonly columnsInNeither: readonly string[];
};

export function totalsOf({ results, columns }: Campaign): Totals {
  const count = (...outcomes: readonly Result['outcome'][]): number =>
    results.filter(({ outcome }) => outcomes.includes(outcome)).length;
  const named = new Set(results.filter(({ outcome }) => outcome === 'named').map(({ what }) => what));
  const isNamed = (table: string, column: string): boolean =>
    named.has(`${table}.${column}`) || (named.has(table) && isEmpty(results, table));
  const reasoned = columns.filter(({ table, column }) => reasonOf(table, column) !== undefined);
  const rest = columns.filter(({ table, column }) => reasonOf(table, column) === undefined);
  return {
    changes: results.length,
    relevant: count('named', 'named elsewhere', 'not named'),
    named: count('named'),
    namedElsewhere: count('named elsewhere'),
    notNamed: count('not named'),
    legitimate: count('legitimate'),
    impossible: count('impossible'),
    columns: columns.length,
    columnsNamed: rest.filter(({ table, column }) => isNamed(table, column)).length,
    columnsWithReason: reasoned.length,
    columnsInNeither: rest
      .filter(({ table, column }) => !isNamed(table, column))
      .map(({ table, column }) => `${table}.${column}`),
  };
}

/** A table that the scene leaves empty: a forged row is all that can be tried. */
function isEmpty(results: readonly Result[], table: string): boolean {
  return results.some(({ what, how }) => what === table && how === 'row forged');
}

/** True when everything that must be named was, at its place, and (in a whole campaign) no column was forgotten. */
export function holds(campaign: Campaign, whole: boolean): boolean {
  const totals = totalsOf(campaign);
  return totals.namedElsewhere + totals.notNamed === 0 && (!whole || totals.columnsInNeither.length === 0);
}

export function reportText(campaign: Campaign): string {
  const groups = new Map<string, Result[]>();
  for (const result of campaign.results) groups.set(result.group, [...(groups.get(result.group) ?? []), result]);
  const tables = [...groups].map(([group, results]) => [`\n== ${group}`, ...results.map(resultLine)].join('\n'));
  const reasons = Object.entries(UNNAMED_COLUMNS).map(([column, reason]) => `  ${column.padEnd(32)} ${reason}`);
  const totals = Object.entries(totalsOf(campaign)).map(
    ([name, value]) => `  ${name.padEnd(20)} ${Array.isArray(value) ? value.join(', ') || 'none' : String(value)}`,
  );
  return [
    ...tables,
    '\n== Columns that nobody needs to name, and why',
    ...reasons,
    `\n== Totals (${campaign.seconds} s)`,
    ...totals,
  ].join('\n');
}

/** One change in a line. */
export function resultLine({ what, how, outcome, named, note, reason }: Result): string {
  const by = [...new Set(named.map((one) => one.by))].join(', ');
  const [first] = named;
  const found = first === undefined ? (note ?? reason ?? '') : `${first.code} · ${first.place}`;
  return `  ${outcome.padEnd(16)} ${what.slice(-46).padEnd(46)} ${how.padEnd(26)} ${by.padEnd(24)} ${found.slice(0, 160)}`;
}

export function reportJson(campaign: Campaign): string {
  const { results, seconds } = campaign;
  return JSON.stringify({ v: 1, seconds, totals: totalsOf(campaign), results, unnamed: UNNAMED_COLUMNS }, null, 1);
}
