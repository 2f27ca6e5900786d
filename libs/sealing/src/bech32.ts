/** Bech32 (BIP 173) without its length limit, as C2SP age uses it for recipients and identities. */
import { malformed } from './strict.js';

const ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATORS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3] as const;
const CHECKSUM_WORDS = 6;

/** Lower-case Bech32 text of the bytes under a lower-case human-readable part. */
export function bech32Encode(prefix: string, bytes: Uint8Array): string {
  const words = regroup(bytes, 8, 5, true);
  const remainder = polymod([...expand(prefix), ...words, 0, 0, 0, 0, 0, 0]) ^ 1;
  for (let i = 0; i < CHECKSUM_WORDS; i++) words.push((remainder >>> (5 * (CHECKSUM_WORDS - 1 - i))) & 31);
  return `${prefix}1${words.map((word) => ALPHABET[word]!).join('')}`;
}

/** The bytes of lower-case Bech32 text with exactly this prefix. Throws `malformed` naming `path`, without
 *  quoting the text, which may be a secret key. */
export function bech32Decode(prefix: string, encoded: string, path: string): Uint8Array {
  if (!encoded.startsWith(`${prefix}1`)) throw malformed(path, `does not begin with ${prefix}1`);
  const words = Array.from(encoded.slice(prefix.length + 1), (letter) => ALPHABET.indexOf(letter));
  if (words.length < CHECKSUM_WORDS || words.includes(-1)) throw malformed(path, 'is not Bech32');
  if (polymod([...expand(prefix), ...words]) !== 1) throw malformed(path, 'has a wrong checksum');
  return Uint8Array.from(regroup(words.slice(0, -CHECKSUM_WORDS), 5, 8, false, path));
}

function expand(prefix: string): number[] {
  const codes = Array.from(prefix, (letter) => letter.charCodeAt(0));
  return [...codes.map((code) => code >>> 5), 0, ...codes.map((code) => code & 31)];
}

function polymod(words: readonly number[]): number {
  let checksum = 1;
  for (const word of words) {
    const top = checksum >>> 25;
    checksum = ((checksum & 0x1ffffff) << 5) ^ word;
    GENERATORS.forEach((generator, i) => {
      if ((top >>> i) & 1) checksum ^= generator;
    });
  }
  return checksum >>> 0;
}

function regroup(units: Iterable<number>, from: 5 | 8, to: 5 | 8, pad: boolean, path = ''): number[] {
  const out: number[] = [];
  let held = 0;
  let bits = 0;
  for (const unit of units) {
    held = ((held << from) | unit) & 0xfff;
    bits += from;
    while (bits >= to) {
      bits -= to;
      out.push((held >>> bits) & ((1 << to) - 1));
    }
  }
  const rest = held & ((1 << bits) - 1);
  if (pad && bits > 0) out.push(rest << (to - bits));
  if (!pad && (bits >= from || rest !== 0)) throw malformed(path, 'has trailing bits');
  return out;
}
