/** Releasing shares and getting the seed back (protocol section 6). */
import { equalBytes, fromBase64, xorBytes } from '@segel/encoding';
import { decryptAge } from './age-reader.js';
import { SealError } from './errors.js';
import type { Manifest, ManifestShare } from './manifest.js';
import { READINESS_PREFIX, SHARE_BYTES, decodeShare, parseWrapPlaintext, shareCommitment } from './share.js';
import { shamirCombine } from './shamir.js';
import { malformed } from './strict.js';
import { decodeIdentity } from './suite.js';

/** An opener's chair: group counts from 0, x from 1. */
export type Chair = { readonly group: number; readonly x: number };

/** A share that somebody says was dealt for this chair: 33 bytes. */
export type ReleasedShare = Chair & { readonly share: Uint8Array };

/** The chair of an opener in a manifest, or undefined. */
export function chairOf(manifest: Manifest, openerId: string): Chair | undefined {
  for (const [group, { shares }] of manifest.groups.entries()) {
    const found = shares.find((share) => share.opener_id === openerId);
    if (found !== undefined) return { group, x: found.x };
  }
  return undefined;
}

/** Opens the wrap of a chair with the opener's age identity and checks it: made for this bid, for this chair, and the
 *  one the manifest committed to. Throws `undecryptable`, `context_mismatch` or `commitment_mismatch`: the opener
 *  then has a complaint about the vendor's dealing, which the re-deal will decide. */
export function openWrap(manifest: Manifest, chair: Chair, identity: string): Uint8Array {
  const { suite } = manifest.context;
  const plaintext = decryptAge(suite, decodeIdentity(suite, identity), fromBase64(shareAt(manifest, chair).wrap));
  if (plaintext[0] === READINESS_PREFIX) throw new SealError('undecryptable', 'the wrap is a readiness challenge');
  const share = parseWrapPlaintext(plaintext, fromBase64(manifest.ctx));
  assertShare(manifest, { ...chair, share });
  return share;
}

/** True when this is the share the manifest committed to for the chair. */
export function isShareOf(manifest: Manifest, released: ReleasedShare): boolean {
  try {
    assertShare(manifest, released);
    return true;
  } catch (error) {
    if (error instanceof SealError) return false;
    throw error;
  }
}

/** How many valid shares a group still lacks. */
export type MissingShares = { readonly group: number; readonly lacking: number };

export type CombineResult =
  | { readonly outcome: 'ok'; readonly seed: Uint8Array; readonly rejected: readonly Chair[] }
  | {
      readonly outcome: 'insufficient';
      readonly missing: readonly MissingShares[];
      readonly rejected: readonly Chair[];
    };

/** The seed from k valid shares of every group. A share that is not the committed one is rejected and named, never
 *  combined; one that is there twice counts once. The seed is still to be checked with the re-deal. */
export function combineSeed(manifest: Manifest, released: readonly ReleasedShare[]): CombineResult {
  const rejected = released.filter((share) => !isShareOf(manifest, share)).map(({ group, x }) => ({ group, x }));
  const valid = released.filter((share) => isShareOf(manifest, share));
  const perGroup = manifest.groups.map((_, g) => {
    const byChair = new Map(valid.filter(({ group }) => group === g).map(({ x, share }) => [x, share]));
    return [...byChair].sort(([a], [b]) => a - b).map(([x, share]) => decodeShare(share, x));
  });
  const missing = manifest.groups
    .map(({ k }, group) => ({ group, lacking: k - perGroup[group]!.length }))
    .filter(({ lacking }) => lacking > 0);
  if (missing.length > 0) return { outcome: 'insufficient', missing, rejected };
  const secrets = manifest.groups.map(({ k }, g) => shamirCombine(perGroup[g]!.slice(0, k)));
  return { outcome: 'ok', seed: secrets.reduce(xorBytes), rejected };
}

function shareAt(manifest: Manifest, { group, x }: Chair): ManifestShare {
  const share = manifest.groups[group]?.shares.find((candidate) => candidate.x === x);
  if (share === undefined) throw malformed('chair', 'is not in the manifest');
  return share;
}

function assertShare(manifest: Manifest, { group, x, share }: ReleasedShare): void {
  const shown = shareAt(manifest, { group, x });
  if (share.length !== SHARE_BYTES) throw malformed('share', `is not ${SHARE_BYTES} bytes`);
  decodeShare(share, x);
  if (!equalBytes(shareCommitment(fromBase64(manifest.ctx), group, share), fromBase64(shown.commitment))) {
    throw new SealError('commitment_mismatch', 'the share is not the committed one');
  }
}
