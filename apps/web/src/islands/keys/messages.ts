/** What pages ask of the worker that holds keys for the time of one act. */
import type { CanonicalObject } from '@segel/encoding';

/** A key file, as `segel keygen` writes it, and its passphrase; both are used in the worker only. */
export type Unlocked = { readonly keyFile: Blob; readonly passphrase: string };

/** Whose key is registered: a vendor's, or an official's; an auditor's comes with a recipient for escrowed seeds. */
export type KeyHolder = { readonly accountId: string; readonly vendorId?: string; readonly escrow?: boolean };

export type Signature = { readonly key: string; readonly sig: string };
export type Registration = Signature & { readonly escrowRecipient?: string };

export type Acts = {
  /** A fresh key file under a passphrase. */
  readonly make: {
    readonly given: { readonly passphrase: string; readonly escrow: boolean };
    readonly result: { readonly keyFile: Blob; readonly key: string };
  };
  /** What registers the key of a file: proves besides that the file is whole and the passphrase known. */
  readonly register: { readonly given: Unlocked & KeyHolder; readonly result: Registration };
  /** Signs the body of an entry. `keys` are those the person registered: another one would be refused anyway. */
  readonly sign: {
    readonly given: Unlocked & {
      readonly keys: readonly string[];
      readonly type: string;
      readonly body: CanonicalObject;
    };
    readonly result: Signature;
  };
};
