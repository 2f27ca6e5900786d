import { describe, expect, it } from '@jest/globals';
import { sha256, toHex, utf8 } from '@segel/encoding';
import { emptyRoot, leafHash, nodeHash } from './merkle.js';
import { setRoot } from './set-root.js';

const commitments = ['a', 'b', 'c'].map((name) => sha256(utf8(name)));

describe('the root of a set of commitments', () => {
  it('of nothing is the hash of nothing', () => {
    expect(toHex(setRoot([]))).toBe(toHex(emptyRoot()));
  });

  it('does not depend on the order they are given in, nor on one given twice', () => {
    const [a, b, c] = commitments;
    expect(setRoot([c!, a!, b!, a!])).toEqual(setRoot([a!, b!, c!]));
  });

  it('is RFC 6962 over the commitments in bytewise order', () => {
    const low = new Uint8Array(32).fill(0x0f);
    const high = new Uint8Array(32).fill(0xf0);
    expect(setRoot([high, low])).toEqual(nodeHash(leafHash(low), leafHash(high)));
  });

  it('refuses what is no commitment', () => {
    expect(() => setRoot([new Uint8Array(31)])).toThrow('32 bytes');
  });
});
