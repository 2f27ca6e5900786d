import { describe, expect, it } from '@jest/globals';
import { median, medianRatio, meets, percentile } from './statistics.js';

describe('the figures of the benchmarks', () => {
  it('takes the middle value, whatever the order', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([10, 1, 4, 2])).toBe(3);
    expect(median([7])).toBe(7);
  });

  it('interpolates percentiles between the two nearest values', () => {
    const hundred = Array.from({ length: 101 }, (_, i) => 100 - i);
    expect([0, 0.5, 0.95, 0.99, 1].map((p) => percentile(hundred, p))).toEqual([0, 50, 95, 99, 100]);
    expect(percentile([10, 20], 0.25)).toBe(12.5);
  });

  it('sorts numbers as numbers', () => {
    expect(percentile([100, 9, 20], 1)).toBe(100);
  });

  it('divides each repeat by the baseline of its own round', () => {
    // The machine was half as fast in the second round: the ratio does not show it.
    expect(medianRatio([50, 25, 50], [100, 50, 100])).toBe(0.5);
    expect(medianRatio([10, 30], [10, 10])).toBe(2);
  });

  it('refuses figures that nothing stands behind', () => {
    expect(() => median([])).toThrow('no values');
    expect(() => medianRatio([1], [1, 2])).toThrow('1 values and 2 of the baseline');
    expect(() => percentile([1], 1.5)).toThrow('not a share');
  });

  it('says whether a target is met, on the line too', () => {
    expect([meets(5, { atLeast: 5 }), meets(4.9, { atLeast: 5 })]).toEqual([true, false]);
    expect([meets(5, { atMost: 5 }), meets(5.1, { atMost: 5 })]).toEqual([true, false]);
  });
});
