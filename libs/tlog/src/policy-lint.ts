/** What a policy may say and still promise nothing (protocol section 7, Policy). */
import { equalBytes } from '@segel/encoding';
import { notIndependentWitnesses, type Policy, type Quorum } from './policy.js';

export type PolicyFindingCode =
  | 'no_log'
  | 'quorum_none'
  | 'disjoint_quorums'
  | 'log_is_witness'
  | 'one_witness_suffices'
  | 'witness_not_in_quorum'
  | 'not_independent';

/** An `error` makes the policy unfit for use; a `warning` has to be shown. */
export type PolicyFinding = {
  readonly code: PolicyFindingCode;
  readonly severity: 'error' | 'warning';
  readonly sentence: string;
};

/** Two quorums without a common witness: with them, an operator could show two histories, each properly cosigned. */
export type DisjointQuorums = readonly [readonly string[], readonly string[]];

/** Smallest-first sets of names that satisfy the quorum once and, when it can be, twice without sharing a name. */
function quorumsOf(quorum: Quorum): { readonly one: readonly string[]; readonly two?: DisjointQuorums } {
  if (quorum.kind === 'none') return { one: [], two: [[], []] };
  if (quorum.kind === 'witness') return { one: [quorum.name] };
  const { threshold } = quorum;
  const members = quorum.members.map(quorumsOf);
  const one = members.map((member) => member.one).toSorted((a, b) => a.length - b.length);
  const twice = members.flatMap((member) => (member.two === undefined ? [] : [member.two])).slice(0, threshold);
  const single = members.filter((member) => member.two === undefined).map((member) => member.one);
  const missing = threshold - twice.length;
  const smallest = one.slice(0, threshold).flat();
  // A name belongs to one group only, so members never share witnesses: counting them is exact.
  if (single.length < 2 * missing) return { one: smallest };
  const first = [...twice.map(([a]) => a), ...single.slice(0, missing)].flat();
  const second = [...twice.map(([, b]) => b), ...single.slice(missing, 2 * missing)].flat();
  return { one: smallest, two: [first, second] };
}

/** Two disjoint quorums of the policy, or undefined when any two share a witness. Exact for every policy size:
 *  the format lets a name be a member only once, so the quorum is a tree and needs no enumeration. */
export function disjointQuorums(policy: Policy): DisjointQuorums | undefined {
  return quorumsOf(policy.quorum).two;
}

function witnessesOf(quorum: Quorum): readonly string[] {
  if (quorum.kind === 'none') return [];
  return quorum.kind === 'witness' ? [quorum.name] : quorum.members.flatMap(witnessesOf);
}

/** Findings about a policy, errors first. A policy with an error must not be put into use. */
export function lintPolicy(policy: Policy): readonly PolicyFinding[] {
  return [...lintErrors(policy), ...lintWarnings(policy)];
}

function lintErrors({ logs, witnesses, quorum, ...rest }: Policy): readonly PolicyFinding[] {
  const findings: PolicyFinding[] = [];
  const add = (code: PolicyFindingCode, sentence: string) => findings.push({ code, severity: 'error', sentence });
  if (logs.length === 0) add('no_log', 'The policy names no log.');
  if (quorum.kind === 'none') {
    add('quorum_none', 'The policy asks for no witness: the log could show different histories to different people.');
    return findings;
  }
  const two = disjointQuorums({ logs, witnesses, quorum, ...rest });
  if (two !== undefined) {
    const [a, b] = two.map((names) => names.join(', '));
    add('disjoint_quorums', `Two quorums share no witness (${a} / ${b}): each could be shown another history.`);
  }
  const shared = witnesses.filter(({ key }) => logs.some((log) => equalBytes(log.key.publicKey, key.publicKey)));
  for (const { name } of shared) add('log_is_witness', `Witness ${name} signs with the log's own key.`);
  return findings;
}

function lintWarnings({ text, witnesses, quorum }: Policy): readonly PolicyFinding[] {
  const findings: PolicyFinding[] = [];
  const add = (code: PolicyFindingCode, sentence: string) => findings.push({ code, severity: 'warning', sentence });
  const { one } = quorumsOf(quorum);
  if (one.length === 1) add('one_witness_suffices', `Witness ${one[0]} alone makes a quorum.`);
  const used = new Set(witnessesOf(quorum));
  for (const { name } of witnesses) {
    if (!used.has(name)) add('witness_not_in_quorum', `Witness ${name} is listed but no part of the quorum.`);
  }
  for (const name of notIndependentWitnesses(text)) {
    add(
      'not_independent',
      `Witness ${name} is run by the operator of the log and proves nothing against the operator.`,
    );
  }
  return findings;
}
