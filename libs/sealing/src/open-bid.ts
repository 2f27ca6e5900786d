/** Opening a sealed bid once its seed is known (protocol section 6). */
import { equalBytes, fromBase64 } from '@segel/encoding';
import { decryptAgeStream } from './age-reader.js';
import { collect, type ByteStream } from './chunks.js';
import { SealError } from './errors.js';
import type { Manifest } from './manifest.js';
import { PartHasher } from './parts.js';
import { readPayload, withoutReturn, type FileSink, type SealJson } from './payload.js';
import { plaintextRoot } from './plaintext-root.js';
import { noblePrimitives, type Primitives } from './primitives.js';
import { redeal, type DealingDifference } from './redeal.js';
import { decodeIdentity, recipientOf } from './suite.js';

export type OpenInput = {
  readonly manifest: Manifest;
  /** The seed, then the dealing is checked first; or the identity (`AGE-SECRET-KEY-…`) of a dealing already checked. */
  readonly key: { readonly seed: Uint8Array } | { readonly identity: string };
  readonly ciphertext: ByteStream;
  /** Where files go. What it stores is provisional until the outcome is `opened`. */
  readonly onFile: FileSink;
  readonly primitives?: Primitives;
};

export type OpenResult =
  | { readonly outcome: 'opened'; readonly sealJson: SealJson; readonly plaintextRoot: Uint8Array }
  | { readonly outcome: 'invalid_dealing'; readonly differences: readonly DealingDifference[] }
  | { readonly outcome: 'context_mismatch' }
  | { readonly outcome: 'undecryptable'; readonly reason: string }
  /** These are not the bytes the manifest names. The storage is at fault, not the vendor: fetch the right ones. */
  | { readonly outcome: 'ciphertext_mismatch' };

/** Opens a bid: re-deals when given the seed, decrypts as a stream, checks the payload against the context and the
 *  ciphertext against the manifest's root. The last matters because anybody can encrypt something else to the
 *  manifest's recipient. Every outcome of the format is returned; errors of `ciphertext` and `onFile` pass through. */
export async function openBid(input: OpenInput): Promise<OpenResult> {
  const { manifest, key, primitives = noblePrimitives } = input;
  let identity: string;
  if ('seed' in key) {
    const result = redeal(manifest, key.seed);
    if (result.outcome !== 'ok') return result;
    identity = result.dealing.identity;
  } else {
    identity = key.identity;
  }
  const { suite } = manifest.context;
  const secret = decodeIdentity(suite, identity);
  if (recipientOf(suite, secret) !== manifest.recipient) {
    return { outcome: 'invalid_dealing', differences: [{ what: 'recipient' }] };
  }
  return decryptAndCheck(input, secret, primitives);
}

/** {@link openBid} of small bids: the files' contents in memory, by path. */
export async function openBidInMemory(
  input: Omit<OpenInput, 'onFile'>,
): Promise<{ readonly result: OpenResult; readonly files: ReadonlyMap<string, Uint8Array> }> {
  const files = new Map<string, Uint8Array>();
  const onFile: FileSink = async (file, content) => void files.set(file.path, await collect(content));
  const result = await openBid({ ...input, onFile });
  return { result, files: result.outcome === 'opened' ? files : new Map() };
}

async function decryptAndCheck(input: OpenInput, secret: Uint8Array, primitives: Primitives): Promise<OpenResult> {
  const { manifest, onFile } = input;
  const { suite } = manifest.context;
  const source = input.ciphertext[Symbol.asyncIterator]();
  const hasher = new PartHasher(primitives);
  const hashed = hashing(source, hasher);
  let opened: SealJson | undefined;
  let failure: SealError | undefined;
  try {
    const payload = decryptAgeStream(suite, secret, withoutReturn(hashed), primitives.aead);
    opened = await readPayload(payload, manifest.context, onFile, primitives);
    // Whatever failed above: only the committed ciphertext may be held against the vendor.
  } catch (error) {
    if (!(error instanceof SealError)) {
      await source.return?.();
      throw error;
    }
    failure = error;
  }
  for (let next = await hashed.next(); next.done !== true;) next = await hashed.next();
  const tree = hasher.finish();
  if (tree.size !== manifest.ciphertext.size || !equalBytes(tree.root, fromBase64(manifest.ciphertext.root))) {
    return { outcome: 'ciphertext_mismatch' };
  }
  if (opened !== undefined) return { outcome: 'opened', sealJson: opened, plaintextRoot: plaintextRoot(opened) };
  if (failure?.code === 'context_mismatch') return { outcome: 'context_mismatch' };
  return { outcome: 'undecryptable', reason: failure?.message ?? 'unknown' };
}

/** The source's pieces, hashed as they pass. */
function hashing(source: AsyncIterator<Uint8Array>, hasher: PartHasher): AsyncIterator<Uint8Array> {
  return {
    async next() {
      const next = await source.next();
      if (next.done !== true) hasher.update(next.value);
      return next;
    },
  };
}
