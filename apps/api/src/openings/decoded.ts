import { fromBase64 } from '@segel/encoding';
import { Refusal } from '@segel/procurement';

/** The bytes of a base64 field. Its pattern cannot see trailing bits; they are refused here. */
export function decoded(text: string): Uint8Array {
  try {
    return fromBase64(text);
  } catch {
    throw new Refusal('request_malformed', 'A field is not padded base64.');
  }
}
