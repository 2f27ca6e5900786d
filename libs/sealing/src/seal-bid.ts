/** Sealing a bid from files to ciphertext and manifest, with constant memory. */
import type { AgeRandomness } from './age-writer.js';
import { encryptAgeStream } from './age-writer.js';
import { ageFileLength } from './age-format.js';
import { collect, streamOf, type ByteStream } from './chunks.js';
import { canonicalBytes, parseInstant } from '@segel/encoding';
import { parseContext, type ContextRules, type SealContext } from './context.js';
import { deal, SEED_BYTES, type Dealing } from './deal.js';
import { buildManifest, manifestSha256, parseManifest, type Manifest, type SealingClient } from './manifest.js';
import { PartHasher } from './parts.js';
import {
  buildSealJson,
  describeFiles,
  payloadLayout,
  writePayload,
  type FileSource,
  type SealJson,
} from './payload.js';
import { plaintextRoot } from './plaintext-root.js';
import { noblePrimitives, type Primitives } from './primitives.js';
import { decodeRecipient, schemeOf, type Suite } from './suite.js';

/** Everything random in one sealed bid: fresh for every manifest, never derived, never reused. */
export type SealRandomness = AgeRandomness & {
  /** S, 32 bytes. */
  readonly seed: Uint8Array;
  /** 32 bytes, salts the plaintext root. */
  readonly nonce: Uint8Array;
};

export type SealInput = {
  readonly context: SealContext;
  readonly files: readonly FileSource[];
  readonly randomness: SealRandomness;
  readonly client: SealingClient;
  /** `YYYY-MM-DDTHH:MM:SS.mmmZ`. */
  readonly sealedAt: string;
  readonly rules?: ContextRules;
  readonly primitives?: Primitives;
};

export type SealResult = {
  readonly manifest: Manifest;
  readonly manifestSha256: Uint8Array;
  readonly partHashes: readonly Uint8Array[];
  readonly ctRoot: Uint8Array;
  readonly plaintextRoot: Uint8Array;
};

/** A sealing under way. */
export type Sealing = {
  readonly sealJson: SealJson;
  /** Secret: the vendor's client keeps the seed, nobody needs the rest. */
  readonly dealing: Dealing;
  /** Length of the ciphertext, known before it is made. */
  readonly size: number;
  /** The ciphertext; can be read once. Throws `file_changed` when a file differs from its first reading. */
  readonly ciphertext: ByteStream;
  /** The results; throws before the ciphertext was read to its end. */
  readonly finish: () => SealResult;
};

/** All randomness of one bid from a cryptographic generator (`crypto.getRandomValues` behind a function). */
export function drawSealRandomness(suite: Suite, randomBytes: (length: number) => Uint8Array): SealRandomness {
  return {
    seed: randomBytes(SEED_BYTES),
    nonce: randomBytes(32),
    fileKey: randomBytes(16),
    ephemeral: randomBytes(schemeOf(suite).ephemeralBytes),
    payloadNonce: randomBytes(16),
  };
}

/** Begins to seal: checks the context, hashes the files whose hash is not given, deals the seed. Then the caller
 *  reads `ciphertext` into a file or an upload and calls `finish`. Throws `malformed` or `file_changed`. */
export async function sealBid(input: SealInput): Promise<Sealing> {
  const { files, randomness, client, sealedAt, rules, primitives = noblePrimitives } = input;
  const context = parseContext(input.context, rules);
  parseInstant(sealedAt);
  const sealJson = buildSealJson(context, await describeFiles(files, primitives), randomness.nonce);
  const dealing = deal(context, randomness.seed);
  const recipient = decodeRecipient(context.suite, dealing.recipient);
  const payload = writePayload(sealJson, files, primitives);
  const hasher = new PartHasher(primitives);
  let state: 'unread' | 'reading' | 'read' = 'unread';

  async function* ciphertext(): AsyncGenerator<Uint8Array> {
    // A second reading of files that changed would use one key and nonce for two plaintexts.
    if (state !== 'unread') throw new Error('the ciphertext can be read once');
    state = 'reading';
    for await (const piece of encryptAgeStream(context.suite, recipient, randomness, payload, primitives.aead)) {
      hasher.update(piece);
      yield piece;
    }
    state = 'read';
  }

  return {
    sealJson,
    dealing,
    size: ageFileLength(context.suite, payloadLayout(canonicalBytes(sealJson).length, sealJson.files).totalBytes),
    ciphertext: { [Symbol.asyncIterator]: ciphertext },
    finish() {
      if (state !== 'read') throw new Error('the ciphertext was not read to its end');
      const tree = hasher.finish();
      const manifest = parseManifest(buildManifest(context, dealing, tree, sealedAt, client), rules);
      return {
        manifest,
        manifestSha256: manifestSha256(manifest),
        partHashes: tree.partHashes,
        ctRoot: tree.root,
        plaintextRoot: plaintextRoot(sealJson),
      };
    },
  };
}

/** {@link sealBid} with the ciphertext in memory: for small bids and tests. */
export async function sealBidInMemory(
  input: SealInput,
): Promise<SealResult & { readonly ciphertext: Uint8Array; readonly sealing: Sealing }> {
  const sealing = await sealBid(input);
  const ciphertext = await collect(sealing.ciphertext);
  return { ...sealing.finish(), ciphertext, sealing };
}

/** A file held in memory. */
export function fileOf(path: string, bytes: Uint8Array): FileSource {
  return { path, size: bytes.length, open: () => streamOf(bytes) };
}
