/** The sealed bids of the specs' tender, and who opens them. */
import { canonicalBytes, toBase64, toDocument } from '@segel/encoding';
import type { Offer } from '@segel/procurement';
import {
  drawSealRandomness,
  fileOf,
  proveFile,
  recipientOf,
  sealBidInMemory,
  signManifest,
  type SealContext,
} from '@segel/sealing';
import { nodePrimitives } from '../primitives.js';
import { bytesOf, idOf, keyOf, secretOf } from './fixtures.js';

export const TENDER = idOf('tender');
export const LOT = idOf('lot');
export const OPENERS = [
  ['b1', 'b2'],
  ['a1', 'a2'],
] as const;
export const EVALUATORS = ['eve', 'edo', 'eka'] as const;
export const CLIENT = { name: 'spec', version: '1', bundle_sha256: toBase64(bytesOf('client')) };
export const GROUPS = ['buyer', 'audit'] as const;

export function offerOf(bidId: string, unitPrice: string): Offer {
  const lineTotal = `${Number.parseInt(unitPrice, 10) * 10}.00`;
  const prices = [{ slotId: idOf('slot'), itemId: idOf('item'), unitPrice, lineTotal }];
  return {
    v: 1,
    tenderId: TENDER,
    lotId: LOT,
    bidId,
    currency: 'EUR',
    answers: [],
    documents: [],
    prices,
    total: lineTotal,
  };
}

export function contextOf(origin: string, name: string, bidId: string, notice: string): SealContext {
  return {
    v: 1,
    suite: 'x1',
    log_origin: origin,
    tender_id: TENDER,
    notice_sha256: notice,
    lot_id: LOT,
    envelope: 'single',
    vendor_id: idOf(name),
    vendor_key: keyOf(name),
    offer_id: idOf(`offer ${name}`),
    bid_id: bidId,
    groups: GROUPS.map((group, g) => ({
      name: group,
      k: 1,
      openers: OPENERS[g]!.map((opener) => ({
        opener_id: idOf(opener),
        recipient: recipientOf('x1', secretOf(`age ${opener}`)),
      })),
    })),
  };
}

export async function seal(context: SealContext, offer: Offer, name: string) {
  const bytes = canonicalBytes(toDocument(offer));
  let draw = 0;
  const sealed = await sealBidInMemory({
    context,
    files: [fileOf('offer.json', bytes), fileOf('letter.txt', bytesOf(name, 100))],
    randomness: drawSealRandomness('x1', (length) => bytesOf(`draw ${name} ${draw++}`, length)),
    client: CLIENT,
    sealedAt: '2026-03-01T10:00:00.000Z',
    primitives: nodePrimitives,
  });
  return {
    bytes: toBase64(bytes),
    envelope: signManifest(sealed.manifest, secretOf(name)),
    manifestSha256: toBase64(sealed.manifestSha256),
    ctRoot: toBase64(sealed.ctRoot),
    plaintextRoot: toBase64(sealed.plaintextRoot),
    proof: proveFile(sealed.sealing.sealJson, 0),
  };
}
