import { equalBytes, sha256 } from '@segel/encoding';
import { leafHash, treeRoot } from '@segel/tlog';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { combine, split } from 'shamir-secret-sharing';
import { streamOf } from './chunks.js';
import { bytesOf } from './fixtures.js';
import { MIN_PAYLOAD_BYTES, paddedLength, padme } from './padding.js';
import { PART_BYTES, PartHasher, hashParts } from './parts.js';
import { multiply, shamirCombine, shamirSplit } from './shamir.js';

function subsets<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  if (size === 0) return [[]];
  return items.flatMap((item, i) => subsets(items.slice(i + 1), size - 1).map((rest) => [item, ...rest]));
}

describe('Shamir sharing', () => {
  const threshold = fc
    .integer({ min: 2, max: 6 })
    .chain((n) => fc.tuple(fc.integer({ min: 1, max: n }), fc.constant(n)));
  const secretBytes = fc.uint8Array({ minLength: 32, maxLength: 32 });

  it('multiplies as AES does: 0x57 · 0x83 = 0xc1 and 0x57 · 0x13 = 0xfe (FIPS 197 section 4.2)', () => {
    expect(multiply(0x57, 0x83)).toBe(0xc1);
    expect(multiply(0x57, 0x13)).toBe(0xfe);
  });

  it('gives the secret to every k points and another value to every k-1 of a random polynomial', () => {
    fc.assert(
      fc.property(threshold, secretBytes, fc.string(), ([k, n], secret, name) => {
        const coefficients = Array.from({ length: k - 1 }, (_, i) => bytesOf(`${name} ${i}`, 32));
        const points = shamirSplit(secret, coefficients, n);
        for (const chosen of subsets(points, k)) expect(shamirCombine(chosen)).toEqual(secret);
        for (const chosen of k > 1 ? subsets(points, k - 1) : []) expect(shamirCombine(chosen)).not.toEqual(secret);
      }),
      { numRuns: 60 },
    );
  });

  it('fits shamir-secret-sharing both ways', async () => {
    const secret = bytesOf('secret', 32);
    const points = shamirSplit(secret, [bytesOf('c1', 32), bytesOf('c2', 32)], 5);
    const theirs = points.slice(1, 4).map(({ x, y }) => Uint8Array.from([...y, x]));
    expect(equalBytes(await combine(theirs), secret)).toBe(true);
    const dealt = (await split(secret, 5, 3)).map((share) => ({ x: share[32]!, y: share.slice(0, 32) }));
    expect(shamirCombine(dealt.slice(0, 3))).toEqual(secret);
  });

  it('refuses x = 0, one x twice, no points and points of different lengths', () => {
    const y = new Uint8Array(32);
    for (const points of [
      [{ x: 0, y }],
      [{ x: 256, y }],
      [
        { x: 1, y },
        { x: 1, y },
      ],
      [],
      [
        { x: 1, y },
        { x: 2, y: y.slice(1) },
      ],
    ]) {
      expect(() => shamirCombine(points)).toThrow('shares');
    }
    expect(() => shamirSplit(y, [y, y], 2)).toThrow('threshold');
  });
});

describe('padding', () => {
  it('rounds as the Padmé paper does', () => {
    expect([1, 2, 8, 9, 10, 100, 1000, 1025, 300_000, 1_000_000].map(padme)).toEqual([
      1, 2, 8, 10, 10, 104, 1024, 1088, 303_104, 1_015_808,
    ]);
  });

  it('never shrinks, grows with the length, adds at most 12 %, settles at once and keeps whole blocks', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 45 }), fc.integer({ min: 0, max: 2 ** 20 }), (length, more) => {
        const padded = padme(length);
        expect(padded).toBeGreaterThanOrEqual(length);
        expect(padded).toBeLessThanOrEqual(Math.ceil(length * 1.12) + 1);
        expect(padme(length + more)).toBeGreaterThanOrEqual(padded);
        expect(padme(padded)).toBe(padded);
        expect(paddedLength(length)).toBeGreaterThanOrEqual(MIN_PAYLOAD_BYTES);
        expect(paddedLength(length) % 512).toBe(0);
      }),
    );
  });
});

describe('the part tree', () => {
  it('is the RFC 6962 tree over the SHA-256 of 8 MiB parts, however the bytes come', async () => {
    const bytes = new Uint8Array(2 * PART_BYTES + 5).map((_, i) => (i * 31) >>> 3);
    const parts = [0, 1, 2].map((i) => sha256(bytes.subarray(i * PART_BYTES, (i + 1) * PART_BYTES)));
    const whole = await hashParts(streamOf(bytes), { sha256: () => createHash('sha256') });
    expect(whole).toEqual({
      size: bytes.length,
      partHashes: parts,
      root: treeRoot(parts.map((hash) => leafHash(hash))),
    });
    const pieces = [bytes.subarray(0, 3), bytes.subarray(3, PART_BYTES), bytes.subarray(PART_BYTES)];
    expect(await hashParts(streamOf(...pieces))).toEqual(whole);
  });

  it('has no empty last part', () => {
    const hasher = new PartHasher({ sha256: () => createHash('sha256') });
    hasher.update(new Uint8Array(PART_BYTES));
    expect(hasher.finish().partHashes).toHaveLength(1);
  });
});
