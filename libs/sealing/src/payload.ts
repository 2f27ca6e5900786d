/** What is encrypted: an archive of seal.json, the bid's files and padding (protocol section 3.6). Its whole layout
 *  follows from seal.json, so the reader knows each byte that is not a file's content. */
import { canonicalBytes, equalBytes, fromBase64, toBase64, type Canonical } from '@segel/encoding';
import { BLOCK_BYTES, MAX_MEMBER_BYTES, archiveLength, blockFill, memberHeader, TRAILER_BYTES } from './archive.js';
import { ByteReader, type ByteStream } from './chunks.js';
import { canonicalDocument, contextHashText, type SealContext } from './context.js';
import { SealError } from './errors.js';
import { paddedLength } from './padding.js';
import { assertPaths, PAD_PATH, SEAL_JSON_PATH } from './paths.js';
import { noblePrimitives, type Primitives, type RunningHash } from './primitives.js';
import { base64Of, integer, list, malformed, members, version1 } from './strict.js';

/** One file as seal.json names it; the hash is base64 SHA-256 of its bytes. */
export type SealedFile = { readonly path: string; readonly size: number; readonly sha256: string };

/** The first file of every payload. */
export type SealJson = {
  readonly v: 1;
  readonly ctx: string;
  readonly context: SealContext;
  readonly files: readonly SealedFile[];
  /** 32 bytes, base64: salts the leaves of the plaintext root. */
  readonly nonce: string;
};

/** Where a file's bytes come from. `open` may be called twice and must give the same bytes. */
export type FileSource = {
  readonly path: string;
  readonly size: number;
  readonly open: () => ByteStream;
  /** Base64 SHA-256, when known: spares the first of two readings. */
  readonly sha256?: string;
};

/** Receives one file while it is decrypted. The bytes are provisional until the whole opening has succeeded. */
export type FileSink = (file: SealedFile, content: ByteStream) => Promise<void>;

const MAX_SEAL_JSON_BYTES = 4 * 1024 * 1024;
const ZEROS = new Uint8Array(64 * 1024);

/** The files of sources with their hashes; reads those whose hash is not given. Throws `file_changed` when a source
 *  has another length than it says and `malformed` on a path or size that no payload may have. */
export async function describeFiles(
  sources: readonly FileSource[],
  primitives: Pick<Primitives, 'sha256'> = noblePrimitives,
): Promise<readonly SealedFile[]> {
  assertPaths(sources.map(({ path }) => path));
  const files: SealedFile[] = [];
  for (const source of sources) {
    const sha256 = source.sha256 ?? toBase64(await hashOf(source, primitives));
    files.push({ path: source.path, size: source.size, sha256 });
  }
  return files;
}

/** The seal.json of a context, files in order and 32 fresh bytes. Throws `malformed` when the reader would refuse the
 *  payload: better now than at the opening. */
export function buildSealJson(context: SealContext, files: readonly SealedFile[], nonce: Uint8Array): SealJson {
  const document = { v: 1, ctx: contextHashText(context), context, files, nonce: toBase64(nonce) };
  const bytes = canonicalBytes(document);
  if (bytes.length > MAX_SEAL_JSON_BYTES) throw malformed('files', 'are too many');
  if (payloadLayout(bytes.length, files).padBytes > MAX_MEMBER_BYTES)
    throw malformed('files', 'are too large together');
  return parseSealJson(bytes, context);
}

/** The seal.json of these canonical bytes. Throws `context_mismatch` when it was made for another context and
 *  `malformed` on anything else that is wrong. */
export function parseSealJson(bytes: Uint8Array, expected: SealContext): SealJson {
  const fields = members(canonicalDocument(bytes, 'seal.json'), 'seal.json', ['v', 'ctx', 'context', 'files', 'nonce']);
  if (
    fields.ctx !== contextHashText(expected) ||
    !equalBytes(canonicalBytes(fields.context), canonicalBytes(expected))
  ) {
    throw new SealError('context_mismatch', 'the payload was made for another context');
  }
  const files = list(fields.files, 'files').map(parseFile);
  assertPaths(files.map(({ path }) => path));
  return {
    v: version1(fields.v, 'seal.json.v'),
    ctx: fields.ctx,
    context: expected,
    files,
    nonce: base64Of(fields.nonce, 'seal.json.nonce', 32),
  };
}

/** Length of the padding and of the whole payload whose seal.json has so many bytes. */
export function payloadLayout(
  sealJsonBytes: number,
  files: readonly SealedFile[],
): { readonly padBytes: number; readonly totalBytes: number } {
  const seal = { path: SEAL_JSON_PATH, size: sealJsonBytes };
  const unpadded = archiveLength([seal, ...files, { path: PAD_PATH, size: 0 }]);
  const totalBytes = paddedLength(unpadded);
  // Both are multiples of 512, so the padding fills its last block.
  return { padBytes: totalBytes - unpadded, totalBytes };
}

/** The payload's bytes, one file open at a time. `sources` are those of `seal.files`, in order. Throws
 *  `file_changed` when a source does not give the described bytes; what was sealed so far is then worthless. */
export async function* writePayload(
  seal: SealJson,
  sources: readonly FileSource[],
  primitives: Pick<Primitives, 'sha256'> = noblePrimitives,
): AsyncGenerator<Uint8Array> {
  const head = canonicalBytes(seal);
  yield memberHeader({ path: SEAL_JSON_PATH, size: head.length });
  yield head;
  yield* zeros(blockFill(head.length));
  for (const [i, file] of seal.files.entries()) {
    yield memberHeader(file);
    const content = new CheckedContent(file, sources[i]!.open(), 'file_changed', primitives);
    yield* { [Symbol.asyncIterator]: () => content };
    yield* zeros(blockFill(file.size));
  }
  const { padBytes } = payloadLayout(head.length, seal.files);
  yield memberHeader({ path: PAD_PATH, size: padBytes });
  yield* zeros(padBytes + TRAILER_BYTES);
}

/** Reads a payload, gives each file to the sink and checks everything: layout, hashes, padding, nothing after the
 *  end. Throws `context_mismatch` before any file is given, `undecryptable` or `malformed` otherwise. */
export async function readPayload(
  payload: ByteStream,
  expected: SealContext,
  onFile: FileSink,
  primitives: Pick<Primitives, 'sha256'> = noblePrimitives,
): Promise<SealJson> {
  const reader = new ByteReader(payload);
  const head = await readSealJson(reader);
  const seal = parseSealJson(head, expected);
  for (const file of seal.files) {
    await expectHeader(reader, file.path, file.size);
    const content = new CheckedContent(file, reader.through(file.size), 'undecryptable', primitives);
    await onFile(file, withoutReturn(content));
    // A sink may stop early or swallow an error; the hash is checked all the same.
    await content.assertWhole();
    await expectZeros(reader, blockFill(file.size));
  }
  const { padBytes } = payloadLayout(head.length, seal.files);
  await expectHeader(reader, PAD_PATH, padBytes);
  await expectZeros(reader, padBytes + TRAILER_BYTES);
  if (!(await reader.ended())) throw new SealError('undecryptable', 'data behind the end of the payload');
  return seal;
}

function parseFile(value: Canonical, i: number): SealedFile {
  const fields = members(value, `files[${i}]`, ['path', 'size', 'sha256']);
  if (typeof fields.path !== 'string') throw malformed(`files[${i}].path`, 'is not text');
  return {
    path: fields.path,
    size: integer(fields.size, `files[${i}].size`, 0, MAX_MEMBER_BYTES),
    sha256: base64Of(fields.sha256, `files[${i}].sha256`, 32),
  };
}

async function readSealJson(reader: ByteReader): Promise<Uint8Array> {
  const header = await reader.exactly(BLOCK_BYTES);
  const digits = String.fromCharCode(...header.subarray(124, 135));
  if (!/^[0-7]{11}$/.test(digits)) throw new SealError('undecryptable', 'the payload does not begin with seal.json');
  const size = Number.parseInt(digits, 8);
  if (size > MAX_SEAL_JSON_BYTES || !equalBytes(header, memberHeader({ path: SEAL_JSON_PATH, size }))) {
    throw new SealError('undecryptable', 'the payload does not begin with seal.json');
  }
  const head = (await reader.exactly(size)).slice();
  await expectZeros(reader, blockFill(size));
  return head;
}

async function expectHeader(reader: ByteReader, path: string, size: number): Promise<void> {
  if (!equalBytes(await reader.exactly(BLOCK_BYTES), memberHeader({ path, size }))) {
    throw new SealError('undecryptable', 'the archive is not laid out as seal.json says');
  }
}

async function expectZeros(reader: ByteReader, count: number): Promise<void> {
  for await (const piece of reader.through(count)) {
    if (piece.some((byte) => byte !== 0)) throw new SealError('undecryptable', 'padding is not zero');
  }
}

function* zeros(count: number): Generator<Uint8Array> {
  for (let left = count; left > 0; left -= ZEROS.length) yield ZEROS.subarray(0, Math.min(left, ZEROS.length));
}

/** A file's content, checked against its length and hash when it ends. */
class CheckedContent implements AsyncIterator<Uint8Array> {
  readonly #pieces: AsyncIterator<Uint8Array>;
  readonly #hash: RunningHash;
  #size = 0;
  #state: 'reading' | 'whole' | 'differs' = 'reading';

  constructor(
    readonly file: SealedFile,
    content: ByteStream,
    readonly code: 'file_changed' | 'undecryptable',
    primitives: Pick<Primitives, 'sha256'>,
  ) {
    this.#pieces = content[Symbol.asyncIterator]();
    this.#hash = primitives.sha256();
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.#state === 'whole') return { done: true, value: undefined };
    if (this.#state === 'differs') throw this.#differs();
    const next = await this.#pieces.next();
    if (next.done === true) {
      const whole = this.#size === this.file.size && equalBytes(this.#hash.digest(), fromBase64(this.file.sha256));
      if (!whole) throw this.#differs();
      this.#state = 'whole';
      return { done: true, value: undefined };
    }
    this.#size += next.value.length;
    // A file that grew must not be read on: the archive has room for the described length only.
    if (this.#size > this.file.size) {
      await this.return();
      throw this.#differs();
    }
    this.#hash.update(next.value);
    return { done: false, value: next.value };
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    await this.#pieces.return?.();
    return { done: true, value: undefined };
  }

  /** Reads on to the end; throws when the content is not the described one. */
  async assertWhole(): Promise<void> {
    while (this.#state !== 'whole') await this.next();
  }

  #differs(): SealError {
    this.#state = 'differs';
    return new SealError(this.code, 'a file differs from its description');
  }
}

async function hashOf(source: FileSource, primitives: Pick<Primitives, 'sha256'>): Promise<Uint8Array> {
  const hash = primitives.sha256();
  let size = 0;
  for await (const piece of source.open()) {
    size += piece.length;
    hash.update(piece);
  }
  if (size !== source.size) throw new SealError('file_changed', 'a file has another length than it says');
  return Uint8Array.from(hash.digest());
}

/** The same stream, but leaving a `for await` early does not close it: the caller goes on reading. */
export function withoutReturn(stream: AsyncIterator<Uint8Array>): ByteStream {
  return { [Symbol.asyncIterator]: () => ({ next: () => stream.next() }) };
}
