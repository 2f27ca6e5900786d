/** Timestamped Ed25519 cosignatures of witnesses (C2SP tlog-cosignature, cosignature/v1). */
import { concatBytes, ed25519Key, ed25519Verify, u64be, utf8, type VerifyEd25519 } from '@segel/encoding';
import { parseCheckpoint } from './checkpoint.js';
import { claimsKey, ED25519_COSIGNATURE, signatureLine, witnessKeyOf } from './note.js';
import type { NoteSignature, SigningKey, VerifierKey } from './note.js';

const SIGNATURE_BYTES = 8 + 64;

/** What a witness signs: header, time line, then the whole checkpoint text. */
function cosignedMessage(text: string, seconds: number): Uint8Array {
  return utf8(`cosignature/v1\ntime ${seconds}\n${text}`);
}

/** A witness's signature line (no newline) over a checkpoint text at a time in whole POSIX seconds.
 *  Throws when the text is no checkpoint or the time no safe integer. */
export function cosign(text: string, seconds: number, key: SigningKey): string {
  parseCheckpoint(text);
  const signature = ed25519Key(key.seed).sign(cosignedMessage(text, seconds));
  return signatureLine(witnessKeyOf(key), concatBytes(u64be(seconds), signature));
}

/** The end of the year 9999: what is beyond is no time, and our instants cannot say it. */
const LAST_SECOND = 253_402_300_799;

/** The POSIX seconds of a cosignature by this witness key over a checkpoint text, or undefined when it does not
 *  hold: another key, another text, a malformed signature, a time beyond the year 9999. Never throws. */
export function cosignatureTime(
  text: string,
  signature: NoteSignature,
  key: VerifierKey,
  verify: VerifyEd25519 = ed25519Verify,
): number | undefined {
  if (key.type !== ED25519_COSIGNATURE || !claimsKey(signature, key)) return undefined;
  if (signature.signature.length !== SIGNATURE_BYTES) return undefined;
  let seconds = 0;
  for (const byte of signature.signature.subarray(0, 8)) seconds = seconds * 256 + byte;
  if (seconds > LAST_SECOND) return undefined;
  const holds = verify(key.publicKey, cosignedMessage(text, seconds), signature.signature.slice(8));
  return holds ? seconds : undefined;
}
