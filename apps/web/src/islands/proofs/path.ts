/** The steps that a receipt and an entry of the log have in common. */
import { toBase64 } from '@segel/encoding';
import {
  examineCheckpoint,
  lintPolicy,
  nodeHash,
  notIndependentWitnesses,
  parsePolicy,
  verifyInclusion,
  type ExaminedCheckpoint,
  type Policy,
} from '@segel/tlog';
import { need, type Doubt, type Steps } from './steps.js';

export type Rung = { readonly side: 'left' | 'right'; readonly sibling: Uint8Array; readonly node: Uint8Array };

/** The way from a leaf to the root, hash by hash, for people to follow: what decides is `verifyInclusion`. */
export function climb(index: number, size: number, leaf: Uint8Array, proof: readonly Uint8Array[]): readonly Rung[] {
  const rungs: Rung[] = [];
  let [node, last, hash] = [index, size - 1, leaf];
  for (const sibling of proof) {
    const left = node % 2 === 1 || node === last;
    hash = left ? nodeHash(sibling, hash) : nodeHash(hash, sibling);
    rungs.push({ side: left ? 'left' : 'right', sibling, node: hash });
    if (left) for (; node % 2 === 0 && node !== 0; node /= 2) last = Math.floor(last / 2);
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return rungs;
}

export const takePolicy = (steps: Steps, text: string): Promise<Policy | undefined> =>
  steps.take('policy', (tell) => {
    const policy = parsePolicy(text);
    for (const { key } of policy.logs) tell('origin', key.name);
    const own = notIndependentWitnesses(text);
    for (const { name } of policy.witnesses) tell(own.includes(name) ? 'own_witness' : 'witness', name);
    return policy;
  });

/** The log's signature; and that of every witness that the policy knows, for a false one spoils the note. */
export const takeLog = (
  steps: Steps,
  policy: Policy | undefined,
  note: () => string | Promise<string>,
): Promise<ExaminedCheckpoint | undefined> =>
  steps.take('log', async (tell) => {
    const checkpoint = examineCheckpoint(need(policy), await note());
    tell('origin', checkpoint.origin);
    tell('size', String(checkpoint.size));
    tell('root', toBase64(checkpoint.root));
    tell('signer', toBase64(checkpoint.logKey.publicKey));
    return checkpoint;
  });

export const takeWitnesses = (
  steps: Steps,
  policy: Policy | undefined,
  checkpoint: ExaminedCheckpoint | undefined,
): Promise<void> =>
  steps.take('witnesses', (tell) => {
    const own = notIndependentWitnesses(need(policy).text);
    const { cosignatures, quorumMet } = need(checkpoint);
    for (const { witness, time } of cosignatures) {
      tell(own.includes(witness) ? 'own_witness' : 'witness', witness);
      tell('at', new Date(time * 1000).toISOString());
    }
    if (!quorumMet) throw new Error(`cosigned by ${cosignatures.length} witnesses of the policy: no quorum`);
  }) as Promise<void>;

export const takePath = (
  steps: Steps,
  index: number | undefined,
  leaf: Uint8Array | undefined,
  proof: () => readonly Uint8Array[] | Promise<readonly Uint8Array[]>,
  checkpoint: ExaminedCheckpoint | undefined,
): Promise<void> =>
  steps.take('path', async (tell) => {
    const { size, root } = need(checkpoint);
    const [at, from] = [need(index), need(leaf)];
    const hashes = await proof();
    tell('leaf', toBase64(from));
    for (const { side, sibling, node } of climb(at, size, from, hashes)) {
      tell(side, toBase64(sibling));
      tell('node', toBase64(node));
    }
    tell('root', toBase64(root));
    if (!verifyInclusion(at, size, from, hashes, root))
      throw new Error(`the hashes do not lead from entry ${at} to the root of the log`);
  }) as Promise<void>;

/** What weakens every proof under this policy, and the proof by these cosignatures. */
export function doubtsOf(policy: Policy | undefined, checkpoint: ExaminedCheckpoint | undefined): readonly Doubt[] {
  if (policy === undefined) return [];
  const codes = lintPolicy(policy).map(({ code }) => code);
  const own = notIndependentWitnesses(policy.text);
  const seen = [...new Set(checkpoint?.cosignatures.map(({ witness }) => witness))];
  const counted = own.filter((name) => seen.includes(name));
  const plain = (['quorum_none', 'disjoint_quorums', 'log_is_witness'] as const).filter((code) => codes.includes(code));
  return [
    ...plain.map((code) => ({ code, names: '' })),
    ...(codes.includes('one_witness_suffices') ? [{ code: 'one_witness', names: '' } as const] : []),
    ...(seen.length > 0 && counted.length === seen.length
      ? [{ code: 'only_own', names: counted.join(', ') } as const]
      : counted.length > 0
        ? [{ code: 'own_witnesses', names: counted.join(', ') } as const]
        : []),
  ];
}
