/** The re-deal: with S everybody can do the vendor's dealing again. What differs was dealt dishonestly, and the bid is
 *  rejected whichever openers opened it (protocol section 3). */
import { equalBytes, fromBase64, toBase64 } from '@segel/encoding';
import { deal, seedCommitment, type Dealing } from './deal.js';
import type { Manifest } from './manifest.js';

/** Where manifest and re-deal differ; group counts from 0, x is the opener's chair. */
export type DealingDifference =
  | { readonly what: 'ctx' | 'recipient' | 'seed_commitment' | 'groups' }
  | { readonly what: 'commitment' | 'wrap'; readonly group: number; readonly x: number };

export type RedealResult =
  | { readonly outcome: 'ok'; readonly dealing: Dealing }
  | { readonly outcome: 'invalid_dealing'; readonly differences: readonly DealingDifference[] };

/** Deals the manifest's context again with this seed (32 bytes) and compares byte for byte. */
export function redeal(manifest: Manifest, seed: Uint8Array): RedealResult {
  const dealing = deal(manifest.context, seed);
  const differences: DealingDifference[] = [];
  if (manifest.ctx !== toBase64(dealing.ctx)) differences.push({ what: 'ctx' });
  if (manifest.recipient !== dealing.recipient) differences.push({ what: 'recipient' });
  if (manifest.seed_commitment !== toBase64(dealing.seedCommitment)) differences.push({ what: 'seed_commitment' });
  if (!sameShape(manifest, dealing)) {
    differences.push({ what: 'groups' });
  } else {
    differences.push(...shareDifferences(manifest, dealing));
  }
  return differences.length === 0 ? { outcome: 'ok', dealing } : { outcome: 'invalid_dealing', differences };
}

/** True when S is the seed this manifest is committed to. A vendor who discloses another one has disclosed nothing:
 *  asked before {@link redeal}, so that a mistyped seed does not count as a dishonest dealing. */
export function isCommittedSeed(manifest: Manifest, seed: Uint8Array): boolean {
  return equalBytes(fromBase64(manifest.seed_commitment), seedCommitment(fromBase64(manifest.ctx), seed));
}

function sameShape(manifest: Manifest, dealing: Dealing): boolean {
  if (manifest.groups.length !== dealing.groups.length) return false;
  return dealing.groups.every((dealt, g) => {
    const { name, k, shares } = manifest.groups[g]!;
    if (name !== dealt.name || k !== dealt.k || shares.length !== dealt.shares.length) return false;
    return dealt.shares.every((share, i) => shares[i]!.opener_id === share.openerId && shares[i]!.x === share.x);
  });
}

function shareDifferences(manifest: Manifest, dealing: Dealing): readonly DealingDifference[] {
  return dealing.groups.flatMap(({ shares }, group) =>
    shares.flatMap(({ x, commitment, wrap }, i): DealingDifference[] => {
      const shown = manifest.groups[group]!.shares[i]!;
      return [
        ...(shown.commitment === toBase64(commitment) ? [] : [{ what: 'commitment' as const, group, x }]),
        ...(shown.wrap === toBase64(wrap) ? [] : [{ what: 'wrap' as const, group, x }]),
      ];
    }),
  );
}
