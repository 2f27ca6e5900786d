/** Checking a receipt offline (protocol section 7): the leaf is rebuilt from the entry, then inclusion, the log's
 *  signature and the quorum, then whether it is the entry one sent. */
import {
  canonicalBytes,
  equalBytes,
  sha256,
  toBase64,
  type CanonicalObject,
  type VerifyEd25519,
} from '@segel/encoding';
import { decodeEntry, verifyBodySignatures, type Entry, type EntryTypeName } from '@segel/evidence';
import { notIndependentWitnesses, verifyReceipt, type Policy, type VerifiedReceipt } from '@segel/tlog';
import { check, CheckFailed } from './failure.js';

/** A receipt that held, with its entry. */
export type CheckedReceipt = {
  readonly receipt: VerifiedReceipt;
  readonly entry: Entry;
  /** Base64. */
  readonly entrySha256: string;
  /** Witnesses whose cosignatures count and that the policy marks as the operator's own. */
  readonly notIndependent: readonly string[];
};

/** What was sent: the entry's type may be one of several, its body has at least these members. */
export type ExpectedEntry = {
  readonly types: readonly EntryTypeName[];
  readonly tenderId: string;
  readonly body: CanonicalObject;
};

/** The entry of a receipt that holds under the policy. Throws `receipt_invalid` with the first reason against it. */
export function readBidReceipt(text: string, policy: Policy, verify?: VerifyEd25519): CheckedReceipt {
  let receipt: VerifiedReceipt;
  let entry: Entry;
  try {
    receipt = verifyReceipt(text, policy, verify);
    entry = decodeEntry(receipt.entryBytes);
  } catch (error) {
    throw new CheckFailed(
      'receipt_invalid',
      `The receipt does not hold: ${(error as Error).message}.`,
      {},
      { cause: error },
    );
  }
  check(verifyBodySignatures(entry, verify), 'receipt_invalid', 'A signature in the entry does not hold.');
  return {
    receipt,
    entry,
    entrySha256: toBase64(sha256(receipt.entryBytes)),
    notIndependent: notIndependentWitnesses(policy.text),
  };
}

/** {@link readBidReceipt}, and the entry is the one that was sent. Throws `receipt_mismatch` naming the member. */
export function verifyBidReceipt(
  text: string,
  policy: Policy,
  expected: ExpectedEntry,
  verify?: VerifyEd25519,
): CheckedReceipt {
  const checked = readBidReceipt(text, policy, verify);
  const { entry } = checked;
  const differs = (what: string): CheckFailed =>
    new CheckFailed('receipt_mismatch', `The receipt is of another entry: its ${what} differs.`, { what });
  if (!expected.types.includes(entry.type)) throw differs('type');
  if (entry.tenderId !== expected.tenderId) throw differs('tender');
  for (const [name, value] of Object.entries(expected.body)) {
    const found = entry.body[name];
    if (found === undefined || !equalBytes(canonicalBytes(found), canonicalBytes(value))) throw differs(name);
  }
  return checked;
}

/** True when the first receipt is worth keeping over the second: the quorum saw it no later. */
export function isNoLater(a: CheckedReceipt, b: CheckedReceipt): boolean {
  return (a.receipt.quorumTime ?? Infinity) <= (b.receipt.quorumTime ?? Infinity);
}
