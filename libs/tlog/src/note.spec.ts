import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toBase64 } from '@segel/encoding';
import { formatCheckpoint, openCheckpoint, parseCheckpoint, signCheckpoint } from './checkpoint.js';
import { cosign, cosignatureTime } from './cosignature.js';
import { addSignatures, logKeyOf, openNote, parseNote, parseSignatureLine, parseVkey } from './note.js';
import { signatureLine, signNote, verifierKey, witnessKeyOf, MAX_NOTE_BYTES } from './note.js';

type Vectors = {
  signed: { vkeys: string[]; note: string }[];
  parsed: {
    note: string;
    signatures: { name: string; id: string; bytes: number; seconds?: number }[];
    checkpoint?: { origin: string; size: number; root: string };
  }[];
  refused: { name: string; note: string }[];
  refused_vkeys: string[];
};
const vectors = JSON.parse(readFileSync(new URL('../vectors/notes.json', import.meta.url), 'utf8')) as Vectors;

const seed = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const log = { name: 'log.example/segel', seed: seed(1) };
const witness = { name: 'audit.example/w', seed: seed(2) };
const root = seed(7);
const body = formatCheckpoint({ origin: log.name, size: 5, root });

describe('signed notes', () => {
  it.each(vectors.signed)('published with their keys verify ($vkeys)', ({ vkeys, note }) => {
    const keys = vkeys.map(parseVkey);
    expect(keys.map((key) => key.vkey)).toEqual(vkeys);
    expect(openNote(note, keys).signedBy).toEqual(keys);
    expect(() => openNote(note.replace('answer', 'question'), keys)).toThrow('does not hold');
    expect(openNote(note, keys.slice(0, 1)).signedBy).toHaveLength(1);
  });

  it.each(vectors.parsed)('published without keys parse', ({ note, signatures, checkpoint }) => {
    const parsed = parseNote(note);
    expect(parsed.signatures).toHaveLength(signatures.length);
    for (const [i, { name, id, bytes, seconds }] of signatures.entries()) {
      expect(parsed.signatures[i]).toMatchObject({ name, id });
      expect(parsed.signatures[i]!.signature).toHaveLength(bytes);
      if (seconds !== undefined) {
        expect(Number(Buffer.from(parsed.signatures[i]!.signature).readBigUInt64BE())).toBe(seconds);
      }
    }
    if (checkpoint === undefined) return;
    const { root: hash, ...rest } = parseCheckpoint(parsed.text);
    expect({ ...rest, root: toBase64(hash) }).toEqual({ ...checkpoint, extensions: [] });
  });

  it.each(vectors.refused)('are refused: $name', ({ note }) => {
    expect(() => parseNote(note)).toThrow();
  });

  it('are refused beyond their size and number of signatures, and taken with 16 large ones', () => {
    const line = (bytes: number) => signatureLine(logKeyOf(log), new Uint8Array(bytes));
    const note = (count: number, bytes: number) => `text\n\n${`${line(bytes)}\n`.repeat(count)}`;
    expect(parseNote(note(16, 5000)).signatures).toHaveLength(16);
    expect(() => parseNote(note(101, 64))).toThrow('too many');
    expect(() => parseNote(`${'x'.repeat(MAX_NOTE_BYTES)}\n\n${line(64)}\n`)).toThrow('too large');
  });

  it('ignore signatures of strangers, even under the name or the id of a known key', () => {
    const namesake = { name: log.name, seed: seed(9) };
    const note = addSignatures(signNote(body, log), [signatureLine(logKeyOf(namesake), new Uint8Array(64))]);
    expect(openNote(note, [logKeyOf(log)]).signedBy[0]!.id).toBe(logKeyOf(log).id);
    expect(() => openNote(signNote(body, namesake), [logKeyOf(log)])).toThrow('not signed by a trusted key');
    expect(() => openNote(note, [])).toThrow('not signed by a trusted key');
  });

  it('are refused whole when one signature of a trusted key fails', () => {
    const note = addSignatures(signNote(body, log), [signatureLine(logKeyOf(log), new Uint8Array(64))]);
    expect(() => openNote(note, [logKeyOf(log)])).toThrow('does not hold');
  });

  it('take each further signature once', () => {
    const line = cosign(body, 10, witness);
    const once = addSignatures(signNote(body, log), [line, line]);
    expect(addSignatures(once, [line])).toBe(once);
    expect(parseNote(once).signatures.map((s) => s.line)).toEqual([expect.stringContaining(log.name), line]);
    expect(() => addSignatures(once, ['— two\nlines'])).toThrow();
  });
});

describe('verifier keys', () => {
  it.each(vectors.refused_vkeys.map((vkey) => [vkey]))('are refused: %j', (vkey) => {
    expect(() => parseVkey(vkey)).toThrow();
  });

  it('differ between a log and a witness of one name and key', () => {
    expect(logKeyOf(log).id).not.toBe(witnessKeyOf(log).id);
    expect(parseVkey(witnessKeyOf(log).vkey)).toEqual(witnessKeyOf(log));
    expect(() => verifierKey('a b', 1, seed(1))).toThrow('key name');
    expect(() => verifierKey('a', 1, new Uint8Array(31))).toThrow('32 bytes');
  });
});

describe('checkpoints', () => {
  it('round-trip with their extension lines', () => {
    const checkpoint = { origin: 'a b c', size: 0, root, extensions: ['x', 'y z'] };
    expect(parseCheckpoint(formatCheckpoint(checkpoint))).toEqual(checkpoint);
  });

  it.each([
    ['two lines', 'origin\n1\n'],
    ['empty origin', `\n1\n${toBase64(root)}\n`],
    ['leading zero', `o\n01\n${toBase64(root)}\n`],
    ['sign', `o\n+1\n${toBase64(root)}\n`],
    ['no size', `o\n\n${toBase64(root)}\n`],
    ['size beyond 2^53', `o\n9007199254740992\n${toBase64(root)}\n`],
    ['short root', `o\n1\n${toBase64(root.slice(1))}\n`],
    ['empty extension', `o\n1\n${toBase64(root)}\n\nx\n`],
    ['no final newline', `o\n1\n${toBase64(root)}`],
  ])('are refused: %s', (_, text) => {
    expect(() => parseCheckpoint(text)).toThrow();
  });

  it('are signed by their own origin only', () => {
    const note = signCheckpoint({ origin: log.name, size: 5, root }, log);
    expect(openCheckpoint(note, logKeyOf(log))).toMatchObject({ origin: log.name, size: 5, root, text: body });
    expect(() => signCheckpoint({ origin: 'other', size: 5, root }, log)).toThrow('origin');
    const foreign = signNote(formatCheckpoint({ origin: 'other', size: 5, root }), log);
    expect(() => openCheckpoint(foreign, logKeyOf(log))).toThrow('checkpoint is of other');
    expect(() => formatCheckpoint({ origin: 'a\nb', size: 1, root })).toThrow();
  });
});

describe('cosignatures', () => {
  const key = witnessKeyOf(witness);
  const signature = parseSignatureLine(cosign(body, 1_767_323_046, witness));

  it('give back their time', () => {
    expect(cosignatureTime(body, signature, key)).toBe(1_767_323_046);
    expect(() => cosign('no checkpoint\n', 1, witness)).toThrow();
    expect(() => cosign(body, 1.5, witness)).toThrow();
  });

  it('do not hold for another text, key, type or length', () => {
    expect(cosignatureTime(body.replace('\n5\n', '\n6\n'), signature, key)).toBeUndefined();
    expect(cosignatureTime(body, signature, witnessKeyOf({ ...witness, seed: seed(3) }))).toBeUndefined();
    expect(cosignatureTime(body, signature, logKeyOf(witness))).toBeUndefined();
    const short = { ...signature, signature: signature.signature.slice(1) };
    expect(cosignatureTime(body, short, key)).toBeUndefined();
    const late = { ...signature, signature: signature.signature.map((byte, i) => (i === 0 ? 255 : byte)) };
    expect(cosignatureTime(body, late, key)).toBeUndefined();
  });

  it('do not hold with any bit flipped, the time included', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 72 * 8 - 1 }), (bit) => {
        const bytes = signature.signature.slice();
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        expect(cosignatureTime(body, { ...signature, signature: bytes }, key)).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });
});
