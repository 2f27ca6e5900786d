import { describe, expect, it } from '@jest/globals';
import { bid, hash, NOW, refused, TERMS } from '../vectors/examples.js';
import {
  approveVendor,
  blacklistVendor,
  completeEvaluation,
  decideAward,
  demandEvaluator,
  evaluate,
  intendAward,
  rejectVendor,
  resultDocument,
  rulePack,
} from './index.js';

const pack = rulePack('generic/open');
const evaluators = ['e1', 'e2', 'e3'];
const assignments = [
  ...evaluators.map((accountId) => ({ accountId, role: 'evaluator' as const })),
  { accountId: 'authority', role: 'award_authority' as const },
];
const declarations = evaluators.map((accountId) => ({ accountId, conflict: false }));
const result = evaluate({
  terms: TERMS,
  pack,
  lotId: 'lot-1',
  setRoot: hash('root'),
  bids: [bid('a', 1, '100.10'), bid('b', 2, '110.00')],
  rejections: [],
});
const { sha256 } = resultDocument(result);

describe('evaluators', () => {
  it('declare first, and take no part with a conflict; the latest declaration counts', () => {
    expect(refused(() => demandEvaluator('e1', assignments, declarations))).toBe('none');
    expect(refused(() => demandEvaluator('authority', assignments, declarations))).toBe('not_allowed');
    expect(refused(() => demandEvaluator('e1', assignments, []))).toBe('conflict_not_declared');
    expect(
      refused(() => demandEvaluator('e1', assignments, [...declarations, { accountId: 'e1', conflict: true }])),
    ).toBe('conflict_declared');
  });

  it('sign exactly the computed result, as an odd committee of at least three', () => {
    const act = {
      lotState: 'evaluating' as const,
      accountId: 'e1',
      assignments,
      declarations,
      pack,
      result,
      signedSha256: sha256,
    };
    expect(completeEvaluation(act)).toEqual({ resultSha256: sha256 });
    expect(refused(() => completeEvaluation({ ...act, signedSha256: hash('other') }))).toBe('evaluation_differs');
    expect(refused(() => completeEvaluation({ ...act, declarations: declarations.slice(0, 2) }))).toBe(
      'evaluators_insufficient',
    );
    const fourth = [...assignments, { accountId: 'e4', role: 'evaluator' as const }];
    const four = [...declarations, { accountId: 'e4', conflict: false }];
    expect(refused(() => completeEvaluation({ ...act, assignments: fourth, declarations: four }))).toBe(
      'evaluators_insufficient',
    );
    expect(refused(() => completeEvaluation({ ...act, lotState: 'opened' }))).toBe('wrong_state');
  });
});

describe('the award', () => {
  const vendor = { status: 'approved' as const };
  const intend = {
    lotState: 'evaluating' as const,
    accountId: 'authority',
    assignments,
    declarations,
    completedBy: ['e1', 'e2'],
    result,
    vendor,
    pack,
    now: NOW,
  };

  it('is intended by the authority and starts the standstill, which ends in office hours', () => {
    expect(intendAward(intend)).toEqual({
      lotState: 'standstill',
      bidId: 'a',
      commitment: hash('a'),
      vendorId: 'vendor-a',
      amount: '350.30',
      currency: 'EUR',
      resultSha256: sha256,
      standstillEndAt: new Date('2026-02-11T16:00:00.000Z'),
    });
  });

  it('needs most of the committee, a winner and a vendor in good standing', () => {
    expect(refused(() => intendAward({ ...intend, completedBy: ['e1'] }))).toBe('evaluation_incomplete');
    const { winner: _, ...failed } = result;
    expect(refused(() => intendAward({ ...intend, result: { ...failed, failure: 'none_valid' } }))).toBe(
      'evaluation_incomplete',
    );
    const listed = { ...vendor, blacklistedUntil: new Date('2027-01-01') };
    expect(refused(() => intendAward({ ...intend, vendor: listed }))).toBe('vendor_blacklisted');
  });

  it('is never confirmed by an evaluator', () => {
    expect(refused(() => intendAward({ ...intend, accountId: 'e1' }))).toBe('not_allowed');
    const both = [...assignments, { accountId: 'authority', role: 'evaluator' as const }];
    expect(refused(() => intendAward({ ...intend, assignments: both }))).toBe('role_conflict');
  });

  it('waits for the end of the standstill', () => {
    const end = new Date('2026-02-11T16:00:00.000Z');
    const act = {
      lotState: 'standstill' as const,
      accountId: 'authority',
      assignments,
      standstillEndAt: end,
      vendor,
      now: end,
    };
    expect(decideAward(act)).toEqual({ lotState: 'awarded' });
    expect(refused(() => decideAward({ ...act, now: new Date(end.getTime() - 1) }))).toBe('standstill_running');
    expect(refused(() => decideAward({ ...act, lotState: 'evaluating' }))).toBe('wrong_state');
  });

  it('comes at once where the pack has no standstill', () => {
    const none = { ...pack, standstill: { ...pack.standstill, length: 0 } };
    expect(intendAward({ ...intend, pack: none })).toMatchObject({ lotState: 'intended_award', standstillEndAt: NOW });
  });
});

describe('registration of vendors', () => {
  const act = { status: 'pending' as const, approvedBy: [], operatorId: 'o1', vendorUserIds: ['u1'] };

  it('two different operators approve', () => {
    const first = approveVendor(act);
    expect(first).toEqual({ status: 'pending', approvedBy: ['o1'] });
    expect(refused(() => approveVendor({ ...act, ...first }))).toBe('same_person_twice');
    expect(approveVendor({ ...act, ...first, operatorId: 'o2' })).toEqual({
      status: 'approved',
      approvedBy: ['o1', 'o2'],
    });
    expect(refused(() => approveVendor({ ...act, status: 'approved' }))).toBe('vendor_already_decided');
    expect(refused(() => approveVendor({ ...act, operatorId: 'u1' }))).toBe('role_conflict');
  });

  it('a rejection and a blacklisting give reasons', () => {
    expect(rejectVendor({ status: 'pending', reason: 'The licence has expired.' }).status).toBe('rejected');
    expect(refused(() => rejectVendor({ status: 'pending', reason: '' }))).toBe('reason_missing');
    const until = new Date('2028-02-01');
    const entry = { requestedBy: 'o1', confirmedBy: 'o2', reason: 'False documents in tender 7.', until, now: NOW };
    expect(blacklistVendor(entry).blacklistedUntil).toBe(until);
    expect(refused(() => blacklistVendor({ ...entry, confirmedBy: 'o1' }))).toBe('same_person_twice');
    expect(refused(() => blacklistVendor({ ...entry, until: NOW }))).toBe('request_malformed');
  });
});
