import { describe, expect, it } from '@jest/globals';
import {
  canonicalBytes,
  fromBase64,
  parseCanonicalObject,
  signDocument,
  toBase64,
  type CanonicalObject,
} from '@segel/encoding';
import { readFileSync, writeFileSync } from 'node:fs';
import {
  ENTRY_TYPES,
  decodeEntry,
  documentation,
  encodeEntry,
  verifyBodySignatures,
  type Entry,
  type EntryTypeName,
} from './index.js';

type Vectors = {
  readonly entries: readonly { readonly name: string; readonly bytes: string }[];
  readonly refused: readonly { readonly why: string; readonly document: CanonicalObject }[];
};
const vectors = JSON.parse(readFileSync(new URL('../vectors/entries.json', import.meta.url), 'utf8')) as Vectors;

const withdrawal: Entry = {
  type: 'bid.withdrawn',
  id: '019abc00-0000-7000-8000-000000000001',
  at: new Date('2026-12-01T00:00:00.000Z'),
  actor: { kind: 'person', id: '019abc00-0000-7000-8000-000000000002' },
  tenderId: '019abc00-0000-7000-8000-000000000003',
  body: {
    lot_id: '019abc00-0000-7000-8000-000000000004',
    envelope: 'single',
    bid_id: '019abc00-0000-7000-8000-000000000005',
    vendor_id: '019abc00-0000-7000-8000-000000000006',
    manifest_sha256: toBase64(new Uint8Array(32).fill(1)),
  },
};
const secret = new Uint8Array(32).fill(9);
const signed: Entry = { ...withdrawal, bodySig: [signDocument('bid.withdrawn', withdrawal.body, secret)] };

describe('the catalogue of entries', () => {
  it('lists every type of the protocol, each with a form, a disclosure and a sentence', () => {
    for (const [name, type] of Object.entries(ENTRY_TYPES)) {
      expect(name).toMatch(/^[a-z]+(\.[a-z_]+){0,2}$/);
      expect(type.sentence).toMatch(/\.$/);
      expect(type.form === 'clear').toBe(type.disclosure === 'at_once');
    }
  });

  it('keeps bids blinded until the opening and public timing silent', () => {
    for (const name of Object.keys(ENTRY_TYPES) as EntryTypeName[]) {
      if (name.startsWith('bid.')) expect(ENTRY_TYPES[name].form).toBe('blinded');
    }
    expect(ENTRY_TYPES.chaff.disclosure).toBe('never');
  });

  it('is documented in the README, word for word', () => {
    const file = new URL('../README.md', import.meta.url);
    const readme = readFileSync(file, 'utf8');
    if (process.env['SEGEL_WRITE_VECTORS'] === '1') {
      writeFileSync(file, `${readme.slice(0, readme.indexOf('| Type |'))}${documentation()}\n`);
      return;
    }
    expect(readme).toContain(documentation());
  });
});

describe('entries', () => {
  it.each(vectors.entries)('reads and writes the golden bytes of $name', ({ bytes }) => {
    const entry = decodeEntry(fromBase64(bytes));
    expect(toBase64(encodeEntry(entry))).toBe(bytes);
    expect(verifyBodySignatures(entry)).toBe(true);
  });

  it.each(vectors.refused)('refuses to read an entry: $why', ({ document }) => {
    expect(() => decodeEntry(canonicalBytes(document))).toThrow();
  });

  it('reads what it wrote', () => {
    expect(decodeEntry(encodeEntry(signed))).toEqual(signed);
  });

  it('refuses to write an unknown member, a missing one, a missing signature', () => {
    expect(() => encodeEntry({ ...signed, body: { ...signed.body, note: 'x' } })).toThrow('not a known member');
    const { lot_id: _, ...rest } = signed.body;
    expect(() => encodeEntry({ ...signed, body: rest })).toThrow('missing');
    expect(() => encodeEntry(withdrawal)).toThrow('signature');
  });

  it('ignores, when reading, a member that a later version may add', () => {
    const document = parseCanonicalObject(encodeEntry(signed));
    const later = { ...document, body: { ...signed.body, added_later: 'x' } };
    expect(decodeEntry(canonicalBytes(later)).type).toBe('bid.withdrawn');
  });

  it('knows a signature over another body or another type', () => {
    const other = { ...signed.body, envelope: 'price' };
    expect(verifyBodySignatures({ ...signed, body: other })).toBe(false);
    const replayed = { ...signed, bodySig: [signDocument('bid.submitted', signed.body, secret)] };
    expect(verifyBodySignatures(replayed)).toBe(false);
  });
});
