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

/** What was read: leaves in all, of both forms, and signatures that were checked. */
export type Counts = {
  readonly entries: number;
  readonly clear: number;
  readonly blinded: number;
  readonly signatures: number;
};

/** An entry of the tender whose readable form was erased, as the log itself says. */
export type ErasedEntry = { readonly entry: number; readonly type: string; readonly reason: string };

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
  readonly counts?: Counts;
  /** Erased entries of the tender: neither missing nor checked. */
  readonly erased: readonly ErasedEntry[];
};

/** Collects findings for one check. */
export type Findings = {
  readonly error: (code: string, sentence: string, where?: Where) => void;
  readonly warn: (code: string, sentence: string, where?: Where) => void;
  readonly cannot: (what: string, why: string) => void;
};

/** Findings of one code that are listed; the others are counted. A log of a million altered entries must not become a
 *  list of a million. */
const LISTED = 100;

/** A report being written, check by check. */
export class ReportWriter {
  readonly #checks: string[] = [];
  readonly #findings: Finding[] = [];
  readonly #unverified: Unverified[] = [];
  readonly #erased: ErasedEntry[] = [];
  readonly #times = new Map<string, number>();
  counts: Counts | undefined;

  constructor(private readonly subject: string) {}

  /** Begins a check whose findings come up while others run. */
  begin(check: string): Findings {
    this.#checks.push(check);
    const add = (severity: Finding['severity']) => (code: string, sentence: string, where?: Where) => {
      const name = `${check}/${code}`;
      const times = (this.#times.get(name) ?? 0) + 1;
      this.#times.set(name, times);
      if (times > LISTED) return;
      this.#findings.push({ check, code, severity, sentence, ...(where === undefined ? {} : { where }) });
    };
    const cannot = (what: string, why: string): void => void this.#unverified.push({ what, why });
    return { error: add('error'), warn: add('warning'), cannot };
  }

  /** Runs one check. What it throws is a finding too: evidence that cannot be read must not end the verification. */
  async run(check: string, act: (findings: Findings) => void | Promise<void>): Promise<void> {
    await this.guard(this.begin(check), act);
  }

  /** Runs a check that was begun. */
  async guard(found: Findings, act: (findings: Findings) => void | Promise<void>): Promise<void> {
    try {
      await act(found);
    } catch (error) {
      found.error('unreadable', `The check ended early: ${error instanceof Error ? error.message : String(error)}.`);
    }
  }

  /** Notes an entry of the tender that was erased. */
  erased(entry: ErasedEntry): void {
    this.#erased.push(entry);
  }

  finish(checkpoint?: { readonly origin: string; readonly size: number }): Report {
    const more = [...this.#times].filter(([, times]) => times > LISTED);
    const uncounted = more.map(([name, times]) => {
      const [check = '', code = ''] = name.split('/');
      const { severity } = this.#findings.find((finding) => finding.check === check && finding.code === code)!;
      return { check, code, severity, sentence: `This was found ${times} times; the first ${LISTED} are listed.` };
    });
    return {
      v: 1,
      subject: this.subject,
      ...(checkpoint === undefined ? {} : { origin: checkpoint.origin, size: checkpoint.size }),
      holds: !this.#findings.some((finding) => finding.severity === 'error'),
      checks: this.#checks,
      findings: [...this.#findings, ...uncounted],
      unverified: this.#unverified,
      ...(this.counts === undefined ? {} : { counts: this.counts }),
      erased: this.#erased,
    };
  }
}

/** The report for people. */
export function reportText(report: Report): string {
  const { subject, origin, size, holds, checks, findings, unverified, erased } = report;
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
  if (erased.length > 0) lines.push('', 'Erased, as the log says:');
  for (const { entry, type, reason } of erased) lines.push(`  entry ${entry}, ${type}: ${reason}`);
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
