/** Receipts: a tlog-proof whose extra data rebuilds the leaf (protocol sections 4 and 7). */
import { concatBytes, ed25519Verify, sha256, taggedHash, u8, type VerifyEd25519 } from '@segel/encoding';
import { MAX_ENTRY_BYTES } from './bundle.js';
import type { Cosignature } from './checkpoint-policy.js';
import type { Policy } from './policy.js';
import { formatProof, parseProof, verifyProof } from './proof.js';

const BLINDED = 0x01;
const CLEAR = 0x02;
const SALT_BYTES = 32;
const COMMITMENT_BYTES = 32;

/** Commitment C of a blinded entry: TH("segel/log/blinded/v1", salt[32], SHA-256(entry_bytes)). Protocol section 4. */
export function blindedCommitment(salt: Uint8Array, entryBytes: Uint8Array): Uint8Array {
  if (salt.length !== SALT_BYTES) throw new Error('the salt of a blinded entry has 32 bytes');
  return taggedHash('segel/log/blinded/v1', salt, sha256(entryBytes));
}

/** Leaf data of a blinded entry: 0x01 ‖ C, 33 bytes. */
export function blindedLeaf(commitment: Uint8Array): Uint8Array {
  if (commitment.length !== COMMITMENT_BYTES) throw new Error('a commitment has 32 bytes');
  return concatBytes(u8(BLINDED), commitment);
}

/** Leaf data of a clear entry: 0x02 ‖ entry_bytes. Throws when no bundle could hold it. */
export function clearLeaf(entryBytes: Uint8Array): Uint8Array {
  if (entryBytes.length + 1 > MAX_ENTRY_BYTES) throw new Error('a clear entry is too long for a bundle');
  return concatBytes(u8(CLEAR), entryBytes);
}

/** What leaf data says: a blinded entry's commitment, or a clear entry's bytes. Throws on any other leaf. */
export function parseLeaf(
  data: Uint8Array,
):
  | { readonly blinded: true; readonly commitment: Uint8Array }
  | { readonly blinded: false; readonly entryBytes: Uint8Array } {
  if (data[0] === BLINDED && data.length === 1 + COMMITMENT_BYTES) return { blinded: true, commitment: data.slice(1) };
  if (data[0] === CLEAR && data.length > 1) return { blinded: false, entryBytes: data.slice(1) };
  throw new Error('leaf is neither a blinded nor a clear entry');
}

/** Everything a receipt is made of: `salt` for a blinded entry, none for a clear one. */
export type ReceiptParts = {
  readonly salt?: Uint8Array;
  readonly entryBytes: Uint8Array;
  readonly index: number;
  readonly hashes: readonly Uint8Array[];
  readonly checkpoint: string;
};

/** A receipt that held: which entry, where, and when the witnesses saw it. `times` are in order of time and
 *  `quorumTime` (POSIX seconds) is when they first made a quorum. */
export type VerifiedReceipt = {
  readonly origin: string;
  readonly index: number;
  readonly size: number;
  readonly root: Uint8Array;
  readonly entryBytes: Uint8Array;
  readonly blinded: boolean;
  readonly commitment?: Uint8Array;
  readonly salt?: Uint8Array;
  readonly times: readonly Cosignature[];
  readonly quorumTime?: number;
};

/** Text of a receipt (store it as `.tlog-proof`). Throws when a part is malformed; whether it holds is for
 *  {@link verifyReceipt} to say. */
export function formatReceipt({ salt, entryBytes, index, hashes, checkpoint }: ReceiptParts): string {
  if (salt !== undefined && salt.length !== SALT_BYTES) throw new Error('the salt of a blinded entry has 32 bytes');
  if (entryBytes.length === 0) throw new Error('an entry is not empty');
  const extra = salt === undefined ? concatBytes(u8(CLEAR), entryBytes) : concatBytes(u8(BLINDED), salt, entryBytes);
  return formatProof({ index, hashes, checkpoint, extra });
}

function readExtra(extra: Uint8Array | undefined): { readonly salt?: Uint8Array; readonly entryBytes: Uint8Array } {
  if (extra?.[0] === BLINDED && extra.length > 1 + SALT_BYTES) {
    return { salt: extra.slice(1, 1 + SALT_BYTES), entryBytes: extra.slice(1 + SALT_BYTES) };
  }
  if (extra?.[0] === CLEAR && extra.length > 1) return { entryBytes: extra.slice(1) };
  throw new Error('receipt carries no entry');
}

/** The entry of a receipt without checking anything, for showing what it claims. Throws when it is malformed. */
export function readReceipt(text: string): ReceiptParts {
  const { index, hashes, checkpoint, extra } = parseProof(text);
  return { ...readExtra(extra), index, hashes, checkpoint };
}

/** Checks a receipt offline: rebuilds the leaf from its own extra data, then inclusion, log signature and quorum
 *  (protocol section 7). Throws with the first reason against it. The caller still compares the entry with what it
 *  submitted: type, tender, lot, envelope, bid_id, manifest_sha256. */
export function verifyReceipt(text: string, policy: Policy, verify: VerifyEd25519 = ed25519Verify): VerifiedReceipt {
  const { salt, entryBytes } = readExtra(parseProof(text).extra);
  const commitment = salt === undefined ? undefined : blindedCommitment(salt, entryBytes);
  const leaf = commitment === undefined ? clearLeaf(entryBytes) : blindedLeaf(commitment);
  const { index, checkpoint } = verifyProof(text, policy, leaf, verify);
  return {
    origin: checkpoint.origin,
    index,
    size: checkpoint.size,
    root: checkpoint.root,
    entryBytes,
    blinded: commitment !== undefined,
    ...(commitment === undefined || salt === undefined ? {} : { commitment, salt }),
    times: checkpoint.cosignatures,
    ...(checkpoint.quorumTime === undefined ? {} : { quorumTime: checkpoint.quorumTime }),
  };
}
