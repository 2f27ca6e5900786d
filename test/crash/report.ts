/** What a campaign found, as a table and as a document. */
import { HARMS, count, type Counts, type Finding } from './findings.js';
import type { Run } from './plan.js';

export type RunReport = Run & {
  readonly reached: boolean;
  /** Starts of killed parts. */
  readonly restarts: number;
  readonly acknowledged: number;
  readonly findings: readonly Finding[];
  /** Why the system did not go on after the restart. */
  readonly stalled: readonly string[];
  readonly seconds: number;
};

export type CampaignReport = {
  readonly seed: number;
  readonly seconds: number;
  readonly runs: readonly RunReport[];
  /** Found only by the complete examination at the end. */
  readonly afterwards: readonly Finding[];
  readonly acknowledged: number;
  /** Refusals that no bidder should have got. */
  readonly surprises: readonly string[];
  /** Half-written files that crashes left beside the objects. */
  readonly temporaryFiles: number;
};

/** Of many findings the first say enough; all of them are in the document. */
const SHOWN = 20;

type Row = Counts & {
  readonly name: string;
  readonly runs: number;
  readonly reached: number;
  readonly restarts: number;
  readonly acknowledged: number;
};

/** One row a failpoint, by name. */
export function byName(runs: readonly RunReport[]): readonly Row[] {
  const names = [...new Set(runs.map(({ name }) => name))].sort();
  return names.map((name) =>
    sumUp(
      name,
      runs.filter((run) => run.name === name),
    ),
  );
}

function sumUp(name: string, runs: readonly RunReport[], afterwards: readonly Finding[] = []): Row {
  const sum = (of: (run: RunReport) => number): number => runs.reduce((total, run) => total + of(run), 0);
  return {
    name,
    runs: runs.length,
    reached: runs.filter(({ reached }) => reached).length,
    restarts: sum(({ restarts }) => restarts),
    acknowledged: sum(({ acknowledged }) => acknowledged),
    ...count([...runs.flatMap(({ findings }) => findings), ...afterwards]),
  };
}

/** Everything, with what only the end showed. */
export function totals({ runs, afterwards }: CampaignReport): Row {
  return sumUp('all', runs, afterwards);
}

/** Why the campaign failed; empty when it did not. */
export function failures(report: CampaignReport): readonly string[] {
  const all = totals(report);
  return [
    ...HARMS.filter((harm) => all[harm] > 0).map((harm) => `${harm}: ${all[harm]}`),
    ...[...report.runs.flatMap(({ findings }) => findings), ...report.afterwards]
      .slice(0, SHOWN)
      .map(({ what }) => what),
    ...byName(report.runs).flatMap(({ name, reached }) => (reached > 0 ? [] : [`${name} was never reached`])),
    ...report.runs.flatMap(({ name, stalled }) => stalled.map((what) => `after ${name}: ${what}`)),
    ...report.surprises.map((what) => `a bidder was refused: ${what}`),
  ];
}

export function table(report: CampaignReport): string {
  const columns = ['name', 'runs', 'reached', 'restarts', 'acknowledged', ...HARMS] as const;
  const rows = [...byName(report.runs), totals(report)].map((row) => columns.map((column) => String(row[column])));
  const lines = [[...columns], ...rows];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)));
  return lines
    .map((line) => line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '))
    .join('\n');
}
