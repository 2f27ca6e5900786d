/** Reads age files that have exactly one stanza, of the suite's type; anything else is `undecryptable`, found before
 *  any decryption (protocol section 3.6). A second stanza could hand a second reader another content. */
import { concatBytes, equalBytes } from '@segel/encoding';
import {
  CHUNK_BYTES,
  MAX_HEADER_BYTES,
  PAYLOAD_NONCE_BYTES,
  TAG_BYTES,
  chunkNonce,
  decodeRaw,
  headerMac,
  parseHeader,
  payloadKey,
  type Header,
} from './age-format.js';
import { ByteReader, rechunk, type ByteStream } from './chunks.js';
import { SealError } from './errors.js';
import { noblePrimitives, type Aead } from './primitives.js';
import { exactly } from './strict.js';
import { schemeOf, undecryptableOnFailure, type Suite } from './suite.js';

/** The encapsulated key and body of the only stanza. Throws `undecryptable` for more, fewer or other stanzas. */
export function onlyStanza(
  suite: Suite,
  header: Header,
): { readonly encapsulated: Uint8Array; readonly body: Uint8Array } {
  const scheme = schemeOf(suite);
  const [stanza, second] = header.stanzas;
  if (stanza === undefined || second !== undefined) throw undecryptable('not exactly one stanza');
  const [type, share, ...more] = stanza.args;
  if (type !== scheme.stanzaType || share === undefined || more.length > 0) {
    throw undecryptable('not a stanza of the suite');
  }
  const encapsulated = decodeRaw(share);
  if (encapsulated.length !== scheme.encapsulatedBytes || stanza.body.length !== 32) {
    throw undecryptable('stanza of a wrong length');
  }
  return { encapsulated, body: stanza.body };
}

/** The plaintext of a small age file (binary) with the 32-byte identity. Throws `undecryptable`. */
export function decryptAge(
  suite: Suite,
  identity: Uint8Array,
  file: Uint8Array,
  aead: Aead = noblePrimitives.aead,
): Uint8Array {
  const header = parseHeader(file);
  if (header === undefined) throw undecryptable('header ends early');
  const fileKey = unwrapFileKey(suite, identity, header, aead);
  const body = file.subarray(header.length + PAYLOAD_NONCE_BYTES);
  const key = payloadKey(fileKey, file.subarray(header.length, header.length + PAYLOAD_NONCE_BYTES));
  return concatBytes(...openChunks(aead, key, body));
}

/** The chunks of a payload that is at hand as a whole. Throws `undecryptable`. */
export function openChunks(aead: Aead, key: Uint8Array, body: Uint8Array): readonly Uint8Array[] {
  const chunks: Uint8Array[] = [];
  const size = CHUNK_BYTES + TAG_BYTES;
  for (let at = 0, counter = 0; at < body.length || counter === 0; at += size, counter++) {
    chunks.push(openChunk(aead, key, counter, at + size >= body.length, body.subarray(at, at + size)));
  }
  return chunks;
}

/** {@link decryptAge} of a stream: yields each 64 KiB chunk once it is authenticated. The whole is only genuine
 *  when the generator ends without throwing. */
export async function* decryptAgeStream(
  suite: Suite,
  identity: Uint8Array,
  file: ByteStream,
  aead: Aead = noblePrimitives.aead,
): AsyncGenerator<Uint8Array> {
  const reader = new ByteReader(file);
  const header = await readHeader(reader);
  const fileKey = unwrapFileKey(suite, identity, header, aead);
  const key = payloadKey(fileKey, await reader.exactly(PAYLOAD_NONCE_BYTES));
  let counter = 0;
  for await (const { bytes, last } of rechunk(reader.rest(), CHUNK_BYTES + TAG_BYTES)) {
    yield openChunk(aead, key, counter++, last, bytes);
  }
}

async function readHeader(reader: ByteReader): Promise<Header> {
  for (;;) {
    const header = parseHeader(reader.held.subarray(0, MAX_HEADER_BYTES));
    if (header !== undefined) {
      reader.take(header.length);
      return header;
    }
    if (reader.held.length >= MAX_HEADER_BYTES) throw undecryptable('header too long');
    if (!(await reader.pull())) throw undecryptable('header ends early');
  }
}

function unwrapFileKey(suite: Suite, identity: Uint8Array, header: Header, aead: Aead): Uint8Array {
  const { encapsulated, body } = onlyStanza(suite, header);
  exactly(identity, 32, 'identity');
  const fileKey = undecryptableOnFailure('the key does not open this file', () => {
    const wrap = schemeOf(suite).decapsulate(encapsulated, identity);
    return aead.open(wrap.key, wrap.nonce, body);
  });
  if (!equalBytes(headerMac(fileKey, header.authenticated), header.mac)) throw undecryptable('header MAC');
  return fileKey;
}

function openChunk(aead: Aead, key: Uint8Array, counter: number, last: boolean, chunk: Uint8Array): Uint8Array {
  if (chunk.length < TAG_BYTES) throw undecryptable('payload ends early');
  // Only an empty file may end in an empty chunk; else one content had two ciphertexts.
  if (chunk.length === TAG_BYTES && counter > 0) throw undecryptable('empty last chunk');
  return undecryptableOnFailure('payload is not authentic', () => aead.open(key, chunkNonce(counter, last), chunk));
}

function undecryptable(reason: string): SealError {
  return new SealError('undecryptable', reason);
}
