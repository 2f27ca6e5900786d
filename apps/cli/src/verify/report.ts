/** What a verification says: findings with a place, and what nobody could check. */

/** Where a finding shows: a leaf of the log, a bid, a lot, a member of a document. */
export type Where = {
  readonly entry?: number;
  readonly bid?: string;
  readonly lot?: string;
  readonly field?: string;
};

/** `check` is the module that found it, `code` its stable name, for programs. */
export type Finding = {
  readonly check: string;
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly sentence: string;
  readonly where?: Where;
};

/** Something the evidence cannot show, and why. */
export type Unverified = { readonly what: string; readonly why: string };

export type Report = {
  readonly v: 1;
  /** What was verified: a log's origin, or a tender's id. */
  readonly subject: string;
  /** The checkpoint everything was measured by. */
  readonly origin?: string;
  readonly size?: number;
  /** True when no finding is an error. */
  readonly holds: boolean;
  /** Names of the checks that ran, in order. */
  readonly checks: readonly string[];
  readonly findings: readonly Finding[];
  readonly unverified: readonly Unverified[];
};

/** Collects findings for one check. */
export type Findings = {
  readonly error: (code: string, sentence: string, where?: Where) => void;
  readonly warn: (code: string, sentence: string, where?: Where) => void;
  readonly cannot: (what: string, why: string) => void;
};

/** A report being written, check by check. */
export class ReportWriter {
  readonly #checks: string[] = [];
  readonly #findings: Finding[] = [];
  readonly #unverified: Unverified[] = [];

  constructor(private readonly subject: string) {}

  /** Runs one check. What it throws is a finding too: evidence that cannot be read must not end the verification. */
  async run(check: string, act: (findings: Findings) => void | Promise<void>): Promise<void> {
    this.#checks.push(check);
    const add = (severity: Finding['severity']) => (code: string, sentence: string, where?: Where) =>
      void this.#findings.push({ check, code, severity, sentence, ...(where === undefined ? {} : { where }) });
    const cannot = (what: string, why: string): void => void this.#unverified.push({ what, why });
    try {
      await act({ error: add('error'), warn: add('warning'), cannot });
    } catch (error) {
      add('error')('unreadable', `The check ended early: ${error instanceof Error ? error.message : String(error)}.`);
    }
  }

  /** True when a check found an error. */
  failed(check: string): boolean {
    return this.#findings.some((finding) => finding.check === check && finding.severity === 'error');
  }

  finish(checkpoint?: { readonly origin: string; readonly size: number }): Report {
    return {
      v: 1,
      subject: this.subject,
      ...(checkpoint === undefined ? {} : { origin: checkpoint.origin, size: checkpoint.size }),
      holds: !this.#findings.some((finding) => finding.severity === 'error'),
      checks: this.#checks,
      findings: this.#findings,
      unverified: this.#unverified,
    };
  }
}

/** The report for people. */
export function reportText(report: Report): string {
  const { subject, origin, size, holds, checks, findings, unverified } = report;
  const failed = (check: string): number => findings.filter((finding) => finding.check === check).length;
  const lines = [
    `${subject}: ${holds ? 'everything that was checked holds' : 'SOMETHING DOES NOT HOLD'}`,
    ...(origin === undefined ? [] : [`log ${origin}, ${size} entries`]),
    '',
    ...checks.map((check) => `${failed(check) === 0 ? 'ok  ' : '  ! '}${check}`),
  ];
  if (findings.length > 0) lines.push('', 'Findings:');
  for (const { severity, check, code, sentence, where } of findings) {
    lines.push(`  ${severity} ${check}/${code}: ${sentence}${placeText(where)}`);
  }
  if (unverified.length > 0) lines.push('', 'Not verified:');
  for (const { what, why } of unverified) lines.push(`  ${what}: ${why}`);
  return `${lines.join('\n')}\n`;
}

/** The report for programs: one JSON document. */
export function reportJson(report: Report): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

function placeText(where: Where = {}): string {
  const places = Object.entries(where).map(([kind, value]) => `${kind} ${value}`);
  return places.length === 0 ? '' : ` (${places.join(', ')})`;
}
