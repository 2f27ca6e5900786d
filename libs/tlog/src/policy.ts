/** Trust policies (C2SP tlog-policy): which logs, which witnesses, and how many of them make a quorum. */
import { equalBytes } from '@segel/encoding';
import { ED25519_COSIGNATURE, ED25519_NOTE, parseVkey, type SignatureType, type VerifierKey } from './note.js';

export type PolicyLog = { readonly key: VerifierKey; readonly url?: string };
export type PolicyWitness = { readonly name: string; readonly key: VerifierKey; readonly url?: string };

/** The quorum as a tree: a witness, a group of which `threshold` members are needed, or none at all. */
export type Quorum =
  | { readonly kind: 'none' }
  | { readonly kind: 'witness'; readonly name: string }
  | { readonly kind: 'group'; readonly name: string; readonly threshold: number; readonly members: readonly Quorum[] };

/** A parsed policy; `text` is what was parsed (its bytes are what a notice hashes). */
export type Policy = {
  readonly text: string;
  readonly logs: readonly PolicyLog[];
  readonly witnesses: readonly PolicyWitness[];
  readonly quorum: Quorum;
};

/** Lines of one kind beyond this are refused. */
const MAX_OF_A_KIND = 64;

// The format allows tab and newline only
const FORBIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f]/;

/** What the lines so far have said. */
type Draft = {
  readonly logs: PolicyLog[];
  readonly witnesses: PolicyWitness[];
  readonly named: Map<string, Quorum>;
  readonly members: Set<string>;
  quorum?: Quorum;
};

/** Parses a policy text. Throws naming the line on anything that the page does not allow: unknown lines, names not
 *  defined before or defined twice, a name in two groups, duplicate keys, thresholds out of range, not one quorum. */
export function parsePolicy(text: string): Policy {
  if (FORBIDDEN.test(text)) throw new Error('policy holds a control character');
  const draft: Draft = { logs: [], witnesses: [], named: new Map(), members: new Set() };
  for (const [i, line] of text.split('\n').entries()) {
    const [kind, ...items] = line.split(/[ \t]+/).filter((item) => item !== '');
    if (kind === undefined || kind.startsWith('#')) continue;
    try {
      readLine(draft, kind, items);
    } catch (error) {
      throw new Error(`policy line ${i + 1}: ${(error as Error).message}`, { cause: error });
    }
  }
  if (draft.quorum === undefined) throw new Error('policy has no quorum line');
  return { text, logs: draft.logs, witnesses: draft.witnesses, quorum: draft.quorum };
}

function readLine(draft: Draft, kind: string, items: readonly string[]): void {
  switch (kind) {
    case 'log':
      return readLog(draft, items);
    case 'witness':
      return readWitness(draft, items);
    case 'group':
      return readGroup(draft, items);
    case 'quorum':
      return readQuorum(draft, items);
    default:
      throw new Error(`${JSON.stringify(kind)} is not a kind of line`);
  }
}

function readKey(vkey: string | undefined, type: SignatureType, others: readonly { key: VerifierKey }[]): VerifierKey {
  if (vkey === undefined) throw new Error('the vkey is missing');
  if (others.length >= MAX_OF_A_KIND) throw new Error(`more than ${MAX_OF_A_KIND} of a kind`);
  const key = parseVkey(vkey);
  if (key.type !== type) throw new Error(`the vkey is not of type 0x0${type}`);
  if (others.some((other) => equalBytes(other.key.publicKey, key.publicKey)))
    throw new Error('the key is listed twice');
  return key;
}

function readLog(draft: Draft, [vkey, url, ...rest]: readonly string[]): void {
  if (rest.length > 0) throw new Error('a log has a vkey and at most a URL');
  const key = readKey(vkey, ED25519_NOTE, draft.logs);
  draft.logs.push({ key, ...(url === undefined ? {} : { url }) });
}

function readWitness(draft: Draft, [name, vkey, url, ...rest]: readonly string[]): void {
  if (rest.length > 0) throw new Error('a witness has a name, a vkey and at most a URL');
  const key = readKey(vkey, ED25519_COSIGNATURE, draft.witnesses);
  define(draft, name, (given) => ({ kind: 'witness', name: given }));
  draft.witnesses.push({ name: name!, key, ...(url === undefined ? {} : { url }) });
}

function define(draft: Draft, name: string | undefined, make: (name: string) => Quorum): void {
  if (name === undefined || name === 'none') throw new Error('a name is missing or is "none"');
  if (draft.named.has(name)) throw new Error(`${JSON.stringify(name)} is defined twice`);
  if (draft.named.size >= 2 * MAX_OF_A_KIND) throw new Error('the policy is too large');
  draft.named.set(name, make(name));
}

function readGroup(draft: Draft, [name, needed, ...memberNames]: readonly string[]): void {
  const members = memberNames.map((member) => {
    const known = draft.named.get(member);
    if (known === undefined) throw new Error(`${JSON.stringify(member)} is not defined before`);
    if (draft.members.has(member)) throw new Error(`${JSON.stringify(member)} is already a member of a group`);
    draft.members.add(member);
    return known;
  });
  if (members.length === 0) throw new Error('a group has at least one member');
  const threshold = needed === 'any' ? 1 : needed === 'all' ? members.length : Number(needed);
  const isWord = needed === 'any' || needed === 'all';
  if (!isWord && (!/^[1-9]\d{0,3}$/.test(needed ?? '') || threshold > members.length)) {
    throw new Error('the threshold is not a number from 1 to the count of members');
  }
  define(draft, name, (given) => ({ kind: 'group', name: given, threshold, members }));
}

function readQuorum(draft: Draft, [name, ...rest]: readonly string[]): void {
  if (draft.quorum !== undefined) throw new Error('there is a quorum line already');
  if (name === undefined || rest.length > 0) throw new Error('a quorum is one name');
  const quorum: Quorum | undefined = name === 'none' ? { kind: 'none' } : draft.named.get(name);
  if (quorum === undefined) throw new Error(`${JSON.stringify(name)} is not defined before`);
  draft.quorum = quorum;
}

function isMet(quorum: Quorum, cosigners: ReadonlySet<string>): boolean {
  switch (quorum.kind) {
    case 'none':
      return true;
    case 'witness':
      return cosigners.has(quorum.name);
    case 'group':
      return quorum.members.filter((member) => isMet(member, cosigners)).length >= quorum.threshold;
  }
}

/** True when these witnesses (their names in the policy) make up the policy's quorum. */
export function satisfied(policy: Policy, cosigners: Iterable<string>): boolean {
  return isMet(policy.quorum, new Set(cosigners));
}

/** Names of witnesses that comment lines `# not-independent: <witness name>` mark as run by the log's own operator. */
export function notIndependentWitnesses(policyText: string): readonly string[] {
  return policyText.split('\n').flatMap((line) => {
    const [, name] = /^[ \t]*#[ \t]*not-independent:[ \t]*([^ \t]+)[ \t]*$/.exec(line) ?? [];
    return name === undefined ? [] : [name];
  });
}

/** True when the policy marks any witness as not independent; every screen and report that relies on it then says so. */
export function notIndependent(policyText: string): boolean {
  return notIndependentWitnesses(policyText).length > 0;
}
