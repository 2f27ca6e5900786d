/** Hashes in blinded entries over what the log itself must not hold: they bind the row, so that whoever changes it past
 *  the server is found out, and tell nobody what it says. */
import { canonicalBytes, sha256, toBase64, utf8 } from '@segel/encoding';

/** Who an account is: its address and the person's name. Base64. */
export function identitySha256(account: {
  readonly id: string;
  readonly email: string;
  readonly name: string;
}): string {
  const { id, email, name } = account;
  // The database keeps no half of a character; what it makes of one is what is bound.
  return toBase64(sha256(canonicalBytes({ account_id: id, email, name: name.toWellFormed() })));
}

/** The stored (salted, slow) hash of a password. Base64. */
export function credentialSha256(passwordHash: string): string {
  return toBase64(sha256(utf8(passwordHash)));
}

/** Both, as the entries about an account carry them. */
export function boundBy(account: {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly passwordHash: string;
}): { readonly identity_sha256: string; readonly credential_sha256: string } {
  return { identity_sha256: identitySha256(account), credential_sha256: credentialSha256(account.passwordHash) };
}

/** Which parts of ciphertexts, in whatever order: by their hashes (base64) and sizes. Base64. */
export function partsSha256(parts: readonly { readonly sha256: string; readonly sizeBytes: number }[]): string {
  const ordered = parts.toSorted((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
  return toBase64(sha256(canonicalBytes(ordered.map((part) => ({ sha256: part.sha256, size_bytes: part.sizeBytes })))));
}

/** To which address an invitation goes. Base64. */
export function invitedSha256(tokenId: string, email: string): string {
  return toBase64(sha256(canonicalBytes({ token_id: tokenId, email })));
}
