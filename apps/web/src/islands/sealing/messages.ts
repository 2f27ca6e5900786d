/** What the page and the sealing worker say to each other. */
import type { OfferDraft, StandingBid } from '@segel/acts';
import type { Envelope as DsseEnvelope } from '@segel/encoding';
import type { Envelope } from '@segel/sealing';

/** Where it is, in bytes of the phase; `log` and `receipt` have no measure. */
export type Phase = 'log' | 'reading' | 'sealing' | 'testing' | 'checking' | 'uploading' | 'receipt';

/** `kept_in_memory`: files of this bid cannot be kept on disk here, the page must stay open until the receipt. `log_old`:
 *  by this device's clock nobody has witnessed the log for long, and a server could hide what came since. */
export type Warning = 'kept_in_memory' | 'log_old';

/** What a bid is to hold, and for which lot. */
export type OfferedBid = {
  readonly lotId: string;
  /** `single` unless told. */
  readonly envelope?: Envelope;
  readonly vendorId: string;
  readonly offer: OfferDraft;
  /** The other files of the bid; paths as they stand in the offer. */
  readonly files: readonly { readonly path: string; readonly file: Blob }[];
  /** Of the key file; the seed is kept under it too. */
  readonly passphrase: string;
  readonly replaces?: string;
  readonly offerId?: string;
};

export type Unlock = {
  /** The vendor's key file, as `segel keygen` writes it, and its passphrase; both are used in the worker only. */
  readonly keyFile: Blob;
  readonly passphrase: string;
  /** The keys that the server knows of this vendor: a bid signed by another one would be refused after its upload. */
  readonly keys?: readonly string[];
};

/** Of which tender, and by what its log is judged. */
export type LogTrust = {
  readonly tenderId: string;
  /** The log policy that this browser trusts. One taken from the server at every visit protects from nothing. */
  readonly policy: string;
  /** The last checkpoint of the log that this browser saw: a log that does not continue it was rolled back or forked. */
  readonly known?: string | undefined;
};

/** Where an old state of the log stops the act (`log_old`) until the person says that it may be one. */
export type OldLogAsked = { readonly evenOld?: boolean };

export type SealRequest = OfferedBid & Unlock & LogTrust;

/** A kit to be carried to a computer without a network. */
export type KitRequest = LogTrust &
  OldLogAsked & {
    readonly vendorId: string;
    readonly keys: readonly string[];
    readonly standing: readonly StandingBid[];
  };

/** A bid that was sealed on another computer, in the file that the offline kit saved. */
export type CarryRequest = LogTrust &
  OldLogAsked & {
    readonly lotId: string;
    readonly vendorId: string;
    readonly bundle: Blob;
    readonly keys: readonly string[];
    readonly replaces?: string;
  };

/** A bid that is sealed, was opened again, and can be sent; also after the page was closed, unless kept in memory. */
export type SealedBid = {
  readonly tenderId: string;
  readonly lotId: string;
  readonly bidId: string;
  readonly manifestSha256: string;
  readonly sealedAt: string;
  readonly size: number;
  readonly kept: 'disk' | 'memory';
  /** The sealed file, for a copy of the user's own. */
  readonly sealedFile: Blob;
  /** The vendor's own way back in, under the passphrase: to be kept by the user. Absent for a bid that was carried here. */
  readonly seedFile?: Blob;
  readonly manifest: DsseEnvelope;
};

/** A bid that was sealed now, and the checkpoint of the log that its kit was compared with: to be known next time. */
export type FreshBid = SealedBid & { readonly checkpoint: string };

/** A bid whose receipt was verified. */
export type SubmittedBid = {
  readonly bidId: string;
  readonly submittedAt: string;
  readonly manifestSha256: string;
  readonly leafSha256: string;
  /** The text of the receipt: a c2sp.org/tlog-proof file. */
  readonly receipt: string;
  readonly index: number;
  /** Milliseconds since 1970 at which the quorum had seen it. */
  readonly seenAt?: number;
  readonly notIndependent: readonly string[];
  readonly promise?: DsseEnvelope;
  readonly sentParts: number;
  /** The signed bid went first and its sealed file after it; the log has both. */
  readonly committed: boolean;
  readonly seedFile?: Blob;
};

export type Place = { readonly tenderId: string; readonly bidId: string };
/** Whose bids on which tender: a shared device may hold those of others. */
export type Bidder = { readonly tenderId: string; readonly vendorId: string };
/** The log policy that this browser trusts: not one that lay beside the bid. */
export type SendOptions = {
  readonly policy: string;
  /** Where the terms let sealed files follow: the signed bid goes first. */
  readonly commitFirst?: boolean;
};

/** A kit file, what to compare it by where it is used, and the checkpoint of the log that it was compared with. */
export type MadeKit = { readonly file: Blob; readonly fingerprint: string; readonly checkpoint: string };

/** The acts of the worker: what each is given and gives back. */
export type Acts = {
  readonly seal: { readonly given: SealRequest; readonly result: FreshBid };
  /** The kit of a tender as a file, after comparing it with the log. */
  readonly kit: {
    readonly given: KitRequest;
    readonly result: MadeKit;
  };
  /** Takes a bid that was sealed elsewhere, compares it with the log, and keeps it to be sent. */
  readonly carry: { readonly given: CarryRequest; readonly result: FreshBid };
  readonly sealed: { readonly given: Bidder; readonly result: readonly SealedBid[] };
  readonly send: {
    readonly given: Place & SendOptions;
    readonly result: SubmittedBid;
  };
  readonly discard: { readonly given: Place; readonly result: null };
};

/** What the worker tells while it works. */
export type SealingEvent =
  { readonly phase: Phase; readonly done: number; readonly total: number } | { readonly warning: Warning };
