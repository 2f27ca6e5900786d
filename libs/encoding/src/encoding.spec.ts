import { describe, expect, it } from '@jest/globals';
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import {
  canonicalBytes,
  canonicalize,
  ed25519PublicKey,
  ed25519Sign,
  ed25519Verify,
  formatInstant,
  fromBase64,
  fromDocument,
  fromHex,
  isCanonicalKey,
  isUuidV7,
  openEnvelope,
  parseCanonical,
  parseInstant,
  preAuthEncoding,
  sealEnvelope,
  taggedHash,
  toBase64,
  toDocument,
  toHex,
  u32be,
  u64be,
  utf8,
  utf8Text,
  uuidV7,
  type Canonical,
} from './index.js';

type Vectors = {
  readonly tagged_hash: readonly {
    readonly tag: string;
    readonly parts_hex: readonly string[];
    readonly hash_hex: string;
  }[];
  readonly bad_tags: readonly string[];
  readonly not_canonical: readonly { readonly why: string; readonly text: string }[];
  readonly not_in_subset: readonly { readonly why: string; readonly json: string }[];
  readonly bad_base64: readonly string[];
  readonly bad_instants: readonly string[];
  readonly dsse: {
    readonly seed_hex: string;
    readonly kind: string;
    readonly envelope: { payload_type: string; payload: string; signatures: { key: string; sig: string }[] };
  };
  readonly ed25519: readonly {
    readonly why: string;
    readonly key_hex: string;
    readonly message_hex: string;
    readonly signature_hex: string;
    readonly holds: boolean;
  }[];
};

const read = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8')) as T;
const vectors = read<Vectors>('encoding');
const rfc8785 = read<{ cases: { name: string; input: string; output: string }[] }>('rfc8785');

describe('canonical JSON', () => {
  it.each(rfc8785.cases)('gives the published bytes of RFC 8785: $name', ({ input, output }) => {
    expect(canonicalize(JSON.parse(input))).toBe(output);
  });

  it.each(vectors.not_canonical)('refuses to read what is not in canonical form: $why', ({ text }) => {
    expect(() => parseCanonical(utf8(text))).toThrow();
  });

  it.each(vectors.not_in_subset)('refuses to write what the protocol leaves out: $why', ({ json }) => {
    expect(() => canonicalBytes(JSON.parse(json) as Canonical)).toThrow();
  });

  it('refuses a byte order mark, malformed UTF-8 and lone surrogates', () => {
    expect(() => parseCanonical(new Uint8Array([0xef, 0xbb, 0xbf, 0x7b, 0x7d]))).toThrow();
    expect(() => parseCanonical(new Uint8Array([0x22, 0xff, 0x22]))).toThrow();
    expect(() => canonicalBytes('\ud800')).toThrow();
  });

  it('reads back exactly what it wrote, whatever the document', () => {
    const document = fc.letrec<{ value: Canonical }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.string({ unit: 'grapheme' }),
        fc.boolean(),
        fc.nat(),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.stringMatching(/^[a-z0-9_]{1,8}$/), tie('value'), { maxKeys: 4 }),
      ),
    })).value;
    fc.assert(fc.property(document, (value) => expect(parseCanonical(canonicalBytes(value))).toEqual(value)));
  });

  it('renames keys of a document and back', () => {
    const at = new Date('2026-12-01T00:00:00.000Z');
    const document = toDocument({ bidId: 'a', list: [{ openedAt: at, missing: undefined, nothing: null }] });
    expect(document).toEqual({ bid_id: 'a', list: [{ opened_at: '2026-12-01T00:00:00.000Z' }] });
    expect(fromDocument(document)).toEqual({ bidId: 'a', list: [{ openedAt: '2026-12-01T00:00:00.000Z' }] });
  });
});

describe('bytes', () => {
  it('round-trips base64 and hex of any bytes, as Node does', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
        expect(fromBase64(toBase64(bytes))).toEqual(bytes);
        expect(fromHex(toHex(bytes))).toEqual(bytes);
      }),
    );
  });

  it.each(vectors.bad_base64)('refuses base64 that is not padded standard base64: %j', (text) => {
    expect(() => fromBase64(text)).toThrow();
  });

  it('writes integers in fixed width and refuses what does not fit', () => {
    expect([toHex(u32be(258)), toHex(u64be(2 ** 53 - 1))]).toEqual(['00000102', '001fffffffffffff']);
    for (const value of [-1, 2 ** 32, 1.5, Number.NaN]) expect(() => u32be(value)).toThrow();
  });

  it('keeps text as it is', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => expect(utf8Text(utf8(text))).toBe(text)));
  });
});

describe('tagged hashes', () => {
  it.each(vectors.tagged_hash)('gives the golden hash for $tag', ({ tag, parts_hex, hash_hex }) => {
    expect(toHex(taggedHash(tag, ...parts_hex.map(fromHex)))).toBe(hash_hex);
  });

  it.each(vectors.bad_tags)('refuses the tag %j', (tag) => {
    expect(() => taggedHash(tag, new Uint8Array(1))).toThrow();
  });
});

describe('instants and ids', () => {
  it('has one form of an instant', () => {
    expect(formatInstant(parseInstant('2026-02-28T23:59:59.999Z'))).toBe('2026-02-28T23:59:59.999Z');
  });

  it.each(vectors.bad_instants)('refuses the instant %j', (text) => {
    expect(() => parseInstant(text)).toThrow();
  });

  it('makes UUIDv7 that sort by time', () => {
    const ids = [1, 2 ** 40, 2 ** 47].map((ms) => uuidV7(ms, new Uint8Array(10).fill(255)));
    expect([...ids].sort()).toEqual(ids);
    expect(ids.every(isUuidV7)).toBe(true);
    expect(isUuidV7('00000000-0000-4000-8000-000000000000')).toBe(false);
  });
});

describe('signatures', () => {
  const { seed_hex, kind, envelope } = vectors.dsse;
  const seed = fromHex(seed_hex);

  it('writes the golden DSSE envelope and opens it', () => {
    const document = { v: 1, text: 'segel' };
    expect(sealEnvelope(kind, document, seed)).toEqual(envelope);
    expect(openEnvelope(kind, envelope).document).toEqual(document);
  });

  it('refuses an envelope of another kind, without signature, altered, or not canonical', () => {
    expect(() => openEnvelope('other', envelope)).toThrow();
    expect(() => openEnvelope(kind, { ...envelope, signatures: [] })).toThrow();
    expect(() => openEnvelope(kind, { ...envelope, payload: toBase64(utf8('{"v":2}')) })).toThrow();
    const payload = utf8('{"v": 1}');
    const sig = toBase64(ed25519Sign(seed, preAuthEncoding(envelope.payload_type, payload)));
    expect(() =>
      openEnvelope(kind, {
        ...envelope,
        payload: toBase64(payload),
        signatures: [{ key: toBase64(ed25519PublicKey(seed)), sig }],
      }),
    ).toThrow('canonical');
  });

  it.each(vectors.ed25519)(
    'accepts exactly what the one rule accepts: $why',
    ({ key_hex, message_hex, signature_hex, holds }) => {
      expect(ed25519Verify(fromHex(key_hex), fromHex(message_hex), fromHex(signature_hex))).toBe(holds);
    },
  );

  it.each(vectors.ed25519.filter(({ signature_hex }) => signature_hex.length === 128))(
    'is the rule of OpenSSL once the key is canonical: $why',
    ({ key_hex, message_hex, signature_hex, holds }) => {
      const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), fromHex(key_hex)]);
      const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
      const accepted = verify(null, fromHex(message_hex), key, fromHex(signature_hex));
      expect(accepted && isCanonicalKey(fromHex(key_hex))).toBe(holds);
    },
  );

  it('signs as OpenSSL does', () => {
    const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    expect(toHex(ed25519Sign(seed, utf8('segel')))).toBe(sign(null, utf8('segel'), key).toString('hex'));
  });
});
