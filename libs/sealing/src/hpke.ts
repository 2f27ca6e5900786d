/** The HPKE key schedule in base mode (RFC 9180 section 5.1) with HKDF-SHA256 and ChaCha20Poly1305. */
import { expand, extract } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8 } from '@segel/encoding';

const HKDF_SHA256 = 0x0001;
const CHACHA20_POLY1305 = 0x0003;
const EMPTY = new Uint8Array(0);

const u16be = (value: number): Uint8Array => Uint8Array.of(value >>> 8, value & 0xff);

/** Key (32 bytes) and base nonce (12 bytes) of a context without a pre-shared key, for the KEM with this id. */
export function hpkeBaseKeys(
  kemId: number,
  sharedSecret: Uint8Array,
  info: Uint8Array,
): { readonly key: Uint8Array; readonly nonce: Uint8Array } {
  const suite = concatBytes(utf8('HPKE'), u16be(kemId), u16be(HKDF_SHA256), u16be(CHACHA20_POLY1305));
  const labeledExtract = (salt: Uint8Array, label: string, ikm: Uint8Array): Uint8Array =>
    extract(sha256, concatBytes(utf8('HPKE-v1'), suite, utf8(label), ikm), salt);
  const modeBase = Uint8Array.of(0);
  const context = concatBytes(
    modeBase,
    labeledExtract(EMPTY, 'psk_id_hash', EMPTY),
    labeledExtract(EMPTY, 'info_hash', info),
  );
  const secret = labeledExtract(sharedSecret, 'secret', EMPTY);
  const labeledExpand = (label: string, length: number): Uint8Array =>
    expand(sha256, secret, concatBytes(u16be(length), utf8('HPKE-v1'), suite, utf8(label), context), length);
  return { key: labeledExpand('key', 32), nonce: labeledExpand('base_nonce', 12) };
}
