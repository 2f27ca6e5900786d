/** A sealed bid that is carried: one tar file (ustar) of the signed bid, its manifest, its seed under the vendor's
 *  passphrase and the sealed file, in this order. Whoever brings it needs no key: everything in it is signed already.
 *  Nothing in it is secret to the server that gets it, but for the seed file, which stays with the vendor. */
import {
  canonicalBytes,
  concatBytes,
  equalBytes,
  isUuidV7,
  utf8,
  utf8Text,
  type Envelope,
  type Signature,
} from '@segel/encoding';
import { BLOCK_BYTES, blockFill, memberHeader, TRAILER_BYTES, type SealContext } from '@segel/sealing';
import { contextOf } from './bid.js';
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
  /** An age file under the vendor's passphrase. */
  readonly seedFile: Uint8Array;
};

/** Manifests of many openers with post-quantum recipients are the longest, and far below that. */
const MAX_SMALL_BYTES = 4 * 2 ** 20;
const ENDINGS = ['bid.json', 'manifest.json', 'seed.age', 'sealed'] as const;

/** What stands before and after the sealed file. */
export function carriedAround({ bid, manifest, seedFile }: CarriedFiles): {
  readonly head: Uint8Array<ArrayBuffer>;
  readonly tail: Uint8Array<ArrayBuffer>;
} {
  const name = (ending: (typeof ENDINGS)[number]): string => `${bid.bidId}.${ending}`;
  const document = (value: object): Uint8Array => utf8(`${JSON.stringify(value)}\n`);
  const small = [document(bid), document(manifest), seedFile].flatMap((bytes, i) => [
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
  const [bid, manifest, seedFile] = [
    documentOf<CarriedBid>(members[0]!),
    documentOf<Envelope>(members[1]!),
    members[2]!,
  ];
  demandBundle(source.size === at + size + blockFill(size) + TRAILER_BYTES && bid.v === 1 && bid.size === size);
  // The name becomes one on somebody's disk: nothing but an id.
  demandBundle(isUuidV7(bid.bidId) && names.every((name) => name === `${bid.bidId}.`));
  return { bid, manifest, seedFile, sealedFrom: at };
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
