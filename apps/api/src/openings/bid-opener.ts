/** Opening one bid: shares to seed, seed to dealing, ciphertext to documents. It knows the object store and no
 *  database, holds one chunk of the payload at a time, and gives way to requests between its steps. */
import {
  canonicalBytes,
  equalBytes,
  fromBase64,
  utf8Text,
  type Canonical,
  type CanonicalObject,
} from '@segel/encoding';
import { parseOffer, Refusal } from '@segel/procurement';
import {
  combineSeed,
  openBid,
  partRoot,
  PRICE_FORM_PATH,
  redeal,
  type ByteStream,
  type FileSink,
  type Manifest,
  type ReleasedShare,
  type SealJson,
} from '@segel/sealing';
import { setImmediate } from 'node:timers/promises';
import { failpoint } from '../platform/failpoint.js';
import { contentKey, type ObjectStore } from '../platform/object-store/object-store.js';
import { nodePrimitives } from './node-primitives.js';

/** A bid of the box with everything its opening needs. `parts` are the SHA-256 of the ciphertext's parts, in order. */
export type BidToOpen = {
  readonly manifest: Manifest;
  readonly parts: readonly Uint8Array[];
  readonly key: { readonly shares: readonly ReleasedShare[] } | { readonly seed: Uint8Array };
};

/** What an opening came to. The seed is secret from everybody but the auditors. */
export type BidOpening = { readonly seed: Uint8Array; readonly detail?: string } & (
  | {
      readonly outcome: 'opened';
      readonly seal: SealJson;
      readonly plaintextRoot: Uint8Array;
      /** The offer form as a document; absent when it is malformed, and then `detail` says how. */
      readonly offer?: CanonicalObject;
    }
  | { readonly outcome: 'invalid_dealing' | 'context_mismatch' | 'undecryptable' }
);

/** The store does not hold the bytes the manifest names. That is never held against the vendor: the opening waits
 *  until the right bytes are there. */
export class CiphertextDamaged extends Error {
  override readonly name = 'CiphertextDamaged';
}

/** Larger offer forms are not parsed: a form is a few kilobytes. */
const OFFER_BYTES = 4 * 1024 * 1024;

/** Opens a bid with at least k checked shares of every group, or the seed its vendor disclosed. Documents are stored under their SHA-256 as they are
 *  decrypted; nothing may point at them unless the outcome is `opened`. Throws {@link CiphertextDamaged}. */
export async function openSealedBid(store: ObjectStore, bid: BidToOpen): Promise<BidOpening> {
  const { manifest, key, parts } = bid;
  // Rows that were tampered with are our fault, not the vendor's: said before a byte is decrypted.
  if (!equalBytes(partRoot(parts), fromBase64(manifest.ciphertext.root))) {
    throw new CiphertextDamaged('the recorded parts are not those of the manifest');
  }
  const seed = 'seed' in key ? key.seed : seedOf(manifest, key.shares);
  await setImmediate();
  const dealt = redeal(manifest, seed);
  if (dealt.outcome !== 'ok') {
    return {
      outcome: 'invalid_dealing',
      seed,
      detail: dealt.differences
        .map(({ what }) => what)
        .join(', ')
        .slice(0, 500),
    };
  }
  await setImmediate();
  failpoint('opening.combined');
  const { identity } = dealt.dealing;
  const result = await openBid({
    manifest,
    key: { identity },
    ciphertext: ciphertextOf(store, parts),
    onFile: storing(store),
    primitives: nodePrimitives,
  });
  switch (result.outcome) {
    case 'opened':
      return {
        outcome: 'opened',
        seed,
        seal: result.sealJson,
        plaintextRoot: result.plaintextRoot,
        ...(await offerOf(store, result.sealJson)),
      };
    case 'undecryptable':
      return { outcome: 'undecryptable', seed, detail: result.reason };
    case 'ciphertext_mismatch':
      throw new CiphertextDamaged('the stored parts are not the bytes the manifest names');
    case 'invalid_dealing':
    case 'context_mismatch':
      return { outcome: result.outcome, seed };
  }
}

function seedOf(manifest: Manifest, shares: readonly ReleasedShare[]): Uint8Array {
  const combined = combineSeed(manifest, shares);
  if (combined.outcome === 'insufficient') throw new Error('a bid is opened only when every group has its shares');
  return combined.seed;
}

async function* ciphertextOf(store: ObjectStore, parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const sha256 of parts) yield* (await store.read(contentKey(sha256))) as AsyncIterable<Uint8Array>;
}

function storing(store: ObjectStore): FileSink {
  return async (file, content) => {
    let cause: unknown;
    async function* watched(source: ByteStream): AsyncGenerator<Uint8Array> {
      try {
        yield* source;
      } catch (error) {
        cause = error;
        throw error;
      }
    }
    try {
      await store.putStream(contentKey(fromBase64(file.sha256)), watched(content), file.size);
    } catch (error) {
      // A store may wrap what the stream threw; whether the vendor or the store is at fault depends on it.
      throw cause ?? error;
    }
  };
}

async function offerOf(store: ObjectStore, seal: SealJson): Promise<{ offer: CanonicalObject } | { detail: string }> {
  const file = seal.files.find(({ path }) => path === PRICE_FORM_PATH);
  if (file === undefined) return { detail: `${PRICE_FORM_PATH} is missing` };
  if (file.size > OFFER_BYTES) return { detail: `${PRICE_FORM_PATH} is too large` };
  const bytes = await store.bytes(contentKey(fromBase64(file.sha256)));
  try {
    const document = JSON.parse(utf8Text(bytes)) as Canonical;
    canonicalBytes(document);
    parseOffer(document);
    return { offer: document as CanonicalObject };
  } catch (error) {
    return { detail: error instanceof Refusal ? error.message : `${PRICE_FORM_PATH} is not a JSON document` };
  }
}
