import { describe, expect, it } from '@jest/globals';
import {
  downMs,
  outageDocument,
  outageExtension,
  outageWindow,
  readOutageDocument,
  rulePack,
  type ProbeResult,
} from './index.js';

const noon = Date.parse('2026-12-01T12:00:00.000Z');
const at = (minutes: number): Date => new Date(noon + minutes * 60_000);
/** A probe every minute from..to, with the bad minutes. */
const probes = (from: number, to: number, bad: readonly number[] = [], absent: readonly number[] = []): ProbeResult[] =>
  Array.from({ length: to - from }, (_, i) => from + i)
    .filter((minute) => !absent.includes(minute))
    .map((minute) => ({ at: at(minute), ok: !bad.includes(minute), failed: bad.includes(minute) ? ['quorum'] : [] }));
const minutesDown = (list: readonly ProbeResult[], from = 0, until = 10): number =>
  downMs({ from: at(from), until: at(until), everyS: 60, probes: list }) / 60_000;
const pack = rulePack('generic/open');
const { minutes, withinHours, extendHours, atMost } = pack.outage!;

describe('how long the service was down', () => {
  it.each([
    ['nothing failed', probes(-1, 10), 0],
    ['one probe failed: until the next good one', probes(-1, 10, [4]), 1],
    ['three in a row', probes(-1, 10, [4, 5, 6]), 3],
    ['one probe is missing: a good one holds for two', probes(-1, 10, [], [4]), 0],
    ['three are missing', probes(-1, 10, [], [4, 5, 6]), 2],
    ['a failure, then nothing', probes(-1, 5, [4]), 6],
    ['nobody looked', [], 10],
    ['nobody looked before the window', probes(3, 10), 3],
    ['probes outside the window', [...probes(-100, -50), ...probes(20, 30)], 10],
  ] as const)('%s', (_, list, expected) => {
    expect(minutesDown(list)).toBe(expected);
  });

  it('is never less for probes that are taken away, nor for one that fails', () => {
    const all = probes(-1, 10);
    for (let i = 0; i < all.length; i++) {
      expect(minutesDown(all.toSpliced(i, 3))).toBeGreaterThanOrEqual(0);
      expect(minutesDown(all.with(i, { ...all[i]!, ok: false }))).toBeGreaterThanOrEqual(minutesDown(all));
    }
  });
});

describe('the window before a deadline', () => {
  const deadlineAt = at(60 * 100);
  const asked = { pack, deadlineAt, publishedAt: at(-1), earlier: [], now: deadlineAt };

  it('is the pack’s hours before the deadline', () => {
    expect(outageWindow(asked)).toEqual({
      from: new Date(deadlineAt.getTime() - withinHours * 3_600_000),
      until: deadlineAt,
    });
  });

  it('does not begin before the publication, nor before an outage that was counted', () => {
    expect(outageWindow({ ...asked, publishedAt: at(60 * 99) })?.from).toEqual(at(60 * 99));
    const earlier = [{ until: at(60 * 99 + 5), extendedTo: deadlineAt }];
    expect(outageWindow({ ...asked, earlier })?.from).toEqual(at(60 * 99 + 5));
  });

  it('is not there before it begins, or when the pack knows no outage', () => {
    expect(outageWindow({ ...asked, now: at(0) })).toBeUndefined();
    const { outage: _, ...without } = pack;
    expect(outageWindow({ ...asked, pack: without })).toBeUndefined();
  });
});

describe('what an outage does', () => {
  const deadlineAt = at(0);
  const asked = { pack, deadlineAt, earlier: [], now: deadlineAt };
  const limit = minutes * 60_000;

  it('moves the deadline by the pack’s hours, when it was longer than the pack’s minutes', () => {
    expect(outageExtension({ ...asked, downMs: limit })).toBeUndefined();
    expect(outageExtension({ ...asked, downMs: limit + 1 })).toEqual({ minutes, extendedTo: at(extendHours * 60) });
  });

  it('counts from now when the deadline passed while the service was down, to a whole second', () => {
    const now = new Date(noon + 5 * 3_600_000 + 1);
    const { extendedTo } = outageExtension({ ...asked, now, downMs: limit + 1 })!;
    expect(extendedTo).toEqual(new Date(noon + (5 + extendHours) * 3_600_000 + 1000));
  });

  it('moves it no more often than the pack says', () => {
    const earlier = Array.from({ length: atMost }, () => ({ until: at(-1), extendedTo: at(0) }));
    expect(outageExtension({ ...asked, earlier, downMs: limit + 1 })).toEqual({ minutes, extendedTo: null });
    const once = earlier.slice(1);
    expect(outageExtension({ ...asked, earlier: once, downMs: limit + 1 })?.extendedTo).not.toBeNull();
  });
});

it('the evidence of an outage is read back as it was written, and not when its probes are out of order', () => {
  const evidence = { tenderId: 't', from: at(0), until: at(10), everyS: 60, probes: probes(-1, 10, [3]) };
  expect(readOutageDocument(outageDocument(evidence).bytes)).toEqual(evidence);
  const turned = outageDocument({ ...evidence, probes: evidence.probes.toReversed() });
  expect(() => readOutageDocument(turned.bytes)).toThrow('order');
});
