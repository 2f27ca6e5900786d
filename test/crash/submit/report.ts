/** What a campaign against submissions found, as a table and as a document. */
import { HARMS, type Finding, type Harm } from './examination.js';
import type { SubmitRun } from './plan.js';

export type SubmitRunReport = SubmitRun & {
  readonly reached: boolean;
  /** How often the vendor started the command. */
  readonly starts: number;
  /** Length of the ciphertext. */
  readonly bytes: number;
  /** Sent beyond the ciphertext itself, all requests included. */
  readonly sentAgain: number;
  readonly findings: readonly Finding[];
  readonly seconds: number;
};

export type SubmitReport = {
  readonly seed: number;
  readonly seconds: number;
  readonly store: 's3' | 'folder';
  readonly runs: readonly SubmitRunReport[];
  /** Found only at the end, in the whole log. */
  readonly afterwards: readonly Finding[];
};

export type SubmitTotals = Readonly<Record<Harm, number>> & {
  readonly name: string;
  readonly runs: number;
  readonly reached: number;
  readonly starts: number;
  readonly 'MB sent': string;
  readonly 'MB again': string;
};

function sumUp(name: string, runs: readonly SubmitRunReport[], afterwards: readonly Finding[] = []): SubmitTotals {
  const findings = [...runs.flatMap((run) => run.findings), ...afterwards];
  const count = (harm: Harm): number => findings.filter((finding) => finding.harm === harm).length;
  const sum = (of: (run: SubmitRunReport) => number): number => runs.reduce((total, run) => total + of(run), 0);
  return {
    name,
    runs: runs.length,
    reached: runs.filter(({ reached }) => reached).length,
    starts: sum(({ starts }) => starts),
    'MB sent': (sum(({ bytes }) => bytes) / 1e6).toFixed(1),
    'MB again': (sum(({ sentAgain }) => sentAgain) / 1e6).toFixed(1),
    lost: count('lost'),
    duplicated: count('duplicated'),
    corrupt: count('corrupt'),
    stuck: count('stuck'),
  };
}

/** One row a victim or failpoint, by name. */
export function byName(runs: readonly SubmitRunReport[]): readonly SubmitTotals[] {
  const names = [...new Set(runs.map(({ name }) => name))].sort();
  return names.map((name) =>
    sumUp(
      name,
      runs.filter((run) => run.name === name),
    ),
  );
}

export const totals = ({ runs, afterwards }: SubmitReport): SubmitTotals => sumUp('all', runs, afterwards);

/** Why the campaign failed; empty when it did not. */
export function failures(report: SubmitReport): readonly string[] {
  return [
    ...[...report.runs.flatMap(({ findings }) => findings), ...report.afterwards].map(
      ({ harm, what }) => `${harm}: ${what}`,
    ),
    ...byName(report.runs).flatMap(({ name, reached }) => (reached > 0 ? [] : [`${name} was never reached`])),
  ];
}

export function table(report: SubmitReport): string {
  const columns = ['name', 'runs', 'reached', 'starts', 'MB sent', 'MB again', ...HARMS] as const;
  const rows = [...byName(report.runs), totals(report)].map((row) => columns.map((column) => String(row[column])));
  const lines = [[...columns], ...rows];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)));
  return lines
    .map((line) => line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '))
    .join('\n');
}
