/** Why sealing, opening or checking failed; a closed list that programs branch on. */
export type SealErrorCode =
  /** A document or argument breaks the format; the message names the member, never its value. */
  | 'malformed'
  /** Not an age file for this key, or its content breaks the payload's format. */
  | 'undecryptable'
  /** Content made for another tender, lot, envelope, vendor or version. */
  | 'context_mismatch'
  /** A share that is not the one its commitment names. */
  | 'commitment_mismatch'
  /** A readiness challenge that is a bid's share: somebody tries to use the opener as a decryption oracle. */
  | 'share_as_challenge'
  /** A file changed between being described and being sealed. */
  | 'file_changed';

/** A failure with a code of the closed list. Messages never carry secrets or plaintext. */
export class SealError extends Error {
  constructor(
    readonly code: SealErrorCode,
    message: string,
  ) {
    super(message);
    this.name = 'SealError';
  }
}
