import { canonicalBytes, concatBytes, equalBytes, sha256, toBase64, utf8 } from '@segel/encoding';
import { Decrypter } from 'age-encryption';
import fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { ageFileLength, parseHeader } from './age-format.js';
import { encryptAge } from './age-writer.js';
import { archiveOf, BLOCK_BYTES, memberHeader } from './archive.js';
import { collect, streamOf, type ByteStream } from './chunks.js';
import type { SealContext } from './context.js';
import { SealError } from './errors.js';
import { bidOf, bytesOf, contextOf, idOf, randomnessOf } from './fixtures.js';
import { openBid, openBidInMemory } from './open-bid.js';
import { hashParts } from './parts.js';
import {
  buildSealJson,
  describeFiles,
  payloadLayout,
  readPayload,
  writePayload,
  type FileSource,
  type SealedFile,
  type SealJson,
} from './payload.js';
import { plaintextRoot, proveFile, verifyFileProof } from './plaintext-root.js';
import { noblePrimitives } from './primitives.js';
import { fileOf, sealBid, sealBidInMemory, type SealInput } from './seal-bid.js';
import { buildManifest } from './manifest.js';
import { decodeRecipient, SUITES } from './suite.js';

const seed = bytesOf('bid draw 0', 32);
const context = contextOf('x1');
const ignore = async (): Promise<void> => {};

async function payloadOf(
  input: SealInput = bidOf('x1'),
): Promise<{ readonly seal: SealJson; readonly bytes: Uint8Array }> {
  const files = await describeFiles(input.files);
  const seal = buildSealJson(input.context, files, input.randomness.nonce);
  return { seal, bytes: await collect(writePayload(seal, input.files)) };
}

async function readingOf(bytes: Uint8Array, expected: SealContext = context): Promise<string> {
  try {
    await readPayload(streamOf(bytes), expected, ignore);
  } catch (error) {
    return error instanceof SealError ? error.code : String(error);
  }
  return 'ok';
}

/** A bid whose encrypted content is what a dishonest client chose, under an honest dealing. */
async function sealOf(payload: Uint8Array, edit: (file: Uint8Array) => Uint8Array = (file) => file) {
  const { sealing } = await sealBidInMemory(bidOf('x1'));
  const recipient = decodeRecipient('x1', sealing.dealing.recipient);
  const ciphertext = edit(encryptAge('x1', recipient, randomnessOf('x1', 'dishonest'), payload));
  const tree = await hashParts(streamOf(ciphertext));
  const { client, sealedAt } = bidOf('x1');
  const manifest = buildManifest(context, sealing.dealing, tree, sealedAt, client);
  return openBidInMemory({ manifest, key: { seed }, ciphertext: streamOf(ciphertext) });
}

describe.each(SUITES)('a bid of suite %s', (suite) => {
  it('opens with its seed, file by file, and with its identity', async () => {
    const input = bidOf(suite);
    const { manifest, ciphertext, sealing, plaintextRoot: root } = await sealBidInMemory(input);
    expect(sealing.size).toBe(ciphertext.length);
    for (const key of [{ seed }, { identity: sealing.dealing.identity }]) {
      const { result, files } = await openBidInMemory({ manifest, key, ciphertext: streamOf(ciphertext) });
      expect(result).toEqual({ outcome: 'opened', sealJson: sealing.sealJson, plaintextRoot: root });
      for (const source of input.files)
        expect(equalBytes(files.get(source.path)!, await collect(source.open()))).toBe(true);
    }
  });

  it('is an ordinary age file that age-encryption decrypts to the archive', async () => {
    const { ciphertext, sealing } = await sealBidInMemory(bidOf(suite));
    const decrypter = new Decrypter();
    decrypter.addIdentity(sealing.dealing.identity);
    const archive = await decrypter.decrypt(ciphertext);
    expect(equalBytes(archive, (await payloadOf(bidOf(suite))).bytes)).toBe(true);
  });

  it('copied under another vendor, lot or version does not open', async () => {
    const { manifest, ciphertext } = await sealBidInMemory(bidOf(suite));
    for (const copied of [{ vendor_id: idOf('copier') }, { lot_id: idOf('lot 2') }, { replaces: idOf('before') }]) {
      const copier = await sealBidInMemory(bidOf(suite, { ...contextOf(suite), ...copied }));
      const stolen = { ...copier.manifest, ciphertext: manifest.ciphertext };
      const { result, files } = await openBidInMemory({
        manifest: stolen,
        key: { seed },
        ciphertext: streamOf(ciphertext),
      });
      expect(result.outcome).toBe('undecryptable');
      expect(files.size).toBe(0);
    }
  });
});

describe('opening', () => {
  it('says invalid dealing for a seed the manifest was not dealt from', async () => {
    const { manifest, ciphertext } = await sealBidInMemory(bidOf('x1'));
    const input = { manifest, ciphertext: streamOf(ciphertext) };
    expect((await openBidInMemory({ ...input, key: { seed: bytesOf('other', 32) } })).result.outcome).toBe(
      'invalid_dealing',
    );
    const identity = (await sealBidInMemory(bidOf('x1', context, 'another bid'))).sealing.dealing.identity;
    expect((await openBidInMemory({ ...input, key: { identity } })).result.outcome).toBe('invalid_dealing');
  });

  it('blames the storage, not the vendor, when the ciphertext is not the one of the manifest', async () => {
    const { manifest, ciphertext, sealing } = await sealBidInMemory(bidOf('x1'));
    const replaced = encryptAge(
      'x1',
      decodeRecipient('x1', sealing.dealing.recipient),
      randomnessOf('x1', 'the operator'),
      (await payloadOf({ ...bidOf('x1'), files: [fileOf('offer.json', utf8('{"prices":[]}'))] })).bytes,
    );
    const altered = ciphertext.slice();
    altered[100_000]! ^= 1;
    for (const other of [replaced, altered, ciphertext.subarray(0, -1), concatBytes(ciphertext, Uint8Array.of(0))]) {
      const { result, files } = await openBidInMemory({ manifest, key: { seed }, ciphertext: streamOf(other) });
      expect(result).toEqual({ outcome: 'ciphertext_mismatch' });
      expect(files.size).toBe(0);
    }
  });

  it('says context mismatch, before giving any file, when the content was made for another bid', async () => {
    const other = { ...context, bid_id: idOf('another bid') };
    const { bytes } = await payloadOf(bidOf('x1', other));
    const { result, files } = await sealOf(bytes);
    expect(result).toEqual({ outcome: 'context_mismatch' });
    expect(files.size).toBe(0);
  });

  it('says undecryptable when the vendor sealed rubbish, cut it short or added a stanza', async () => {
    const { bytes } = await payloadOf();
    expect((await sealOf(bytes)).result.outcome).toBe('opened');
    expect((await sealOf(bytesOf('rubbish', 300_000))).result.outcome).toBe('undecryptable');
    expect((await sealOf(bytes, (file) => file.subarray(0, 200_000))).result.outcome).toBe('undecryptable');
    const addStanza = (file: Uint8Array): Uint8Array => {
      const { authenticated } = parseHeader(file)!;
      return concatBytes(
        authenticated.subarray(0, -3),
        utf8('-> grease a\n\n---'),
        file.subarray(authenticated.length),
      );
    };
    expect((await sealOf(bytes, addStanza)).result).toMatchObject({
      outcome: 'undecryptable',
      reason: 'not exactly one stanza',
    });
  });

  it('lets errors of storage and of the sink through, for they are not the bid', async () => {
    const { manifest, ciphertext } = await sealBidInMemory(bidOf('x1'));
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield ciphertext.subarray(0, 1000);
      throw new Error('disk on fire');
    }
    await expect(openBid({ manifest, key: { seed }, ciphertext: broken(), onFile: ignore })).rejects.toThrow(
      'disk on fire',
    );
    const full = (): Promise<void> => Promise.reject(new Error('disk full'));
    await expect(openBid({ manifest, key: { seed }, ciphertext: streamOf(ciphertext), onFile: full })).rejects.toThrow(
      'disk full',
    );
  });

  it('checks a file even when the sink reads none of it, or stops after one piece', async () => {
    const { bytes } = await payloadOf();
    const altered = bytes.slice();
    altered[indexOf(bytes, bytesOf('technical offer', 64))]! ^= 1;
    const peek = async (_: unknown, content: ByteStream): Promise<void> => {
      for await (const piece of content) if (piece.length > 0) break;
    };
    const swallow = async (_: unknown, content: ByteStream): Promise<void> =>
      void (await collect(content).catch(() => {}));
    for (const sink of [ignore, peek, swallow]) {
      await expect(readPayload(streamOf(bytes), context, sink)).resolves.toBeDefined();
      await expect(readPayload(streamOf(altered), context, sink)).rejects.toMatchObject({ code: 'undecryptable' });
    }
  });
});

describe('sealing', () => {
  it('can be read once, and finishes only when read', async () => {
    const sealing = await sealBid(bidOf('x1'));
    expect(() => sealing.finish()).toThrow('not read');
    await collect(sealing.ciphertext);
    expect(sealing.finish().manifest.v).toBe(1);
    await expect(collect(sealing.ciphertext)).rejects.toThrow('once');
  });

  it('notices a file that changed, grew or shrank between its two readings', async () => {
    for (const second of [utf8('other bytes!'), utf8('first bytes, and more'), utf8('first')]) {
      let reading = 0;
      const source: FileSource = {
        path: 'a',
        size: 11,
        open: () => streamOf(reading++ === 0 ? utf8('first bytes') : second),
      };
      const sealing = await sealBid({ ...bidOf('x1'), files: [source] });
      await expect(collect(sealing.ciphertext)).rejects.toMatchObject({ code: 'file_changed' });
      expect(() => sealing.finish()).toThrow('not read');
    }
    const wrong = { ...fileOf('a', utf8('abc')), size: 4 };
    await expect(sealBid({ ...bidOf('x1'), files: [wrong] })).rejects.toMatchObject({ code: 'file_changed' });
  });

  it('streams 64 MiB with flat memory, with primitives of node:crypto for hashing, and opens it again', async () => {
    const block = bytesOf('block', 65_536);
    const blocks = 1024;
    async function* made(): AsyncGenerator<Uint8Array> {
      for (let i = 0; i < blocks; i++) yield block;
    }
    const hash = createHash('sha256');
    for (let i = 0; i < blocks; i++) hash.update(block);
    const primitives = { ...noblePrimitives, sha256: () => createHash('sha256') };
    const files = [{ path: 'big.bin', size: blocks * block.length, open: made, sha256: hash.digest('base64') }];
    const sealing = await sealBid({ ...bidOf('x1'), files, primitives });
    let largest = 0;
    const pieces: Uint8Array[] = [];
    for await (const piece of sealing.ciphertext) {
      largest = Math.max(largest, piece.length);
      pieces.push(piece);
    }
    const { manifest, partHashes } = sealing.finish();
    expect(largest).toBeLessThanOrEqual(65_536 + 16);
    expect(partHashes).toHaveLength(manifest.ciphertext.parts);
    let received = 0;
    const onFile = async (_: unknown, content: ByteStream): Promise<void> => {
      for await (const piece of content) received += piece.length;
    };
    const result = await openBid({ manifest, key: { seed }, ciphertext: streamOf(...pieces), onFile, primitives });
    expect(result.outcome).toBe('opened');
    expect(received).toBe(blocks * block.length);
  }, 60_000);
});

describe('a bid too large to be read', () => {
  const large = (path: string, size: number): SealedFile => ({ path, size, sha256: toBase64(bytesOf('hash', 32)) });
  const build = (files: readonly SealedFile[]): SealJson => buildSealJson(context, files, bytesOf('nonce', 32));

  it('is refused when it is sealed, not when it is opened', () => {
    const many = Array.from({ length: 50_000 }, (_, i) => large(`file ${i}`, 1));
    expect(() => build(many)).toThrow('too many');
    const heavy = Array.from({ length: 130 }, (_, i) => large(`file ${i}`, 8 ** 11 - 1));
    expect(() => build(heavy)).toThrow('too large together');
    expect(() => build([large('file', 8 ** 11)])).toThrow('size');
    expect(build([large('file', 8 ** 11 - 1)]).files).toHaveLength(1);
  });
});

describe('a payload', () => {
  it('comes back whole whatever its files', async () => {
    const file = fc.record({ name: fc.stringMatching(/^[a-z0-9]{1,20}$/), bytes: fc.uint8Array({ maxLength: 2000 }) });
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(file, { selector: ({ name }) => name, maxLength: 6 }), async (made) => {
        const files = made.map(({ name, bytes }) => fileOf(`${name}.bin`, bytes));
        const { seal, bytes } = await payloadOf({ ...bidOf('x1'), files });
        const back = new Map<string, Uint8Array>();
        const read = await readPayload(streamOf(bytes), context, async ({ path }, content) => {
          back.set(path, await collect(content));
        });
        expect(read).toEqual(seal);
        expect(made.every(({ name, bytes: given }) => equalBytes(back.get(`${name}.bin`)!, given))).toBe(true);
        expect(bytes.length).toBe(payloadLayout(canonicalBytes(seal).length, seal.files).totalBytes);
      }),
      { numRuns: 25 },
    );
  });

  it('of one length bracket has one ciphertext length', async () => {
    const lengthOf = async (bytes: number): Promise<number> =>
      (await sealBidInMemory({ ...bidOf('x1'), files: [fileOf('a', new Uint8Array(bytes))] })).ciphertext.length;
    expect(await lengthOf(0)).toBe(ageFileLength('x1', 256 * 1024));
    expect(await lengthOf(200_000)).toBe(ageFileLength('x1', 256 * 1024));
  });

  it('is listed by GNU tar where there is one', async () => {
    if (spawnSync('tar', ['--version']).status !== 0) return console.log('no tar on this machine: skipped');
    const { bytes } = await payloadOf();
    const listing = spawnSync('tar', ['-tf', '-'], { input: bytes });
    expect(listing.stdout.toString().trim().split('\n')).toEqual([
      'seal.json',
      'offer.json',
      'annexes/technical offer.pdf',
      '.pad',
    ]);
    expect(listing.stderr.toString()).toBe('');
  });

  it('is refused with anything else in it than seal.json says', async () => {
    const { seal, bytes } = await payloadOf();
    const head = canonicalBytes(seal);
    const headBlocks = BLOCK_BYTES + Math.ceil(head.length / BLOCK_BYTES) * BLOCK_BYTES;
    const changedAt = (at: number, value: number): Uint8Array => {
      const copy = bytes.slice();
      copy[at] = value;
      return copy;
    };
    expect(await readingOf(bytes)).toBe('ok');
    expect(await readingOf(bytes, { ...context, bid_id: idOf('other') })).toBe('context_mismatch');
    const paxHeader = memberHeader({ path: 'PaxHeaders/offer.json', size: 0 });
    paxHeader[156] = 0x78;
    const cases: Record<string, Uint8Array> = {
      nothing: new Uint8Array(0),
      'a pax header': concatBytes(bytes.subarray(0, headBlocks), paxHeader, bytes.subarray(headBlocks)),
      'a symbolic link': changedAt(headBlocks + 156, 0x32),
      'a base-256 size': changedAt(headBlocks + 124, 0x80),
      'a mode': changedAt(headBlocks + 101, 0x37),
      'an owner': changedAt(headBlocks + 265, 0x61),
      'a time': changedAt(headBlocks + 140, 0x31),
      'a wrong checksum': changedAt(headBlocks + 149, 0x37),
      'fill that is not zero': changedAt(headBlocks - 1, 1),
      'padding that is not zero': changedAt(bytes.length - 5000, 1),
      'a trailer that is not zero': changedAt(bytes.length - 1, 1),
      'less padding': bytes.subarray(0, bytes.length - 512),
      'more at the end': concatBytes(bytes, new Uint8Array(512)),
      'a file twice': concatBytes(
        bytes.subarray(0, headBlocks),
        bytes.subarray(headBlocks, headBlocks + 1024),
        bytes.subarray(headBlocks),
      ),
      'no padding file': archiveOf([
        { path: 'seal.json', bytes: head },
        { path: 'offer.json', bytes: utf8('{}') },
      ]),
      'seal.json not first': archiveOf([{ path: 'offer.json', bytes: utf8('{}') }]),
    };
    for (const [what, payload] of Object.entries(cases)) {
      expect({ what, code: await readingOf(payload) }).toEqual({ what, code: 'undecryptable' });
    }
  });

  it('is refused with a seal.json that is not strict', async () => {
    const { seal } = await payloadOf();
    const [file] = seal.files;
    const withSeal = (changed: object): Promise<string> =>
      readingOf(archiveOf([{ path: 'seal.json', bytes: canonicalBytes({ ...seal, ...changed }) }]));
    expect(await withSeal({ comment: 'hello' })).toBe('malformed');
    expect(await withSeal({ nonce: toBase64(bytesOf('short', 31)) })).toBe('malformed');
    expect(await withSeal({ files: [{ ...file, mode: 420 }] })).toBe('malformed');
    expect(await withSeal({ files: [{ ...file, path: '../offer.json' }] })).toBe('malformed');
    expect(await withSeal({ v: 2 })).toBe('malformed');
    expect(await withSeal({ ctx: toBase64(bytesOf('ctx', 32)) })).toBe('context_mismatch');
    expect(await withSeal({ context: { ...context, demonstration: true } })).toBe('context_mismatch');
    expect(await readingOf(archiveOf([{ path: 'seal.json', bytes: utf8(JSON.stringify(seal, null, 1)) }]))).toBe(
      'malformed',
    );
  });
});

describe('one file of a bid', () => {
  it('is proved without the others, and nothing else is', async () => {
    const files = ['a', 'b', 'c', 'd', 'e'].map((name) => fileOf(name, utf8(name)));
    const { seal } = await payloadOf({ ...bidOf('x1'), files });
    const root = plaintextRoot(seal);
    for (const index of files.keys()) {
      const proof = proveFile(seal, index);
      expect(proof.file.sha256).toBe(toBase64(sha256(utf8(files[index]!.path))));
      expect(verifyFileProof(proof, root)).toBe(true);
      expect(verifyFileProof({ ...proof, index: (index + 1) % 5 }, root)).toBe(false);
      expect(verifyFileProof({ ...proof, file: { ...proof.file, size: 2 } }, root)).toBe(false);
      expect(verifyFileProof({ ...proof, salt: toBase64(bytesOf('salt', 32)) }, root)).toBe(false);
      expect(verifyFileProof({ ...proof, file: { ...proof.file, note: 'x' } as never }, root)).toBe(false);
      expect(verifyFileProof(proof, bytesOf('root', 32))).toBe(false);
    }
    expect(() => proveFile(seal, 5)).toThrow('index');
    expect(verifyFileProof({} as never, root)).toBe(false);
  });
});

describe("Debian's age", () => {
  it('decrypts a payload of the classical suite with the recovered identity', async () => {
    if (spawnSync('age', ['--version']).error !== undefined) {
      return console.log('no `age` command on this machine (Debian: apt install age): skipped');
    }
    const { ciphertext, sealing } = await sealBidInMemory(bidOf('x1'));
    const { mkdtempSync, rmSync, writeFileSync } = await import('node:fs');
    const folder = mkdtempSync(`${(await import('node:os')).tmpdir()}/segel-age-`);
    try {
      writeFileSync(`${folder}/identity`, `${sealing.dealing.identity}\n`, { mode: 0o600 });
      const run = spawnSync('age', ['-d', '-i', `${folder}/identity`], { input: ciphertext, maxBuffer: 2 ** 24 });
      expect(run.stderr.toString()).toBe('');
      expect(equalBytes(run.stdout, (await payloadOf()).bytes)).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

function indexOf(haystack: Uint8Array, needle: Uint8Array): number {
  return Buffer.from(haystack).indexOf(needle);
}
