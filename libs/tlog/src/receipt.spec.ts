import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toBase64, utf8 } from '@segel/encoding';
import { parsePolicy } from './policy.js';
import { formatProof, parseProof, verifyProof } from './proof.js';
import {
  blindedCommitment,
  blindedLeaf,
  clearLeaf,
  formatReceipt,
  parseLeaf,
  readReceipt,
  verifyReceipt,
} from './receipt.js';

type Vectors = {
  policy: string;
  holds: { name: string; receipt: string; expect: Record<string, unknown> }[];
  refused: { name: string; receipt: string; reason: string }[];
};
const vectors = JSON.parse(readFileSync(new URL('../vectors/receipts.json', import.meta.url), 'utf8')) as Vectors;
const policy = parsePolicy(vectors.policy);

describe('receipts', () => {
  it.each(vectors.holds)('hold: $name', ({ receipt, expect: expected }) => {
    const { index, size, root, entryBytes, blinded, commitment, times, quorumTime } = verifyReceipt(receipt, policy);
    expect({
      index,
      size,
      root: toBase64(root),
      entry: toBase64(entryBytes),
      blinded,
      ...(commitment === undefined ? {} : { commitment: toBase64(commitment) }),
      times,
      quorum_time: quorumTime,
    }).toEqual(expected);
  });

  it.each(vectors.refused)('are refused: $name', ({ receipt, reason }) => {
    expect(() => verifyReceipt(receipt, policy)).toThrow(reason);
  });

  it('round-trip through their text', () => {
    for (const { receipt } of vectors.holds) expect(formatReceipt(readReceipt(receipt))).toBe(receipt);
  });

  it('do not hold once any character is changed or any line is lost', () => {
    const receipt = vectors.holds[0]!.receipt;
    // Names of keys are hashed into ids, so a changed name is a stranger's signature; with three cosignatures of
    // which two are needed, one stranger may be tolerated: the tampered text then has to say the same entry.
    const original = verifyReceipt(receipt, policy, () => true);
    const same = (text: string): boolean => {
      try {
        const found = verifyReceipt(text, policy);
        return found.index === original.index && toBase64(found.entryBytes) === toBase64(original.entryBytes);
      } catch {
        return true;
      }
    };
    fc.assert(
      fc.property(fc.nat(receipt.length - 1), fc.constantFrom('A', '0', '\n', ' ', '+', '—'), (at, character) => {
        expect(same(receipt.slice(0, at) + character + receipt.slice(at + 1))).toBe(true);
      }),
      { numRuns: 60 },
    );
    const lines = receipt.split('\n');
    const signatures = 4;
    for (let i = 0; i < lines.length - 1 - signatures; i++) {
      expect(() => verifyReceipt(lines.toSpliced(i, 1).join('\n'), policy)).toThrow();
    }
  });
});

describe('tlog-proofs', () => {
  it('hold for the leaf data they prove and for no other', () => {
    const { receipt } = vectors.holds[1]!;
    const { entryBytes } = readReceipt(receipt);
    expect(verifyProof(receipt, policy, clearLeaf(entryBytes)).checkpoint.size).toBe(300);
    expect(() => verifyProof(receipt, policy, entryBytes)).toThrow('not at index');
  });

  it('need no extra line', () => {
    const { index, hashes, checkpoint } = parseProof(vectors.holds[0]!.receipt);
    const bare = formatProof({ index, hashes, checkpoint });
    expect(parseProof(bare)).toEqual({ index, hashes, checkpoint });
    expect(() => formatProof({ index, hashes: Array<Uint8Array>(64).fill(hashes[0]!), checkpoint })).toThrow(
      'too many',
    );
    expect(() => formatProof({ index, hashes, checkpoint, extra: new Uint8Array() })).toThrow('empty extra');
    expect(() => formatProof({ index: -1, hashes, checkpoint })).toThrow('decimal');
  });
});

describe('leaves', () => {
  const salt = new Uint8Array(32).fill(5);

  it('are blinded or clear, and nothing else', () => {
    const commitment = blindedCommitment(salt, utf8('entry'));
    expect(parseLeaf(blindedLeaf(commitment))).toEqual({ blinded: true, commitment });
    expect(parseLeaf(clearLeaf(utf8('entry')))).toEqual({ blinded: false, entryBytes: utf8('entry') });
    for (const wrong of [[], [0, 1], [1, 2], [2], [3, 1], [1, ...commitment, 0]]) {
      expect(() => parseLeaf(Uint8Array.from(wrong))).toThrow();
    }
  });

  it('refuse a salt, commitment or entry of the wrong length', () => {
    expect(() => blindedCommitment(salt.slice(1), utf8('entry'))).toThrow('32 bytes');
    expect(() => blindedLeaf(salt.slice(1))).toThrow('32 bytes');
    expect(() => clearLeaf(new Uint8Array(65_535))).toThrow('too long');
    expect(() => formatReceipt({ entryBytes: new Uint8Array(), index: 0, hashes: [], checkpoint: '' })).toThrow();
  });
});
