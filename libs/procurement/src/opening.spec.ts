import { describe, expect, it } from '@jest/globals';
import { compareBytes, fromBase64 } from '@segel/encoding';
import { hash, refused } from '../vectors/examples.js';
import { DEMO_FAST } from './packs/demo-fast.js';
import {
  demandReleasable,
  everyGroupReleased,
  LISTED_COMMITMENTS,
  mayCombine,
  openingWindows,
  shareReleaseBody,
  type ReleaseGate,
} from './opening.js';

const DEADLINE = new Date('2026-12-01T10:00:00.000Z');
const GATE: ReleaseGate = {
  lotState: 'closed',
  deadlineAt: DEADLINE,
  attestation: 'required',
  attestations: 1,
  awaited: 0,
  witnessedInTime: true,
};
const after = (ms: number): Date => new Date(DEADLINE.getTime() + ms);

describe('the opening', () => {
  it('lets shares be released when the box is closed, attested and witnessed, and not before', () => {
    const cases: readonly (readonly [Partial<ReleaseGate>, number, string])[] = [
      [{}, 0, 'none'],
      [{}, -1, 'box_not_closed'],
      [{ lotState: 'tendering' }, 0, 'box_not_closed'],
      [{ lotState: 'closing' }, 0, 'box_not_closed'],
      [{ lotState: 'opened' }, 0, 'wrong_state'],
      [{ lotState: 'cancelled' }, 0, 'wrong_state'],
      [{ attestations: 0 }, 0, 'box_not_attested'],
      [{ attestations: 0, attestation: 'waived' }, 0, 'none'],
      [{ awaited: 1 }, 999_999_999, 'ciphertext_awaited'],
      [{ witnessedInTime: false }, 0, 'box_not_witnessed'],
    ];
    for (const [change, ms, code] of cases) {
      expect(refused(() => demandReleasable({ ...GATE, ...change }, after(ms)))).toBe(code);
    }
  });

  it('needs k releases of every group', () => {
    const groups = [
      { name: 'buyer', k: 2 },
      { name: 'audit', k: 1 },
    ];
    const releases = (...names: readonly string[]): { groupName: string }[] =>
      names.map((groupName) => ({ groupName }));
    expect(everyGroupReleased(groups, releases('buyer', 'audit', 'audit'))).toBe(false);
    expect(everyGroupReleased(groups, releases('buyer', 'buyer', 'buyer'))).toBe(false);
    expect(everyGroupReleased(groups, releases('audit', 'buyer', 'buyer'))).toBe(true);
  });

  it('combines when every bid is covered, or the time for disclosing seeds is over', () => {
    const { releaseEndAt, disclosureEndAt } = openingWindows(DEADLINE, DEMO_FAST.calendar);
    expect([releaseEndAt, disclosureEndAt]).toEqual([after(4000), after(8000)]);
    const given = {
      awaited: 0,
      attested: true,
      everyBidCovered: false,
      everyGroupReleased: true,
      disclosureEndAt,
      now: after(7999),
    };
    expect(mayCombine(given)).toBe(false);
    expect(mayCombine({ ...given, everyBidCovered: true })).toBe(true);
    expect(mayCombine({ ...given, now: after(8000) })).toBe(true);
    expect(mayCombine({ ...given, everyBidCovered: true, awaited: 1 })).toBe(false);
    expect(mayCombine({ ...given, everyBidCovered: true, attested: false })).toBe(false);
    expect(mayCombine({ ...given, everyGroupReleased: false, now: after(80_000) })).toBe(false);
  });

  it('gives every opener the same body whatever the order of the bids, and names a large set by its hash', () => {
    const place = { lotId: 'lot', envelope: 'single', openerId: 'opener', group: 'buyer' } as const;
    const commitments = ['a', 'b', 'c'].map(hash);
    const body = shareReleaseBody({ ...place, commitments });
    expect(body).toEqual(shareReleaseBody({ ...place, commitments: [...commitments].reverse() }));
    expect(body['commitments']).toEqual([...commitments].sort((a, b) => compareBytes(fromBase64(a), fromBase64(b))));
    expect(body).not.toHaveProperty('complaints');
    expect(shareReleaseBody({ ...place, commitments, complaints: [hash('b')] })['complaints']).toEqual([hash('b')]);
    const many = Array.from({ length: LISTED_COMMITMENTS + 1 }, (_, i) => hash(String(i)));
    expect(shareReleaseBody({ ...place, commitments: many })).toMatchObject({ commitments: [], count: many.length });
  });
});
