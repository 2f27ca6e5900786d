/** What a checker tells the person who filled a form in. An `error` stops the act, a `warning` does not. */
export type Finding = {
  /** Where: a path into the checked object, such as `lots[1].title`. */
  readonly path: string;
  /** A stable word for the kind of finding, translated on screens. */
  readonly code: string;
  /** One plain English sentence. */
  readonly sentence: string;
  readonly severity: 'error' | 'warning';
};

export type Finder = {
  readonly error: (path: string, code: string, sentence: string) => void;
  readonly warn: (path: string, code: string, sentence: string) => void;
  readonly findings: readonly Finding[];
};

/** Collects findings in the order they are made. */
export function finder(): Finder {
  const findings: Finding[] = [];
  return {
    findings,
    error: (path, code, sentence) => void findings.push({ path, code, sentence, severity: 'error' }),
    warn: (path, code, sentence) => void findings.push({ path, code, sentence, severity: 'warning' }),
  };
}

/** Values that occur more than once, each named once, in order of their second appearance. */
export function repeated(values: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const value of values) (seen.has(value) ? twice : seen).add(value);
  return [...twice];
}
