import { x25519 } from '@noble/curves/ed25519.js';
import { concatBytes, equalBytes, fromHex, toHex, utf8, utf8Text } from '@segel/encoding';
import { Decrypter, Encrypter, identityToRecipient } from 'age-encryption';
import * as vectors from 'cctv-age';
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import {
  ageFileLength,
  agePlaintextLength,
  encodeHeader,
  headerMac,
  parseHeader,
  payloadKey,
  rawBase64,
} from './age-format.js';
import { decryptAge, decryptAgeStream } from './age-reader.js';
import { encryptAge, encryptAgeStream, type AgeRandomness } from './age-writer.js';
import { collect, streamOf } from './chunks.js';
import { SealError } from './errors.js';
import { bech32Encode as bech32Of } from './bech32.js';
import { bytesOf } from './fixtures.js';
import { decryptWithPassphrase, encryptWithPassphrase } from './passphrase-file.js';
import { noblePrimitives, type Aead } from './primitives.js';
import { SUITES, decodeIdentity, decodeRecipient, encodeIdentity, recipientOf, schemeOf, type Suite } from './suite.js';

const secret = bytesOf('age secret', 32);
const SIZES = [0, 1, 65_535, 65_536, 65_537, 200_000];

function randomness(suite: Suite): AgeRandomness {
  return {
    fileKey: bytesOf('file key', 16),
    ephemeral: bytesOf('ephemeral', schemeOf(suite).ephemeralBytes),
    payloadNonce: bytesOf('payload nonce', 16),
  };
}

function ageFile(suite: Suite, plaintext: Uint8Array): Uint8Array {
  return encryptAge(suite, schemeOf(suite).publicKey(secret), randomness(suite), plaintext);
}

function failure(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof SealError) return error.code;
    throw error;
  }
  return 'none';
}

describe.each(SUITES)('age files of suite %s', (suite) => {
  const identity = encodeIdentity(suite, secret);

  it('spell identities and recipients as age-encryption does', async () => {
    expect(recipientOf(suite, secret)).toBe(await identityToRecipient(identity));
    expect(decodeIdentity(suite, identity)).toEqual(secret);
    expect(decodeRecipient(suite, recipientOf(suite, secret))).toEqual(schemeOf(suite).publicKey(secret));
  });

  it.each(SIZES)('of %i bytes are read by age-encryption and by our reader, whole and as a stream', async (size) => {
    const plaintext = bytesOf('plaintext', size);
    const file = ageFile(suite, plaintext);
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    expect(equalBytes(await decrypter.decrypt(file), plaintext)).toBe(true);
    expect(equalBytes(decryptAge(suite, secret, file), plaintext)).toBe(true);
    const pieces = [file.subarray(0, 7), file.subarray(7, 1999), file.subarray(1999)];
    expect(equalBytes(await collect(decryptAgeStream(suite, secret, streamOf(...pieces))), plaintext)).toBe(true);
    expect(file.length).toBe(ageFileLength(suite, size));
    expect(agePlaintextLength(suite, file.length)).toBe(size);
  });

  it.each(SIZES)('of %i bytes by age-encryption are read by our reader', async (size) => {
    const plaintext = bytesOf('plaintext', size);
    const encrypter = new Encrypter();
    encrypter.addRecipient(recipientOf(suite, secret));
    const file = await encrypter.encrypt(plaintext);
    expect(equalBytes(decryptAge(suite, secret, file), plaintext)).toBe(true);
  });

  it('are the same however the plaintext is cut, and leave the given randomness as it was', async () => {
    const plaintext = bytesOf('plaintext', 150_000);
    const given = randomness(suite);
    const cut = [1, 65_535, 65_537, 100_000].map((at, i, all) => plaintext.subarray(all[i - 1] ?? 0, at));
    const stream = encryptAgeStream(
      suite,
      schemeOf(suite).publicKey(secret),
      given,
      streamOf(...cut, plaintext.subarray(100_000)),
    );
    expect(equalBytes(await collect(stream), ageFile(suite, plaintext))).toBe(true);
    expect(given).toEqual(randomness(suite));
  });

  it('cannot be read with another key, cut short, extended or changed in any byte of the header', async () => {
    const file = ageFile(suite, bytesOf('plaintext', 65_600));
    expect(failure(() => decryptAge(suite, bytesOf('other', 32), file))).toBe('undecryptable');
    const header = parseHeader(file)!.length;
    for (const length of [0, 10, header - 1, header, header + 15, header + 16, header + 16 + 65_552, file.length - 1]) {
      expect(failure(() => decryptAge(suite, secret, file.subarray(0, length)))).toBe('undecryptable');
      const stream = decryptAgeStream(suite, secret, streamOf(file.subarray(0, length)));
      await expect(collect(stream)).rejects.toMatchObject({ code: 'undecryptable' });
    }
    expect(failure(() => decryptAge(suite, secret, concatBytes(file, Uint8Array.of(0))))).toBe('undecryptable');
    for (let at = 0; at < header; at += suite === 'pq1' ? 97 : 1) {
      const changed = file.slice();
      changed[at]! ^= 1;
      expect(failure(() => decryptAge(suite, secret, changed))).toBe('undecryptable');
    }
  });

  it('with two stanzas, even both good, are refused before anything is decrypted', () => {
    const file = ageFile(suite, utf8('plain'));
    const header = parseHeader(file)!;
    const fileKey = randomness(suite).fileKey;
    const single = utf8Text(header.authenticated);
    const stanza = single.slice(single.indexOf('->'), -3);
    const authenticated = utf8(`${single.slice(0, -3)}${stanza}---`);
    const twice = concatBytes(
      authenticated,
      utf8(` ${rawBase64(headerMac(fileKey, authenticated))}\n`),
      file.subarray(header.length),
    );
    const refusing: Aead = { ...noblePrimitives.aead, open: () => assertNever() };
    expect(failure(() => decryptAge(suite, secret, twice, refusing))).toBe('undecryptable');
    expect(parseHeader(twice)!.stanzas).toHaveLength(2);
  });

  it('of the other suite are refused', () => {
    const other = suite === 'pq1' ? 'x1' : 'pq1';
    expect(failure(() => decryptAge(suite, secret, ageFile(other, utf8('plain'))))).toBe('undecryptable');
  });

  it('are the same with the primitives of node:crypto', () => {
    const node: Aead = {
      seal(key, nonce, plaintext) {
        const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: 16 });
        return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
      },
      open(key, nonce, ciphertext) {
        const decipher = createDecipheriv('chacha20-poly1305', key, nonce, { authTagLength: 16 });
        decipher.setAuthTag(ciphertext.subarray(-16));
        return Buffer.concat([decipher.update(ciphertext.subarray(0, -16)), decipher.final()]);
      },
    };
    const plaintext = bytesOf('plaintext', 70_000);
    const file = encryptAge(suite, schemeOf(suite).publicKey(secret), randomness(suite), plaintext, node);
    expect(equalBytes(file, ageFile(suite, plaintext))).toBe(true);
    expect(equalBytes(decryptAge(suite, secret, file, node), plaintext)).toBe(true);
  });
});

describe('recipients', () => {
  it('of small order, with two spellings or with coefficients out of range are refused', () => {
    const x25519Key = (bytes: Uint8Array): string => recipientText('x1', bytes);
    const order8 = fromHex('e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800');
    const unreduced = new Uint8Array(32).fill(0xff);
    unreduced[31] = 0x7f;
    const highBit = schemeOf('x1').publicKey(secret).slice();
    highBit[31]! |= 0x80;
    for (const key of [new Uint8Array(32), order8, unreduced, highBit]) {
      expect(failure(() => decodeRecipient('x1', x25519Key(key)))).toBe('malformed');
    }
    const lattice = schemeOf('pq1').publicKey(secret).slice();
    lattice[0] = 0xff;
    lattice[1] = 0xff;
    expect(failure(() => decodeRecipient('pq1', recipientText('pq1', lattice)))).toBe('malformed');
  });

  it('are of small order exactly when a multiplication says so', () => {
    const p = (1n << 255n) - 19n;
    const littleEndian = (u: bigint): Uint8Array =>
      Uint8Array.from({ length: 32 }, (_, i) => Number((u >> BigInt(8 * i)) & 0xffn));
    const vanishes = (point: Uint8Array): boolean => {
      try {
        x25519.getSharedSecret(new Uint8Array(32).fill(1), point);
        return false;
      } catch {
        return true;
      }
    };
    // u of order 8, from https://cr.yp.to/ecdh.html
    const order8 = [
      325606250916557431795983626356110631294008115727848805560023387167927233504n,
      39382357235489614581723060781553021112529911719440698176882885853963445705823n,
    ];
    const near = Array.from({ length: 40 }, (_, i) => [BigInt(i), p - 1n - BigInt(i)]).flat();
    const points = [...order8, ...order8.map((u) => p - u), ...near].map(littleEndian);
    const refused = points.filter(
      (point) => failure(() => decodeRecipient('x1', recipientText('x1', point))) === 'malformed',
    );
    expect(refused.map(toHex)).toEqual(points.filter(vanishes).map(toHex));
    expect(refused).toHaveLength(5);
  });

  it('with a wrong checksum, mixed case or of another type are refused', () => {
    const good = recipientOf('x1', secret);
    const wrong = good.slice(0, -1) + (good.endsWith('q') ? 'p' : 'q');
    for (const text of [wrong, good.toUpperCase(), `A${good.slice(1)}`, recipientOf('pq1', secret), 'age1', '']) {
      expect(failure(() => decodeRecipient('x1', text))).toBe('malformed');
    }
  });
});

function recipientText(suite: Suite, key: Uint8Array): string {
  // Spelled by way of an identity-free encoder: the checksum must be right for the key itself to be judged.
  return bech32Of(schemeOf(suite).recipientPrefix, key);
}

type Vector = { readonly meta: ReadonlyMap<string, readonly string[]>; readonly file: Uint8Array };

function vectorOf(bytes: Uint8Array): Vector {
  const text = Buffer.from(bytes).toString('latin1');
  const end = text.indexOf('\n\n');
  const meta = new Map<string, string[]>();
  for (const line of text.slice(0, end).split('\n')) {
    const [key, value] = line.split(/: (.*)/, 2) as [string, string];
    meta.set(key, [...(meta.get(key) ?? []), value]);
  }
  const rest = bytes.subarray(end + 2);
  return { meta, file: meta.get('compressed')?.[0] === 'zlib' ? inflateSync(rest) : rest };
}

const { default: _, ...named } = vectors as unknown as Record<string, Uint8Array>;
const cctv = Object.entries(named)
  .filter(([, bytes]) => bytes instanceof Uint8Array)
  .map(([name, bytes]) => [name, vectorOf(bytes)] as const)
  .filter(([, { meta }]) => !meta.has('armored'));

describe('the age vectors of C2SP', () => {
  it('are there', () => {
    expect(cctv.length).toBeGreaterThan(90);
  });

  it.each(cctv)('%s: our header parser agrees', (_name, { meta, file }) => {
    const parses = meta.get('expect')![0] !== 'header failure' && meta.get('expect')![0] !== 'no match';
    // Some header failures lie in what a stanza says, which the parser of the frame does not judge.
    expect(parseable(file) > 0 || !parses).toBe(true);
  });

  const native = cctv.filter(([, { meta }]) => meta.get('identity')?.[0]?.startsWith('AGE-SECRET-KEY-') === true);

  it.each(native)('%s: our reader opens exactly what has one good stanza', (_name, { meta, file }) => {
    const identity = meta.get('identity')![0]!;
    const suite: Suite = identity.startsWith('AGE-SECRET-KEY-PQ-1') ? 'pq1' : 'x1';
    let opened: Uint8Array | undefined;
    const outcome = failure(() => (opened = decryptAge(suite, decodeIdentity(suite, identity), file)));
    const single = outcome === 'none' || parseable(file) === 1;
    if (meta.get('expect')![0] === 'success' && single) {
      expect(outcome).toBe('none');
      expect(createHash('sha256').update(opened!).digest('hex')).toBe(meta.get('payload')![0]);
    } else {
      expect(outcome).toBe('undecryptable');
    }
  });
});

describe('a file under a passphrase', () => {
  const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
  const document = new Uint8Array(randomBytes(70_000));

  it('opens with age-encryption, and its files open here', async () => {
    const theirs = new Decrypter();
    theirs.addPassphrase('a long passphrase');
    const ours = await encryptWithPassphrase(document, 'a long passphrase', { random, workFactor: 10 });
    expect(equalBytes(await theirs.decrypt(ours), document)).toBe(true);
    const encrypter = new Encrypter();
    encrypter.setScryptWorkFactor(10);
    encrypter.setPassphrase('a long passphrase');
    const file = await encrypter.encrypt(document);
    expect(equalBytes(await decryptWithPassphrase(file, 'a long passphrase'), document)).toBe(true);
    await expect(decryptWithPassphrase(file, 'another')).rejects.toMatchObject({ code: 'undecryptable' });
  });

  const scrypt = cctv.filter(([, { meta }]) => meta.has('passphrase'));

  it.each(scrypt)('%s: we open exactly what age opens', async (_name, { meta, file }) => {
    const opening = decryptWithPassphrase(file, meta.get('passphrase')![0]!);
    if (meta.get('expect')![0] !== 'success') await expect(opening).rejects.toMatchObject({ code: 'undecryptable' });
    else
      expect(
        createHash('sha256')
          .update(await opening)
          .digest('hex'),
      ).toBe(meta.get('payload')![0]);
  });
});

function assertNever(): never {
  throw new Error('decrypted');
}

function parseable(file: Uint8Array): number {
  try {
    return parseHeader(file)?.stanzas.length ?? 0;
  } catch {
    return 0;
  }
}

it('a header whose body fills its last line ends in an empty line', () => {
  const stanza = { args: ['X25519', 'a'], body: new Uint8Array(48) };
  const header = encodeHeader(stanza, new Uint8Array(16));
  expect(utf8Text(header).split('\n')[3]).toBe('');
  expect(parseHeader(header)!.stanzas).toEqual([stanza]);
  expect(payloadKey(new Uint8Array(16), new Uint8Array(16))).toHaveLength(32);
});
