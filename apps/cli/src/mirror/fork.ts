/** Two checkpoints of one log: do they contradict each other? Judged from the two notes and, where their sizes differ,
 *  from hashes that anybody can fold again (protocol section 9). */
import { check } from '@segel/acts';
import { equalBytes, fromBase64, toBase64 } from '@segel/encoding';
import {
  examineCheckpoint,
  prefixRanges,
  rootsOfPrefix,
  TiledTree,
  type ExaminedCheckpoint,
  type Policy,
  type ReadTile,
} from '@segel/tlog';
import { verifyWithNode } from '../primitives.js';

/** Subtree hashes (base64) of the larger tree that give both roots: see `prefixRanges` of libs/tlog. */
export type PrefixProof = {
  readonly v: 1;
  readonly size1: number;
  readonly size2: number;
  readonly hashes: readonly string[];
};

/** `proven`: the log signed two histories. `none`: the smaller tree is a prefix of the larger. `open`: two notes of
 *  different sizes alone cannot tell. */
export type Judgement = {
  readonly fork: 'proven' | 'none' | 'open';
  readonly sentence: string;
  /** In order of size. */
  readonly checkpoints: readonly [ExaminedCheckpoint, ExaminedCheckpoint];
  readonly proof?: PrefixProof;
};

/** Both notes, signed by the same log of the policy, smaller first. Throws CheckFailed `checkpoint_refused` and
 *  `other_log`. */
export function examinePair(policy: Policy, a: string, b: string): readonly [ExaminedCheckpoint, ExaminedCheckpoint] {
  const [first, second] = [a, b].map((note) => examineCheckpoint(policy, note, verifyWithNode)) as [
    ExaminedCheckpoint,
    ExaminedCheckpoint,
  ];
  check(first.origin === second.origin, 'other_log', 'The checkpoints are of two different logs.');
  return second.size < first.size ? [second, first] : [first, second];
}

/** Judges two notes. `readTile` reads the hash tiles of the larger tree; `proof` stands in for it. */
export async function judge(
  policy: Policy,
  notes: readonly [string, string],
  by: { readonly readTile?: ReadTile | undefined; readonly proof?: PrefixProof | undefined } = {},
): Promise<Judgement> {
  const checkpoints = examinePair(policy, ...notes);
  const [small, large] = checkpoints;
  if (small.size === large.size) return { ...bySize(small, large), checkpoints };
  const proof = by.proof ?? (by.readTile && (await prefixProof(small.size, large.size, by.readTile)));
  if (proof === undefined) {
    const sentence = 'The sizes differ: only a proof from the larger tree can tell; give --log or --proof.';
    return { fork: 'open', sentence, checkpoints };
  }
  return { ...byProof(small, large, proof), checkpoints, proof };
}

function bySize(a: ExaminedCheckpoint, b: ExaminedCheckpoint): Pick<Judgement, 'fork' | 'sentence'> {
  if (equalBytes(a.root, b.root)) return { fork: 'none', sentence: 'Both are of the same tree.' };
  return { fork: 'proven', sentence: `The log signed two different trees of ${a.size} leaves.` };
}

function byProof(
  small: ExaminedCheckpoint,
  large: ExaminedCheckpoint,
  { size1, size2, hashes }: PrefixProof,
): Pick<Judgement, 'fork' | 'sentence'> {
  const fits = size1 === small.size && size2 === large.size;
  check(fits, 'proof_mismatch', 'The proof is of other sizes than the checkpoints.');
  const { root1, root2 } = rootsOfPrefix(size1, size2, hashes.map(fromBase64));
  if (!equalBytes(root2, large.root)) {
    const sentence = `The hashes given are not those of the tree of ${size2} leaves that the log signed.`;
    return { fork: 'open', sentence };
  }
  if (equalBytes(root1, small.root))
    return { fork: 'none', sentence: `The tree of ${size1} leaves is a prefix of the one of ${size2}.` };
  const sentence = `The tree of ${size2} leaves that the log signed began with other ${size1} leaves than those it had signed.`;
  return { fork: 'proven', sentence };
}

/** What the tree of `size2` that these tiles are of shows of its first `size1` leaves. Reads a few tiles only. */
export async function prefixProof(size1: number, size2: number, readTile: ReadTile): Promise<PrefixProof> {
  const tree = new TiledTree(size2, readTile);
  const hashes = await Promise.all(prefixRanges(size1, size2).map((range) => tree.rangeRoot(range)));
  return { v: 1, size1, size2, hashes: hashes.map(toBase64) };
}
