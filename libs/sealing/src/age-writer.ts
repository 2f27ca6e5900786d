/** Writes age files with exactly one stanza from given randomness, so that a wrap can be made again byte for byte. */
import { concatBytes } from '@segel/encoding';
import {
  CHUNK_BYTES,
  FILE_KEY_BYTES,
  PAYLOAD_NONCE_BYTES,
  chunkNonce,
  encodeHeader,
  payloadKey,
  rawBase64,
} from './age-format.js';
import { rechunk, type ByteStream } from './chunks.js';
import { noblePrimitives, type Aead } from './primitives.js';
import { exactly } from './strict.js';
import { schemeOf, type Suite } from './suite.js';

/** What makes an age file deterministic. Fresh for each file, never used for two plaintexts. */
export type AgeRandomness = {
  /** 16 bytes. */
  readonly fileKey: Uint8Array;
  /** 32 bytes for x1, 64 for pq1 (0-31 ML-KEM, 32-63 X25519). Never changed by the writer. */
  readonly ephemeral: Uint8Array;
  /** 16 bytes. */
  readonly payloadNonce: Uint8Array;
};

/** The age file (binary) of a small plaintext to one recipient. Deterministic (c2sp.org/age, protocol section 3.5). */
export function encryptAge(
  suite: Suite,
  recipient: Uint8Array,
  randomness: AgeRandomness,
  plaintext: Uint8Array,
  aead: Aead = noblePrimitives.aead,
): Uint8Array {
  const { prologue, key } = begin(suite, recipient, randomness, aead);
  return concatBytes(prologue, ...sealChunks(aead, key, plaintext));
}

/** The payload of a plaintext that is at hand: 64 KiB chunks, at least one. */
export function sealChunks(aead: Aead, key: Uint8Array, plaintext: Uint8Array): readonly Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0, counter = 0; at < plaintext.length || counter === 0; at += CHUNK_BYTES, counter++) {
    const last = at + CHUNK_BYTES >= plaintext.length;
    chunks.push(aead.seal(key, chunkNonce(counter, last), plaintext.subarray(at, at + CHUNK_BYTES)));
  }
  return chunks;
}

/** {@link encryptAge} of a stream, one 64 KiB chunk in memory at a time. */
export async function* encryptAgeStream(
  suite: Suite,
  recipient: Uint8Array,
  randomness: AgeRandomness,
  plaintext: ByteStream,
  aead: Aead = noblePrimitives.aead,
): AsyncGenerator<Uint8Array> {
  const { prologue, key } = begin(suite, recipient, randomness, aead);
  yield prologue;
  let counter = 0;
  for await (const { bytes, last } of rechunk(plaintext, CHUNK_BYTES)) {
    yield aead.seal(key, chunkNonce(counter++, last), bytes);
  }
}

function begin(
  suite: Suite,
  recipient: Uint8Array,
  randomness: AgeRandomness,
  aead: Aead,
): { readonly prologue: Uint8Array; readonly key: Uint8Array } {
  const scheme = schemeOf(suite);
  const fileKey = exactly(randomness.fileKey, FILE_KEY_BYTES, 'file key');
  const nonce = exactly(randomness.payloadNonce, PAYLOAD_NONCE_BYTES, 'payload nonce');
  const ephemeral = exactly(randomness.ephemeral, scheme.ephemeralBytes, 'ephemeral randomness');
  const wrap = scheme.encapsulate(exactly(recipient, scheme.recipientBytes, 'recipient'), ephemeral);
  const stanza = {
    args: [scheme.stanzaType, rawBase64(wrap.encapsulated)],
    body: aead.seal(wrap.key, wrap.nonce, fileKey),
  };
  return { prologue: concatBytes(encodeHeader(stanza, fileKey), nonce), key: payloadKey(fileKey, nonce) };
}
