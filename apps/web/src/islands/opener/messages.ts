/** What pages ask of the worker that holds an opener's or auditor's keys for the time of one act. */
import type { OpenerKeyRegistration } from '@segel/acts';
import type { Suite } from '@segel/sealing';

/** A key file, or a recovery file in its text form, and its passphrase; both are used in the worker only. */
export type Unlocked = { readonly keyFile: Blob; readonly passphrase: string };

/** Who acts, on which tender. `keys` are the signing keys that the person registered. */
export type Seat = { readonly tenderId: string; readonly openerId: string; readonly keys: readonly string[] };

/** The log policy that this browser decides by. One that the server gives at every visit protects from little. */
export type Boxed = { readonly tenderId: string; readonly boxId: string; readonly policy: string };

export type Acts = {
  /** Both files with the key for a tender in them. A key that the server does not hold is made anew. */
  readonly grow: {
    readonly given: Unlocked &
      Seat & { readonly suite: Suite; readonly recovery: string; readonly registered: string | undefined };
    readonly result: { readonly keyFile: Blob; readonly recoveryFile: Blob };
  };
  /** The registration, after both files were opened again and the key opened a challenge of our own. */
  readonly prove: {
    readonly given: Unlocked & Seat & { readonly suite: Suite; readonly recoveryFile: Blob; readonly recovery: string };
    readonly result: OpenerKeyRegistration;
  };
  readonly revoke: { readonly given: Unlocked & Seat; readonly result: null };
  /** Answers every open challenge, after asking for one of this tender when `drill` is said. */
  readonly ready: {
    readonly given: Unlocked & Seat & { readonly drill: boolean };
    readonly result: { readonly tenders: number };
  };
  /** May this box be released? Nothing is unlocked for it and nothing leaves. */
  readonly examine: { readonly given: Boxed; readonly result: Examined };
  readonly release: {
    readonly given: Unlocked & Seat & Boxed;
    readonly result: Examined & { readonly complaints: number };
  };
  readonly attest: {
    readonly given: Unlocked & Boxed & { readonly keys: readonly string[] };
    readonly result: { readonly count: number; readonly opened: number };
  };
};

export type Examined = { readonly bids: number; readonly attestationWaived: boolean; readonly notIndependent: boolean };

/** How far the reading of the box's period is. */
export type OpenerEvent = { readonly done: number; readonly total: number };
