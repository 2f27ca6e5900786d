/** What the page of the offline kit and its worker say to each other. */
import type { KitFile } from '@segel/acts';
import type { SealingClient } from '@segel/sealing';
import type { OfferedBid, Unlock } from './messages.js';

export type OfflineRequest = OfferedBid &
  Unlock & {
    readonly kitFile: KitFile;
    /** Named in the manifest: this very program. */
    readonly client: SealingClient;
  };

/** A bid that was sealed and opened again. */
export type SavedBid = {
  readonly bidId: string;
  readonly manifestSha256: string;
  readonly sealedAt: string;
  readonly size: number;
  /** The file to carry: signed, sealed, with nothing in it that only the vendor may see. */
  readonly bundle: Blob;
  /** The vendor's own way back in, under the passphrase: it stays at the office. */
  readonly seedFile: Blob;
};

export type OfflineActs = {
  readonly seal: { readonly given: OfflineRequest; readonly result: SavedBid };
};
