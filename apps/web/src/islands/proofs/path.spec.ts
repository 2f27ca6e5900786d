import { describe, expect, it } from '@jest/globals';
import { u32be } from '@segel/encoding';
import { inclusionProofOf, leafHash, treeRoot, verifyInclusion } from '@segel/tlog';
import { climb } from './path.js';

describe('the way from a leaf to the root that people are shown', () => {
  it('ends in the root of every tree that verifies', () => {
    for (let size = 1; size <= 40; size++) {
      const leaves = Array.from({ length: size }, (_, i) => leafHash(u32be(i)));
      const root = treeRoot(leaves);
      for (const [index, leaf] of leaves.entries()) {
        const proof = inclusionProofOf(leaves, index);
        expect(verifyInclusion(index, size, leaf, proof, root)).toBe(true);
        expect(climb(index, size, leaf, proof).at(-1)?.node ?? leaf).toEqual(root);
      }
    }
  });
});
