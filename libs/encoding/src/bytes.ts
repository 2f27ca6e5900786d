/** Byte strings: text, base64, hex, fixed-width integers. No Node built-ins, so that a browser runs the same code. */

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 bytes of a well-formed string. Throws on a lone surrogate: it would be replaced silently. */
export function utf8(text: string): Uint8Array {
  if (!text.isWellFormed()) throw new Error('string is not well-formed Unicode');
  return encoder.encode(text);
}

/** Text of UTF-8 bytes; throws on malformed UTF-8 and keeps a byte order mark as a character. */
export function utf8Text(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** One array holding all parts in order. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** True when both hold the same bytes; time depends on the length only, not on where they differ. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!;
  return difference === 0;
}

/** Bytewise order, shorter first among equal prefixes: for sorting commitments. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}

/** a XOR b; both of one length. */
export function xorBytes(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length !== b.length) throw new Error('xor of byte strings of different length');
  return a.map((byte, i) => byte ^ b[i]!);
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Standard base64 with padding (RFC 4648 section 4). */
export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let i = 0; i < bytes.length; i += 0x8000) binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(binary);
}

/** Bytes of padded standard base64. Throws on white space, missing padding and non-zero trailing bits. */
export function fromBase64(text: string): Uint8Array {
  if (!BASE64.test(text)) throw new Error('not padded base64');
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  if (padding > 0) {
    const last = ALPHABET.indexOf(text[text.length - padding - 1]!);
    if (last & (padding === 2 ? 0x0f : 0x03)) throw new Error('base64 has trailing bits');
  }
  const binary = atob(text);
  const out = new Uint8Array(binary.length);
  // A callback for each byte would be the dearest thing that admitting a bid does.
  for (let i = 0; i < out.length; i++) out[i] = binary.charCodeAt(i);
  return out;
}

/** Lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  let out = '';
  for (const byte of bytes) out += byte.toString(16).padStart(2, '0');
  return out;
}

/** Bytes of lower-case hexadecimal; throws on anything else. */
export function fromHex(text: string): Uint8Array {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) throw new Error('not lower-case hexadecimal');
  const out = new Uint8Array(text.length / 2);
  for (let i = 0; i < out.length; i++) out[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return out;
}

function fixedWidth(value: number, width: 1 | 4 | 8): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0 || (width < 8 && value >= 2 ** (8 * width))) {
    throw new Error(`integer ${value} does not fit ${width} bytes`);
  }
  const out = new Uint8Array(width);
  for (let i = width - 1, rest = value; i >= 0; i--, rest = Math.floor(rest / 256)) out[i] = rest % 256;
  return out;
}

/** One byte. Throws outside 0…255. */
export const u8 = (value: number): Uint8Array => fixedWidth(value, 1);
/** Four bytes, big-endian. */
export const u32be = (value: number): Uint8Array => fixedWidth(value, 4);
/** Eight bytes, big-endian, for safe integers. */
export const u64be = (value: number): Uint8Array => fixedWidth(value, 8);
