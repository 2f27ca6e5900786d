/** A document under a passphrase: an age file with one scrypt stanza (c2sp.org/age). Any `age` opens it in ten years. */
import { scrypt } from '@noble/hashes/scrypt.js';
import { concatBytes, equalBytes, utf8 } from '@segel/encoding';
import {
  decodeRaw,
  encodeHeader,
  FILE_KEY_BYTES,
  headerMac,
  parseHeader,
  PAYLOAD_NONCE_BYTES,
  payloadKey,
  rawBase64,
} from './age-format.js';
import { openChunks } from './age-reader.js';
import { sealChunks } from './age-writer.js';
import { SealError } from './errors.js';
import { noblePrimitives } from './primitives.js';
import { undecryptableOnFailure } from './suite.js';

export type PassphraseOptions = {
  /** So many bytes of a cryptographic generator. */
  readonly random: (length: number) => Uint8Array;
  /** log2 of scrypt's N; the default 18 makes a guess of the passphrase cost about a second. */
  readonly workFactor?: number | undefined;
};

const STANZA = 'scrypt';
const SALT_LABEL = utf8('age-encryption.org/v1/scrypt');
const SALT_BYTES = 16;
const WORK_FACTOR = 18;
/** One more would take two gigabytes of memory: a file must not end the program that reads it. */
const MAX_WORK_FACTOR = 20;

/** The age file (binary) of a document under a passphrase. */
export async function encryptWithPassphrase(
  document: Uint8Array,
  passphrase: string,
  { random, workFactor = WORK_FACTOR }: PassphraseOptions,
): Promise<Uint8Array> {
  const { aead } = noblePrimitives;
  const [salt, fileKey, nonce] = [random(SALT_BYTES), random(FILE_KEY_BYTES), random(PAYLOAD_NONCE_BYTES)];
  const body = aead.seal(wrapKey(passphrase, salt, workFactor), new Uint8Array(12), fileKey);
  const header = encodeHeader({ args: [STANZA, rawBase64(salt), String(workFactor)], body }, fileKey);
  return concatBytes(header, nonce, ...sealChunks(aead, payloadKey(fileKey, nonce), document));
}

/** The document of a passphrase file. Throws `undecryptable`. */
export async function decryptWithPassphrase(file: Uint8Array, passphrase: string): Promise<Uint8Array> {
  const { aead } = noblePrimitives;
  const header = parseHeader(file);
  const [stanza, second] = header?.stanzas ?? [];
  if (header === undefined || stanza === undefined || second !== undefined) throw unreadable();
  const [type, salt = '', workFactor = '', ...more] = stanza.args;
  const isOurs = type === STANZA && more.length === 0 && stanza.body.length === 32;
  if (!isOurs || !/^[1-9]\d?$/.test(workFactor) || Number(workFactor) > MAX_WORK_FACTOR) throw unreadable();
  const saltBytes = decodeRaw(salt);
  if (saltBytes.length !== SALT_BYTES) throw unreadable();
  const fileKey = undecryptableOnFailure('the passphrase does not open this file', () =>
    aead.open(wrapKey(passphrase, saltBytes, Number(workFactor)), new Uint8Array(12), stanza.body),
  );
  if (!equalBytes(headerMac(fileKey, header.authenticated), header.mac)) throw unreadable();
  const payload = file.subarray(header.length);
  const nonce = payload.subarray(0, PAYLOAD_NONCE_BYTES);
  if (nonce.length < PAYLOAD_NONCE_BYTES) throw unreadable();
  return concatBytes(...openChunks(aead, payloadKey(fileKey, nonce), payload.subarray(PAYLOAD_NONCE_BYTES)));
}

function wrapKey(passphrase: string, salt: Uint8Array, workFactor: number): Uint8Array {
  return scrypt(utf8(passphrase), concatBytes(SALT_LABEL, salt), { N: 2 ** workFactor, r: 8, p: 1, dkLen: 32 });
}

function unreadable(): SealError {
  return new SealError('undecryptable', 'not an age file under a passphrase');
}
