import { describe, expect, it } from '@jest/globals';
import { sha256, toBase64, utf8 } from '@segel/encoding';
import { emptyRoot } from '@segel/tlog';
import { proveSentShare, sentSharesRoot, verifySentShare, type SentShareCommitment } from './share-list.js';

const hash = (text: string): Uint8Array => sha256(utf8(text));
const sent = (count: number): readonly SentShareCommitment[] =>
  Array.from({ length: count }, (_, i) => ({ bid: hash(`bid ${i}`), share: hash(`share ${i}`) }));

describe('what an opener signs of its shares', () => {
  it('does not depend on the order, and is the empty root of no share', () => {
    expect(sentSharesRoot(sent(5).toReversed())).toEqual(sentSharesRoot(sent(5)));
    expect(sentSharesRoot([])).toEqual(emptyRoot());
  });

  it('proves of which bid which share was sent, and of nothing else', () => {
    for (const count of [1, 2, 7, 40]) {
      const list = sent(count);
      const root = sentSharesRoot(list);
      for (const { bid, share } of list) {
        const proof = proveSentShare(list, bid);
        expect(proof.share_commitment).toBe(toBase64(share));
        expect(verifySentShare(root, bid, proof)).toBe(true);
        expect(verifySentShare(root, hash('another bid'), proof)).toBe(false);
        expect(verifySentShare(root, bid, { ...proof, share_commitment: toBase64(hash('another share')) })).toBe(false);
        expect(verifySentShare(hash('another root'), bid, proof)).toBe(false);
        expect(verifySentShare(root, bid, { ...proof, share_commitment: 'no base64' })).toBe(false);
      }
    }
    expect(() => proveSentShare(sent(2), hash('another bid'))).toThrow('no share');
  });
});
