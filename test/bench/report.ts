/** What was measured, as a table for people and as JSON for programs. */
import { median, medianRatio, meets, percentile, type Target } from './statistics.js';

/** One line of the table. `raw` holds every repeat, or every sample of a distribution. */
export type Figure = {
  readonly section: number;
  readonly what: string;
  readonly load: string;
  readonly unit: string;
  readonly value: number;
  readonly raw: readonly number[];
  readonly baseline?: string;
  readonly ratio?: number;
  readonly target?: Target;
  /** What the target is about when it is not the ratio. */
  readonly targetOf?: 'ratio' | 'value';
  readonly met?: boolean;
  readonly note?: string;
};

type Measured = {
  readonly section: number;
  readonly what: string;
  readonly load?: string;
  readonly unit: string;
  readonly raw: readonly number[];
  readonly note?: string;
};

/** A figure that is the median of its repeats. */
export function figure(measured: Measured, target?: Target): Figure {
  const value = median(measured.raw);
  return { load: '', ...measured, value, ...aim(value, 'value', target) };
}

/** A figure that is a percentile of a distribution. */
export function percentileFigure(measured: Measured, p: number, target?: Target): Figure {
  const value = percentile(measured.raw, p);
  const what = `${measured.what}, p${Math.round(p * 100)}`;
  return { load: '', ...measured, what, value, ...aim(value, 'value', target) };
}

/** A figure that is the largest of its samples. */
export function largestFigure(measured: Measured, target?: Target): Figure {
  const value = Math.max(...measured.raw);
  return { load: '', ...measured, what: `${measured.what}, max`, value, ...aim(value, 'value', target) };
}

/** A figure beside its baseline, round by round. The target is about their ratio. */
export function comparedFigure(measured: Measured, baseline: Figure, target?: Target): Figure {
  const ratio = medianRatio(measured.raw, baseline.raw);
  const value = median(measured.raw);
  return { load: '', ...measured, value, baseline: baseline.what, ratio, ...aim(ratio, 'ratio', target) };
}

function aim(of: number, targetOf: 'ratio' | 'value', target: Target | undefined): Partial<Figure> {
  return target === undefined ? {} : { target, targetOf, met: meets(of, target) };
}

const HEAD = ['', 'what', 'load', 'median', 'unit', 'ratio', 'to', 'target', 'met'];

/** The table, its columns as wide as they need. */
export function table(figures: readonly Figure[]): string {
  const rows = [HEAD, ...figures.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row.map((cell, i) => (i === 3 || i === 5 ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join('  '),
    )
    .map((line) => line.trimEnd())
    .join('\n');
}

function cells(f: Figure): readonly string[] {
  return [
    String(f.section),
    f.note === undefined ? f.what : `${f.what} (${f.note})`,
    f.load,
    shown(f.value),
    f.unit,
    f.ratio === undefined ? '' : f.ratio.toFixed(2),
    f.baseline ?? '',
    targetText(f),
    f.met === undefined ? '' : f.met ? 'yes' : 'NO',
  ];
}

function targetText({ target, targetOf }: Figure): string {
  if (target === undefined) return '';
  const limit = 'atLeast' in target ? `≥ ${target.atLeast}` : `≤ ${target.atMost}`;
  return targetOf === 'ratio' ? `ratio ${limit}` : limit;
}

const shown = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(value >= 10 ? 1 : 2);
