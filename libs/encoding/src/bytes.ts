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

// By tables of our own: manifests are mostly base64, and in Node 20 btoa and atob look at each letter several times.
const ALPHABET = encoder.encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const PADDING = 0x3d;
/** The six bits of a letter's code; anything else has a bit beyond them. */
const SIX_BITS = new Uint8Array(0x10000).fill(0x40);
ALPHABET.forEach((code, bits) => (SIX_BITS[code] = bits));

/** Standard base64 with padding (RFC 4648 section 4). */
export function toBase64(bytes: Uint8Array): string {
  const out = new Uint8Array(Math.ceil(bytes.length / 3) * 4).fill(PADDING);
  const letter = (at: number, bits: number): void => void (out[at] = ALPHABET[bits & 63]!);
  const whole = bytes.length - (bytes.length % 3);
  let at = 0;
  for (let i = 0; i < whole; i += 3, at += 4) {
    const three = (bytes[i]! << 16) | (bytes[i + 1]! << 8) | bytes[i + 2]!;
    letter(at, three >> 18);
    letter(at + 1, three >> 12);
    letter(at + 2, three >> 6);
    letter(at + 3, three);
  }
  if (whole < bytes.length) {
    const rest = (bytes[whole]! << 8) | (bytes[whole + 1] ?? 0);
    letter(at, rest >> 10);
    letter(at + 1, rest >> 4);
    if (bytes.length - whole === 2) letter(at + 2, rest << 2);
  }
  return decoder.decode(out);
}

/** Bytes of padded standard base64. Throws on white space, missing padding and non-zero trailing bits. */
export function fromBase64(text: string): Uint8Array {
  if (text.length % 4 !== 0) throw new Error('not padded base64');
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const letters = text.length - padding;
  const out = new Uint8Array((text.length / 4) * 3 - padding);
  let strange = 0;
  const bits = (i: number): number => {
    const six = i < letters ? SIX_BITS[text.charCodeAt(i)]! : 0;
    strange |= six;
    return six;
  };
  let last = 0;
  for (let i = 0, at = 0; i < letters; i += 4, at += 3) {
    const four = (bits(i) << 18) | (bits(i + 1) << 12) | (bits(i + 2) << 6) | bits(i + 3);
    out[at] = four >> 16;
    out[at + 1] = four >> 8; // Beyond the end it goes nowhere.
    out[at + 2] = four;
    last = four;
  }
  if (strange > 63) throw new Error('not padded base64');
  if (last & (padding === 2 ? 0xffff : padding === 1 ? 0xff : 0)) throw new Error('base64 has trailing bits');
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
