/** Bids of vendors who cheat: well-formed, signed, and wrong inside. */
import { concatBytes, fromBase64, toBase64, u8 } from '@segel/encoding';
import {
  decodeRecipient,
  drawSealRandomness,
  encryptAge,
  manifestSha256,
  shareCommitment,
  signManifest,
  type Manifest,
} from '@segel/sealing';
import { randomBytes } from 'node:crypto';
import { signedBody, type SealedBid, type VendorUser } from './sealed-bid.js';
import { openerIdentity } from './tender-people.js';

/** The bid with a third buyer's share that lies on no polynomial with the others, honestly wrapped and committed. */
export function withStrayShare(bid: SealedBid, vendor: VendorUser): SealedBid {
  const { manifest } = bid;
  const { suite, groups } = manifest.context;
  const ctx = fromBase64(manifest.ctx);
  const stray = concatBytes(randomBytes(32), u8(3));
  const recipient = decodeRecipient(suite, groups[0]!.openers[2]!.recipient);
  const drawn = drawSealRandomness(suite, (length) => new Uint8Array(randomBytes(length)));
  const wrap = toBase64(encryptAge(suite, recipient, drawn, concatBytes(u8(1), ctx, stray)));
  const commitment = toBase64(shareCommitment(ctx, 0, stray));
  const [first, ...rest] = manifest.groups;
  const shares = first!.shares.map((share) => (share.x === 3 ? { ...share, commitment, wrap } : share));
  return resigned(bid, { ...manifest, groups: [{ ...first!, shares }, ...rest] }, vendor);
}

/** The bid with the buyer's wraps made for somebody else: commitments are right, nobody of the group can open them. */
export function withBrokenWraps(bid: SealedBid, vendor: VendorUser): SealedBid {
  const { manifest } = bid;
  const { suite } = manifest.context;
  const [first, ...rest] = manifest.groups;
  const shares = first!.shares.map((share) => {
    const drawn = drawSealRandomness(suite, (length) => new Uint8Array(randomBytes(length)));
    const recipient = decodeRecipient(suite, openerIdentity(suite, '').recipient);
    return { ...share, wrap: toBase64(encryptAge(suite, recipient, drawn, new Uint8Array(66))) };
  });
  return resigned(bid, { ...manifest, groups: [{ ...first!, shares }, ...rest] }, vendor);
}

function resigned(bid: SealedBid, manifest: Manifest, vendor: VendorUser): SealedBid {
  const sha256 = toBase64(manifestSha256(manifest));
  const envelope = signManifest(manifest, vendor.secret);
  return { ...bid, manifest, manifestSha256: sha256, envelope, ...signedBody(manifest, sha256, vendor.secret) };
}
