/** Made-up keys, contexts and files for the specs: everything follows from names, nothing is random. */
import { sha256, toBase64, u32be, utf8, uuidV7, concatBytes, ed25519PublicKey } from '@segel/encoding';
import type { SealContext } from './context.js';
import type { SealingClient } from './manifest.js';
import { fileOf, type SealInput, type SealRandomness } from './seal-bid.js';
import { drawSealRandomness } from './seal-bid.js';
import { encodeIdentity, recipientOf, type Suite } from './suite.js';

/** So many bytes that depend on the name only. */
export function bytesOf(name: string, length: number): Uint8Array {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, i) => sha256(concatBytes(utf8(name), u32be(i))));
  return concatBytes(...blocks).slice(0, length);
}

/** A UUIDv7 that depends on the name only. */
export function idOf(name: string): string {
  return uuidV7(Date.UTC(2026, 5, 1), bytesOf(`id of ${name}`, 10));
}

/** The age identity of a named opener. */
export function openerIdentity(suite: Suite, name: string): string {
  return encodeIdentity(suite, bytesOf(`key of ${name}`, 32));
}

export const vendorSecret = bytesOf('signing key of the vendor', 32);

/** [k, n] of each group. */
export type GroupShape = readonly [k: number, n: number];
const TWO_GROUPS: readonly GroupShape[] = [
  [2, 3],
  [1, 2],
];

/** A valid context whose openers are named `<group>/<chair>`, both from 0. */
export function contextOf(suite: Suite, shapes: readonly GroupShape[] = TWO_GROUPS): SealContext {
  return {
    v: 1,
    suite,
    log_origin: 'log.segel.example/2026',
    tender_id: idOf('tender'),
    notice_sha256: toBase64(bytesOf('notice', 32)),
    lot_id: idOf('lot'),
    envelope: 'single',
    vendor_id: idOf('vendor'),
    vendor_key: toBase64(ed25519PublicKey(vendorSecret)),
    offer_id: idOf('offer'),
    bid_id: idOf('bid'),
    groups: shapes.map(([k, n], g) => ({
      name: `group ${g}`,
      k,
      openers: Array.from({ length: n }, (_, i) => ({
        opener_id: idOf(`opener ${g}/${i}`),
        recipient: recipientOf(suite, bytesOf(`key of ${g}/${i}`, 32)),
      })),
    })),
  };
}

/** Randomness that depends on the name only. */
export function randomnessOf(suite: Suite, name = 'bid'): SealRandomness {
  let draw = 0;
  return drawSealRandomness(suite, (length) => bytesOf(`${name} draw ${draw++}`, length));
}

export const client: SealingClient = {
  name: 'segel-spec',
  version: '1.0.0',
  bundle_sha256: toBase64(bytesOf('bundle', 32)),
};

/** A small bid of two files. */
export function bidOf(suite: Suite, context: SealContext = contextOf(suite), name = 'bid'): SealInput {
  return {
    context,
    files: [
      fileOf('offer.json', utf8('{"prices":[{"item":"1","unit_price":"12.50"}]}')),
      fileOf('annexes/technical offer.pdf', bytesOf('technical offer', 70_000)),
    ],
    randomness: randomnessOf(suite, name),
    client,
    sealedAt: '2026-06-01T10:00:00.000Z',
  };
}
