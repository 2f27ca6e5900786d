/** The four ways in which a crash may hurt, which must never happen. */
export const HARMS = ['lost', 'duplicated', 'gapped', 'nonPrefix'] as const;
export type Harm = (typeof HARMS)[number];

export type Finding = { readonly harm: Harm; readonly what: string };
export type Counts = Readonly<Record<Harm, number>>;

export function count(findings: readonly Finding[]): Counts {
  const of = (harm: Harm): number => findings.filter((finding) => finding.harm === harm).length;
  return { lost: of('lost'), duplicated: of('duplicated'), gapped: of('gapped'), nonPrefix: of('nonPrefix') };
}

export const found = (harm: Harm, what: readonly string[]): readonly Finding[] =>
  what.map((text) => ({ harm, what: text }));
