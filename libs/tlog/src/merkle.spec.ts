import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fromBase64, toHex, utf8 } from '@segel/encoding';
import { emptyRoot, leafHash, nodeHash, RightEdge, treeRoot } from './merkle.js';
import { consistencyProofOf, inclusionProofOf, verifyConsistency, verifyInclusion } from './merkle-proofs.js';

type Case = { readonly name: string; readonly desc: string; readonly wantErr: boolean; readonly root: string };
type InclusionCase = Case & { leafIdx: number; treeSize: number; leafHash: string; proof: string[] | null };
type ConsistencyCase = Case & { size1: number; size2: number; root1: string; root2: string; proof: string[] | null };

function vectors<T>(file: string): readonly T[] {
  const text = readFileSync(new URL(`../vectors/${file}`, import.meta.url), 'utf8');
  return (JSON.parse(text) as { cases: T[] }).cases;
}

/** A hash that a vector leaves out or cuts short stays short: the verifier has to refuse it, not the test. */
const bytes = (base64: string | null): Uint8Array => fromBase64(base64 ?? '');
const leaves = (count: number): readonly Uint8Array[] =>
  Array.from({ length: count }, (_, i) => leafHash(utf8(`entry ${i}`)));

describe('the Merkle tree', () => {
  it('has the roots of the published example of eight entries', () => {
    const entries = [
      '',
      '00',
      '10',
      '2021',
      '3031',
      '40414243',
      '5051525354555657',
      '606162636465666768696a6b6c6d6e6f',
    ];
    const hashes = entries.map((hex) => leafHash(Uint8Array.from(Buffer.from(hex, 'hex'))));
    expect(toHex(emptyRoot())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(toHex(hashes[0]!)).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
    expect(toHex(treeRoot(hashes))).toBe('5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
  });

  it('tells a leaf from an inner node over the same bytes', () => {
    const [left, right] = leaves(2);
    expect(leafHash(new Uint8Array([...left!, ...right!]))).not.toEqual(nodeHash(left!, right!));
  });

  it('goes on from its right edge as if it had never stopped', () => {
    const hashes = leaves(300);
    for (const cut of [0, 1, 2, 3, 7, 8, 127, 255, 256, 257]) {
      const before = new RightEdge();
      for (const hash of hashes.slice(0, cut)) before.append(hash);
      const after = new RightEdge(before.size, before.hashes);
      for (const hash of hashes.slice(cut)) after.append(hash);
      expect(after.root()).toEqual(treeRoot(hashes));
    }
  });

  it('refuses a right edge that does not fit its size', () => {
    expect(() => new RightEdge(3, leaves(1))).toThrow();
    expect(() => new RightEdge(-1)).toThrow();
    expect(() => new RightEdge(1, [new Uint8Array(31)])).toThrow();
    expect(() => new RightEdge().append(new Uint8Array(33))).toThrow();
  });
});

describe('inclusion proofs', () => {
  it.each(vectors<InclusionCase>('merkle-inclusion.json'))('$name: $desc', (c) => {
    const proof = (c.proof ?? []).map(bytes);
    expect(verifyInclusion(c.leafIdx, c.treeSize, bytes(c.leafHash), proof, bytes(c.root))).toBe(!c.wantErr);
  });

  it('hold for every leaf of every small tree and for no other index, size or root', () => {
    const all = leaves(40);
    for (let size = 1; size <= 40; size++) {
      const hashes = all.slice(0, size);
      const root = treeRoot(hashes);
      for (let index = 0; index < size; index++) {
        const proof = inclusionProofOf(hashes, index);
        expect(verifyInclusion(index, size, hashes[index]!, proof, root)).toBe(true);
        for (const other of [index - 1, index + 1, size, 2 ** 53, 0.5, NaN]) {
          expect(verifyInclusion(other, size, hashes[index]!, proof, root)).toBe(false);
        }
        expect(verifyInclusion(index, size, hashes[index]!, [...proof, root], root)).toBe(false);
        expect(verifyInclusion(index, size, hashes[index]!, proof, emptyRoot())).toBe(false);
      }
    }
  });

  it('fail with any bit of any hash flipped', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), fc.nat(), fc.nat(), (size, a, b, c) => {
        const hashes = leaves(size);
        const index = a % size;
        const parts = [hashes[index]!, treeRoot(hashes), ...inclusionProofOf(hashes, index)].map((hash) =>
          hash.slice(),
        );
        parts[b % parts.length]![c % 32]! ^= 1 << (c % 8);
        const [leaf, root, ...proof] = parts;
        expect(verifyInclusion(index, size, leaf!, proof, root!)).toBe(false);
      }),
    );
  });
});

describe('consistency proofs', () => {
  it.each(vectors<ConsistencyCase>('merkle-consistency.json'))('$name: $desc', (c) => {
    const proof = (c.proof ?? []).map(bytes);
    expect(verifyConsistency(c.size1, c.size2, bytes(c.root1), bytes(c.root2), proof)).toBe(!c.wantErr);
  });

  it('hold between any two sizes of one log and not with another history', () => {
    const all = leaves(33);
    const forged = [leafHash(utf8('forged')), ...all.slice(1)];
    for (let size2 = 0; size2 <= 33; size2++) {
      for (let size1 = 0; size1 <= size2; size1++) {
        const proof = consistencyProofOf(all.slice(0, size2), size1);
        const root1 = treeRoot(all.slice(0, size1));
        expect(verifyConsistency(size1, size2, root1, treeRoot(all.slice(0, size2)), proof)).toBe(true);
        if (size1 === 0) continue;
        const forgedRoot = treeRoot(forged.slice(0, size2));
        expect(verifyConsistency(size1, size2, root1, forgedRoot, proof)).toBe(false);
        const forgedProof = consistencyProofOf(forged.slice(0, size2), size1);
        expect(verifyConsistency(size1, size2, root1, forgedRoot, forgedProof)).toBe(false);
      }
    }
  });

  it('need no hash from the empty tree, and the empty tree has one root', () => {
    const root = treeRoot(leaves(5));
    expect(verifyConsistency(0, 5, emptyRoot(), root, [])).toBe(true);
    expect(verifyConsistency(0, 5, root, root, [])).toBe(false);
    expect(verifyConsistency(0, 0, emptyRoot(), emptyRoot(), [])).toBe(true);
    expect(verifyConsistency(0, 0, root, root, [])).toBe(false);
    expect(verifyConsistency(5, 4, root, root, [])).toBe(false);
  });

  it('fail with any bit of any hash flipped', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 70 }), fc.nat(), fc.nat(), fc.nat(), (size2, a, b, c) => {
        const hashes = leaves(size2);
        const size1 = 1 + (a % (size2 - 1));
        const roots = [treeRoot(hashes.slice(0, size1)), treeRoot(hashes)];
        const parts = [...roots, ...consistencyProofOf(hashes, size1)].map((hash) => hash.slice());
        parts[b % parts.length]![c % 32]! ^= 1 << (c % 8);
        const [root1, root2, ...proof] = parts;
        expect(verifyConsistency(size1, size2, root1!, root2!, proof)).toBe(false);
      }),
    );
  });
});
