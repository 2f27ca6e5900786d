/** The age v1 header and the payload's chunk numbering (c2sp.org/age), strict as its ABNF. */
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, fromBase64, toBase64, u64be, utf8, utf8Text } from '@segel/encoding';
import { SealError } from './errors.js';
import { schemeOf, type Suite } from './suite.js';

export const FILE_KEY_BYTES = 16;
export const PAYLOAD_NONCE_BYTES = 16;
export const CHUNK_BYTES = 64 * 1024;
export const TAG_BYTES = 16;

/** A header longer than this is no header with one stanza of ours. */
export const MAX_HEADER_BYTES = 8 * 1024;

/** One recipient stanza: its arguments, the first being its type, and its body. */
export type Stanza = { readonly args: readonly string[]; readonly body: Uint8Array };

/** A parsed header: `authenticated` is what the MAC covers, `length` where the payload begins. */
export type Header = {
  readonly stanzas: readonly Stanza[];
  readonly mac: Uint8Array;
  readonly authenticated: Uint8Array;
  readonly length: number;
};

const VERSION_LINE = 'age-encryption.org/v1';
const LINE_COLUMNS = 64;

/** Base64 without padding, as age writes it. */
export function rawBase64(bytes: Uint8Array): string {
  return toBase64(bytes).replace(/=+$/, '');
}

/** The header of one stanza, MAC included. */
export function encodeHeader(stanza: Stanza, fileKey: Uint8Array): Uint8Array {
  const body = rawBase64(stanza.body);
  const lines = [VERSION_LINE, `-> ${stanza.args.join(' ')}`];
  // The last line is shorter than a full one, empty if need be.
  for (let i = 0; i <= body.length; i += LINE_COLUMNS) lines.push(body.slice(i, i + LINE_COLUMNS));
  const authenticated = utf8(`${lines.join('\n')}\n---`);
  return concatBytes(authenticated, utf8(` ${rawBase64(headerMac(fileKey, authenticated))}\n`));
}

/** The header at the start of these bytes, or undefined when it goes on behind them. Throws `undecryptable`
 *  when they are no age v1 header. */
export function parseHeader(bytes: Uint8Array): Header | undefined {
  const lines = lineReader(bytes);
  const version = lines.next();
  if (version === undefined) return undefined;
  if (version !== VERSION_LINE) throw notAge('version line');
  const stanzas: Stanza[] = [];
  for (;;) {
    const lineStart = lines.at();
    const line = lines.next();
    if (line === undefined) return undefined;
    if (!line.startsWith('-> ')) {
      if (stanzas.length === 0 || !/^--- [A-Za-z0-9+/]{43}$/.test(line)) throw notAge('header end');
      const mac = decodeRaw(line.slice(4));
      return { stanzas, mac, authenticated: bytes.subarray(0, lineStart + 3), length: lines.at() };
    }
    const args = line.slice(3).split(' ');
    if (!args.every((arg) => /^[\x21-\x7e]+$/.test(arg))) throw notAge('stanza arguments');
    let body = '';
    let bodyLine: string | undefined;
    do {
      bodyLine = lines.next();
      if (bodyLine === undefined) return undefined;
      if (bodyLine.length > LINE_COLUMNS) throw notAge('stanza body');
      body += bodyLine;
    } while (bodyLine.length === LINE_COLUMNS);
    stanzas.push({ args, body: decodeRaw(body) });
  }
}

/** HMAC-SHA-256 of the header under the file key. */
export function headerMac(fileKey: Uint8Array, authenticated: Uint8Array): Uint8Array {
  return hmac(sha256, hkdf(sha256, fileKey, undefined, utf8('header'), 32), authenticated);
}

/** The key of the payload's chunks. */
export function payloadKey(fileKey: Uint8Array, payloadNonce: Uint8Array): Uint8Array {
  return hkdf(sha256, fileKey, payloadNonce, utf8('payload'), 32);
}

/** The nonce of one chunk: eleven bytes of counter, one that marks the last. */
export function chunkNonce(counter: number, last: boolean): Uint8Array {
  return concatBytes(new Uint8Array(3), u64be(counter), Uint8Array.of(last ? 1 : 0));
}

const headerLengths = new Map<Suite, number>();

/** Length of a header with one stanza of the suite; every such header has it. */
export function headerLength(suite: Suite): number {
  const known = headerLengths.get(suite);
  if (known !== undefined) return known;
  const scheme = schemeOf(suite);
  const stanza = { args: [scheme.stanzaType, rawBase64(new Uint8Array(scheme.encapsulatedBytes))] };
  const header = encodeHeader({ ...stanza, body: new Uint8Array(32) }, new Uint8Array(FILE_KEY_BYTES));
  headerLengths.set(suite, header.length);
  return header.length;
}

/** Length of the age file of a plaintext of so many bytes. */
export function ageFileLength(suite: Suite, plaintextBytes: number): number {
  const chunks = Math.max(1, Math.ceil(plaintextBytes / CHUNK_BYTES));
  return headerLength(suite) + PAYLOAD_NONCE_BYTES + plaintextBytes + chunks * TAG_BYTES;
}

/** Length of the plaintext of an age file of so many bytes, or undefined when no plaintext has such a file. */
export function agePlaintextLength(suite: Suite, fileBytes: number): number | undefined {
  const payload = fileBytes - headerLength(suite) - PAYLOAD_NONCE_BYTES;
  const plaintext = payload - Math.max(1, Math.ceil(payload / (CHUNK_BYTES + TAG_BYTES))) * TAG_BYTES;
  return plaintext >= 0 && ageFileLength(suite, plaintext) === fileBytes ? plaintext : undefined;
}

/** Bytes of unpadded, canonical base64. */
export function decodeRaw(encoded: string): Uint8Array {
  try {
    if (encoded.includes('=')) throw new Error('padding');
    return fromBase64(encoded + '='.repeat((4 - (encoded.length % 4)) % 4));
  } catch {
    throw notAge('base64');
  }
}

function lineReader(bytes: Uint8Array): { readonly next: () => string | undefined; readonly at: () => number } {
  let at = 0;
  return {
    at: () => at,
    next() {
      const end = bytes.indexOf(0x0a, at);
      const line = bytes.subarray(at, end < 0 ? bytes.length : end);
      for (let i = 0; i < line.length; i++) if (line[i]! < 0x20 || line[i]! > 0x7e) throw notAge('character');
      if (end < 0) return undefined;
      at = end + 1;
      return utf8Text(line);
    },
  };
}

function notAge(what: string): SealError {
  return new SealError('undecryptable', `not an age file: ${what}`);
}
