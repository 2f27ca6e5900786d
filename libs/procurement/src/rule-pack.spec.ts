import { describe, expect, it } from '@jest/globals';
import { parseCanonicalObject } from '@segel/encoding';
import { refused } from '../vectors/examples.js';
import { isDecimal, packDocument, packFromDocument, refuseInProduction, RULE_PACKS, rulePack } from './index.js';

describe('rule packs', () => {
  it.each(RULE_PACKS.map((pack) => [pack.id, pack] as const))(
    '%s freezes into bytes that give the same pack back',
    (_, pack) => {
      const frozen = packDocument(pack);
      expect(packFromDocument(parseCanonicalObject(frozen.bytes))).toEqual(pack);
      expect(packDocument(packFromDocument(frozen.document)).sha256).toBe(frozen.sha256);
    },
  );

  it.each(RULE_PACKS.map((pack) => [pack.id, pack] as const))(
    '%s says which of its figures are unverified, and has each of them',
    (_, pack) => {
      expect(pack.source.length).toBeGreaterThan(20);
      for (const path of pack.unverified) {
        let value: unknown = packDocument(pack).document;
        for (const key of path.split('.')) value = (value as Record<string, unknown>)[key];
        expect(value).toBeDefined();
      }
    },
  );

  it.each(RULE_PACKS.map((pack) => [pack.id, pack] as const))('%s holds well-formed figures', (_, pack) => {
    const percents = [
      ...Object.values(pack.abnormallyLow),
      ...Object.values(pack.bonds ?? {}),
      ...Object.values(pack.preference ?? {}),
    ];
    expect(percents.every(isDecimal)).toBe(true);
    expect(pack.calendar.holidays.every((date) => /^\d{4}-\d{2}-\d{2}$/.test(date))).toBe(true);
    expect(pack.evaluatorMinimum % 2).toBe(1);
  });

  it('an unknown pack is refused', () => {
    expect(refused(() => rulePack('id/imaginary'))).toBe('rule_pack_unknown');
  });

  it('a demonstration pack is refused in production only', () => {
    expect(refused(() => refuseInProduction(rulePack('demo/fast'), true))).toBe('rule_pack_refused_in_production');
    expect(refused(() => refuseInProduction(rulePack('demo/fast'), false))).toBe('none');
    expect(refused(() => refuseInProduction(rulePack('generic/open'), true))).toBe('none');
  });
});
