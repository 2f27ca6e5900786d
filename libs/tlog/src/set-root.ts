/** The root that freezes a set of blinded entries (protocol section 5). */
import { toHex } from '@segel/encoding';
import { HASH_BYTES, leafHash, treeRoot } from './merkle.js';

/** `set_root`: the RFC 6962 root over the commitments (32 bytes each) in bytewise order, each counted once. An empty set
 *  gives SHA-256 of nothing. Throws when a commitment is not 32 bytes. */
export function setRoot(commitments: readonly Uint8Array[]): Uint8Array {
  return treeRoot(sortedSet(commitments).map(leafHash));
}

/** The commitments in the order of the set's leaves, for inclusion proofs into its root. */
export function sortedSet(commitments: readonly Uint8Array[]): readonly Uint8Array[] {
  if (commitments.some((commitment) => commitment.length !== HASH_BYTES)) {
    throw new Error('a commitment has 32 bytes');
  }
  // Lower-case hexadecimal of equal lengths sorts as the bytes do.
  const byHex = new Map(commitments.map((commitment) => [toHex(commitment), commitment]));
  return [...byHex.keys()].sort().map((hex) => byHex.get(hex)!);
}
