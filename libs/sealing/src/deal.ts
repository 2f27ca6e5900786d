/** The dealing: from the seed S and the context everything else follows, so that whoever learns S can check that the
 *  vendor dealt honestly (protocol section 3, steps 1 to 5 and 9). */
import { expand, extract } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, taggedHash, u8, utf8, xorBytes } from '@segel/encoding';
import { encryptAge } from './age-writer.js';
import { contextHash, type ContextGroup, type SealContext } from './context.js';
import { encodeShare, shareCommitment, wrapPlaintext } from './share.js';
import { shamirSplit } from './shamir.js';
import { exactly } from './strict.js';
import { decodeRecipient, encodeIdentity, recipientOf, schemeOf } from './suite.js';

export const SEED_BYTES = 32;

/** One opener's share: the secret, its commitment and the age file that carries it. */
export type DealtShare = {
  readonly openerId: string;
  readonly x: number;
  readonly share: Uint8Array;
  readonly commitment: Uint8Array;
  readonly wrap: Uint8Array;
};

export type DealtGroup = { readonly name: string; readonly k: number; readonly shares: readonly DealtShare[] };

/** Everything the seed determines. `identity` and every `share` are secret. */
export type Dealing = {
  readonly ctx: Uint8Array;
  readonly identity: string;
  readonly recipient: string;
  readonly groups: readonly DealtGroup[];
  readonly seedCommitment: Uint8Array;
};

/** Label and length to key material: `HKDF-Expand(PRK, "segel/seal/v1/" ‖ label ‖ 0x00 ‖ ctx, length)`. */
type Derive = (label: string, length: number) => Uint8Array;

/** Deals a valid context with 32 secret bytes, fresh for each manifest: a seed used twice under one context would
 *  use wrap keys twice. Deterministic. Throws `malformed` on a wrong length or an unusable recipient. */
export function deal(context: SealContext, seed: Uint8Array): Dealing {
  const ctx = contextHash(context);
  const derive = deriver(exactly(seed, SEED_BYTES, 'seed'), ctx);
  const secret = derive('identity', 32);
  const parts = groupSecrets(seed, context.groups.length, derive);
  return {
    ctx,
    identity: encodeIdentity(context.suite, secret),
    recipient: recipientOf(context.suite, secret),
    groups: context.groups.map((group, g) => ({
      name: group.name,
      k: group.k,
      shares: dealGroup(context, ctx, group, g, parts[g]!, derive),
    })),
    seedCommitment: seedCommitment(ctx, seed),
  };
}

/** `TH("segel/seal/seed/v1", ctx, S)`. */
export function seedCommitment(ctx: Uint8Array, seed: Uint8Array): Uint8Array {
  return taggedHash('segel/seal/seed/v1', exactly(ctx, 32, 'ctx'), exactly(seed, SEED_BYTES, 'seed'));
}

function deriver(seed: Uint8Array, ctx: Uint8Array): Derive {
  const prk = extract(sha256, seed, utf8('segel/seal/v1'));
  return (label, length) => expand(sha256, prk, concatBytes(utf8(`segel/seal/v1/${label}`), u8(0), ctx), length);
}

/** AND of the groups: all but the last are derived, the last makes their XOR the seed. */
function groupSecrets(seed: Uint8Array, count: number, derive: Derive): readonly Uint8Array[] {
  const derived = Array.from({ length: count - 1 }, (_, g) => derive(`group/${g}`, SEED_BYTES));
  return [...derived, derived.reduce(xorBytes, seed)];
}

function dealGroup(
  context: SealContext,
  ctx: Uint8Array,
  group: ContextGroup,
  g: number,
  secret: Uint8Array,
  derive: Derive,
): readonly DealtShare[] {
  const coefficients = Array.from({ length: group.k - 1 }, (_, i) => derive(`coef/${g}/${i + 1}`, SEED_BYTES));
  return shamirSplit(secret, coefficients, group.openers.length).map((point, i) => {
    const opener = group.openers[i]!;
    const share = encodeShare(point);
    const label = `wrap/${g}/${point.x}`;
    const randomness = {
      fileKey: derive(`${label}/fk`, 16),
      ephemeral: derive(`${label}/eph`, schemeOf(context.suite).ephemeralBytes),
      payloadNonce: derive(`${label}/nonce`, 16),
    };
    return {
      openerId: opener.opener_id,
      x: point.x,
      share,
      commitment: shareCommitment(ctx, g, share),
      wrap: encryptAge(
        context.suite,
        decodeRecipient(context.suite, opener.recipient),
        randomness,
        wrapPlaintext(ctx, share),
      ),
    };
  });
}
