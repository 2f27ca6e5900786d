/** A sealed bid that is carried: one tar file (ustar) of the signed bid, its manifest and the sealed file, in this order.
 *  Whoever brings it needs no key: everything in it is signed already. Nothing in it is secret to the server that gets it:
 *  the seed stays at the office, since a computer that has it beside the sealed file can guess the passphrase before the
 *  opening. */
import {
  canonicalBytes,
  concatBytes,
  equalBytes,
  isUuidV7,
  toBase64,
  utf8,
  utf8Text,
  verifyDocument,
  type CanonicalObject,
  type Envelope,
  type Signature,
  type VerifyEd25519,
} from '@segel/encoding';
import {
  BLOCK_BYTES,
  blockFill,
  memberHeader,
  openManifest,
  TRAILER_BYTES,
  type ContextRules,
  type Manifest,
  type SealContext,
} from '@segel/sealing';
import { bidEntry, contextOf } from './bid.js';
import { check } from './failure.js';
import type { SealingKit } from './kit.js';

/** What is signed of a sealed bid, beside its manifest. Hashes are base64. */
export type CarriedBid = {
  readonly v: 1;
  readonly tenderId: string;
  readonly lotId: string;
  readonly vendorId: string;
  readonly bidId: string;
  readonly manifestSha256: string;
  readonly sealedAt: string;
  /** Bytes of the sealed file. */
  readonly size: number;
  readonly bodySig: Signature;
  /** The same for a bid that goes ahead of its sealed file, where the terms allow that: the signed body says so. */
  readonly committingSig?: Signature;
  readonly rulePackId?: string;
};

export type CarriedFiles = {
  readonly bid: CarriedBid;
  readonly manifest: Envelope;
};

/** Manifests of many openers with post-quantum recipients are the longest, and far below that. */
const MAX_SMALL_BYTES = 4 * 2 ** 20;
const ENDINGS = ['bid.json', 'manifest.json', 'sealed'] as const;

/** What stands before and after the sealed file. */
export function carriedAround({ bid, manifest }: CarriedFiles): {
  readonly head: Uint8Array<ArrayBuffer>;
  readonly tail: Uint8Array<ArrayBuffer>;
} {
  const name = (ending: (typeof ENDINGS)[number]): string => `${bid.bidId}.${ending}`;
  const document = (value: object): Uint8Array => utf8(`${JSON.stringify(value)}\n`);
  const small = [document(bid), document(manifest)].flatMap((bytes, i) => [
    memberHeader({ path: name(ENDINGS[i]!), size: bytes.length }),
    bytes,
    new Uint8Array(blockFill(bytes.length)),
  ]);
  const head = concatBytes(...small, memberHeader({ path: name('sealed'), size: bid.size }));
  return { head: Uint8Array.from(head), tail: new Uint8Array(blockFill(bid.size) + TRAILER_BYTES) };
}

/** A file that is read where it lies. */
export type CarriedSource = {
  readonly size: number;
  readonly read: (at: number, length: number) => Promise<Uint8Array>;
};

/** Reads a bundle; `sealedFrom` is where the sealed file begins in it. Throws CheckFailed `bundle_malformed`. */
export async function readCarried(source: CarriedSource): Promise<CarriedFiles & { readonly sealedFrom: number }> {
  const members: Uint8Array[] = [];
  const names: string[] = [];
  let at = 0;
  let size = 0;
  for (const ending of ENDINGS) {
    const member = memberOf(await source.read(at, BLOCK_BYTES), ending);
    names.push(member.path.slice(0, -ending.length));
    size = member.size;
    at += BLOCK_BYTES;
    if (ending === 'sealed') break;
    demandBundle(size <= MAX_SMALL_BYTES);
    members.push(await source.read(at, size));
    at += size + blockFill(size);
  }
  const [bid, manifest] = [documentOf<CarriedBid>(members[0]!), documentOf<Envelope>(members[1]!)];
  demandBundle(source.size === at + size + blockFill(size) + TRAILER_BYTES && bid.v === 1 && bid.size === size);
  // The name becomes one on somebody's disk: nothing but an id.
  demandBundle(isUuidV7(bid.bidId) && names.every((name) => name === `${bid.bidId}.`));
  return { bid, manifest, sealedFrom: at };
}

/** A header has one form: it is made again and compared. */
function memberOf(header: Uint8Array, ending: string): { readonly path: string; readonly size: number } {
  demandBundle(header.length === BLOCK_BYTES);
  try {
    const path = utf8Text(header.subarray(0, header.indexOf(0)));
    const size = Number.parseInt(utf8Text(header.subarray(124, 135)), 8);
    demandBundle(path.endsWith(`.${ending}`) && equalBytes(memberHeader({ path, size }), header));
    return { path, size };
  } catch {
    demandBundle(false);
  }
}

function documentOf<T>(bytes: Uint8Array): T {
  try {
    const parsed: unknown = JSON.parse(utf8Text(bytes));
    if (typeof parsed === 'object' && parsed !== null) return parsed as T;
  } catch {
    // Said below.
  }
  demandBundle(false);
}

function demandBundle(holds: boolean): asserts holds {
  check(holds, 'bundle_malformed', 'That is not a sealed bid as the offline kit saves it, or it was cut off.');
}

/** What a carried bid is, by its signed manifest. The document beside it is signed by nobody: it must say the same, and its
 *  signatures must be the vendor's over the very entries that the bid makes, or hours of upload end in a refusal.
 *  Throws CheckFailed `bundle_malformed`, `bundle_unsigned`, and the codes of openManifest. */
export function openCarried(
  { bid, manifest: envelope }: CarriedFiles,
  rules: ContextRules,
  verify?: VerifyEd25519,
): { readonly manifest: Manifest; readonly bid: CarriedBid } {
  const { manifest, manifestSha256 } = openManifest(envelope, rules, verify);
  const { context, ciphertext, sealed_at: sealedAt } = manifest;
  const hash = toBase64(manifestSha256);
  demandBundle(bid.manifestSha256 === hash && bid.bidId === context.bid_id && bid.size === ciphertext.size);
  const { tender_id: tenderId, lot_id: lotId, vendor_id: vendorId } = context;
  for (const precommit of [false, true]) {
    const signature = precommit ? bid.committingSig : bid.bodySig;
    if (precommit && signature === undefined) continue;
    const { types, body } = bidEntry(manifest, manifestSha256, precommit);
    const signed =
      signature?.key === context.vendor_key && verifyDocument(types[0]!, body as CanonicalObject, signature, verify);
    check(signed, 'bundle_unsigned', 'A signature of the carried bid is not that of its vendor over this bid.');
  }
  return { manifest, bid: { ...bid, tenderId, lotId, vendorId, sealedAt } };
}

/** Compares the context of a bid that was sealed elsewhere with a kit that was checked against the log now: one sealed to
 *  others than the openers, by a kit that somebody tampered with, must not reach the server that could read it. Throws
 *  CheckFailed `notice_outdated`, `unknown_lot`, `sealed_to_others`. */
export function demandSealedUnder(kit: SealingKit, context: SealContext): void {
  const outdated = context.tender_id === kit.tenderId && context.notice_sha256 !== kit.noticeSha256;
  check(!outdated, 'notice_outdated', 'The tender has a later notice than the one that the bid was sealed under.');
  const expected = contextOf(kit, {
    lotId: context.lot_id,
    envelope: context.envelope,
    vendorId: context.vendor_id,
    vendorKey: context.vendor_key,
    offerId: context.offer_id,
    bidId: context.bid_id,
    replaces: context.replaces,
  });
  const same = equalBytes(canonicalBytes(expected), canonicalBytes(context));
  check(same, 'sealed_to_others', 'The bid was sealed to others than the openers of this tender. It is not sent.');
}
