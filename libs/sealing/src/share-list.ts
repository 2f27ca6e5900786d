/** What an opener signs of the shares it sends: the root of their commitments (protocol section 6). A leaf is made by
 *  the formula of the manifest's commitments, so a third party that knows no share can compare the two: an opener who
 *  sent another share than the committed one has signed so, and nobody can lay a share at an honest opener's door. No
 *  share is ever shown: even one that is wrong for its bid may be right for another. */
import { compareBytes, concatBytes, equalBytes, fromBase64, toBase64 } from '@segel/encoding';
import { inclusionProofOf, leafHash, treeRoot, verifyInclusion } from '@segel/tlog';
import type { Manifest } from './manifest.js';
import { shareCommitment } from './share.js';
import type { Chair } from './shares.js';
import { exactly } from './strict.js';

/** One share of a release: `bid` is the commitment of the bid in the log, `share` that of the share sent for it
 *  ({@link sentShareCommitment}); 32 bytes each. */
export type SentShareCommitment = { readonly bid: Uint8Array; readonly share: Uint8Array };

/** Where one share stands in a signed release; hashes in base64. */
export type SentShareProof = {
  readonly share_commitment: string;
  readonly index: number;
  readonly size: number;
  readonly proof: readonly string[];
};

/** The commitment of what was sent for a bid, right or wrong: `TH("segel/seal/share/v1", ctx, u8(g), share)`. */
export function sentShareCommitment(
  manifest: Manifest,
  { group }: Pick<Chair, 'group'>,
  share: Uint8Array,
): Uint8Array {
  return shareCommitment(fromBase64(manifest.ctx), group, share);
}

/** The commitment that the manifest states for an opener's share, or undefined when it seats the opener nowhere. */
export function committedShare(manifest: Manifest, openerId: string): Uint8Array | undefined {
  const shares = manifest.groups.flatMap((group) => group.shares);
  const found = shares.find((share) => share.opener_id === openerId);
  return found && fromBase64(found.commitment);
}

/** RFC 6962 root over `bid ‖ share`, sorted bytewise by bid; of no share, SHA-256(""). */
export function sentSharesRoot(sent: readonly SentShareCommitment[]): Uint8Array {
  return treeRoot(sorted(sent).map(leafOf));
}

/** Proof that the share sent for a bid is in {@link sentSharesRoot}. Throws when the bid is not in the list. */
export function proveSentShare(sent: readonly SentShareCommitment[], bid: Uint8Array): SentShareProof {
  const list = sorted(sent);
  const index = list.findIndex((one) => equalBytes(one.bid, bid));
  if (index < 0) throw new Error('the release holds no share of this bid');
  const proof = inclusionProofOf(list.map(leafOf), index).map(toBase64);
  return { share_commitment: toBase64(list[index]!.share), index, size: list.length, proof };
}

/** True when the proof shows that a share with this commitment was sent for the bid under the root (32 bytes).
 *  False for anything else; never throws. */
export function verifySentShare(root: Uint8Array, bid: Uint8Array, shown: SentShareProof): boolean {
  try {
    const leaf = leafOf({ bid, share: fromBase64(shown.share_commitment) });
    const { index, size } = shown;
    return verifyInclusion(index, size, leaf, shown.proof.map(fromBase64), root);
  } catch {
    return false;
  }
}

const sorted = (sent: readonly SentShareCommitment[]): readonly SentShareCommitment[] =>
  sent.toSorted((a, b) => compareBytes(a.bid, b.bid));

const leafOf = ({ bid, share }: SentShareCommitment): Uint8Array =>
  leafHash(concatBytes(exactly(bid, 32, 'bid'), exactly(share, 32, 'share')));
