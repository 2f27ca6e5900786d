/** Shares of the specs' tender as its openers send them. */
import { fromBase64, type Envelope } from '@segel/encoding';
import { committedShare, openManifest, type SentShareCommitment } from '@segel/sealing';

type Boxed = { readonly entry: { readonly commitment: string }; readonly envelope: Envelope };

/** What an opener signs who sends the committed shares. */
export function sharesOf(bids: readonly Boxed[], openerId: string): readonly SentShareCommitment[] {
  return bids.map(({ entry, envelope }) => ({
    bid: fromBase64(entry.commitment),
    share: committedShare(openManifest(envelope).manifest, openerId)!,
  }));
}
