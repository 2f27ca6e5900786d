/** Bech32 (BIP 173) without its length limit, as C2SP age uses it for recipients and identities. */
import { malformed } from './strict.js';

const ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATORS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3] as const;
/** What each value of the checksum's top five bits adds: the generators of its bits, together. */
const ADDED = Int32Array.from({ length: 32 }, (_, top) =>
  GENERATORS.reduce((sum, generator, i) => ((top >>> i) & 1 ? sum ^ generator : sum), 0),
);
/** The five bits of a letter's code. */
const NO_LETTER = 32;
const FIVE_BITS = new Uint8Array(128).fill(NO_LETTER);
Array.from(ALPHABET).forEach((letter, bits) => (FIVE_BITS[letter.charCodeAt(0)] = bits));
const CHECKSUM_WORDS = 6;

/** Lower-case Bech32 text of the bytes under a lower-case human-readable part. */
export function bech32Encode(prefix: string, bytes: Uint8Array): string {
  const words = regroup(bytes, 8, 5, true);
  const remainder = polymod(new Uint8Array(CHECKSUM_WORDS), polymod(words, checksumOf(prefix))) ^ 1;
  const checksum = Array.from(
    { length: CHECKSUM_WORDS },
    (_, i) => (remainder >>> (5 * (CHECKSUM_WORDS - 1 - i))) & 31,
  );
  return `${prefix}1${[...words, ...checksum].map((word) => ALPHABET[word]!).join('')}`;
}

/** The bytes of lower-case Bech32 text with exactly this prefix. Throws `malformed` naming `path`, without
 *  quoting the text, which may be a secret key. */
export function bech32Decode(prefix: string, encoded: string, path: string): Uint8Array {
  if (!encoded.startsWith(`${prefix}1`)) throw malformed(path, `does not begin with ${prefix}1`);
  const begins = prefix.length + 1;
  const words = new Uint8Array(encoded.length - begins);
  for (let i = 0; i < words.length; i++) words[i] = FIVE_BITS[encoded.charCodeAt(begins + i)] ?? NO_LETTER;
  if (words.length < CHECKSUM_WORDS || words.includes(NO_LETTER)) throw malformed(path, 'is not Bech32');
  if (polymod(words, checksumOf(prefix)) !== 1) throw malformed(path, 'has a wrong checksum');
  return regroup(words.subarray(0, -CHECKSUM_WORDS), 5, 8, false, path);
}

/** The checksum behind the human-readable part. */
function checksumOf(prefix: string): number {
  const codes = Uint8Array.from(prefix, (letter) => letter.charCodeAt(0));
  const high = codes.map((code) => code >>> 5);
  return polymod(
    codes.map((code) => code & 31),
    polymod(Uint8Array.of(0), polymod(high, 1)),
  );
}

function polymod(words: Uint8Array, before: number): number {
  let checksum = before;
  for (let i = 0; i < words.length; i++) {
    checksum = ((checksum & 0x1ffffff) << 5) ^ words[i]! ^ ADDED[checksum >>> 25]!;
  }
  return checksum;
}

function regroup(units: Uint8Array, from: 5 | 8, to: 5 | 8, pad: boolean, path = ''): Uint8Array {
  const out = new Uint8Array(Math.ceil((units.length * from) / to));
  let at = 0;
  let held = 0;
  let bits = 0;
  for (let i = 0; i < units.length; i++) {
    held = ((held << from) | units[i]!) & 0xfff;
    bits += from;
    while (bits >= to) {
      bits -= to;
      out[at++] = (held >>> bits) & ((1 << to) - 1);
    }
  }
  const rest = held & ((1 << bits) - 1);
  if (pad && bits > 0) out[at++] = rest << (to - bits);
  if (!pad && (bits >= from || rest !== 0)) throw malformed(path, 'has trailing bits');
  return out.subarray(0, at);
}
