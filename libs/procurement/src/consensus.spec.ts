import { describe, expect, it } from '@jest/globals';
import { bid, refused, TERMS } from '../vectors/examples.js';
import type { BidFinding, OpenedBid } from './index.js';
import {
  checkFinding,
  consensus,
  demandFindings,
  demandStandstillEnd,
  draftStandstillEnd,
  findingDocument,
  rulePack,
  standstillEnd,
} from './index.js';

const unopened: OpenedBid = { ...bid('u', 3, '1.00'), offer: null, failure: 'undecryptable' };
const bids = [bid('a', 1, '100.10'), bid('b', 2, '110.00'), unopened];
const committee = ['e1', 'e2', 'e3'];
const admits = (evaluatorId: string, bidId: string): BidFinding => ({ evaluatorId, bidId, admitted: true });
const rejects = (evaluatorId: string, bidId: string): BidFinding => ({
  evaluatorId,
  bidId,
  admitted: false,
  criterionId: 'criterion-2',
  evidence: 'proposal.pdf, page 3',
  text: `The desks are of cardboard (${evaluatorId}).`,
});

describe('a finding', () => {
  it('admits plainly, or rejects on a criterion of the terms with evidence and text', () => {
    const check = (finding: BidFinding): string => refused(() => checkFinding(finding, TERMS, bids));
    const { criterionId: _, ...uncriterioned } = rejects('e1', 'a');
    expect(check(admits('e1', 'a'))).toBe('none');
    expect(check(rejects('e1', 'a'))).toBe('none');
    expect(check(uncriterioned)).toBe('rejection_incomplete');
    expect(check({ ...rejects('e1', 'a'), criterionId: 'criterion-9' })).toBe('criterion_unknown');
    expect(check({ ...rejects('e1', 'a'), evidence: '  ' })).toBe('rejection_incomplete');
    expect(check({ ...rejects('e1', 'a'), text: 'no' })).toBe('rejection_incomplete');
    expect(check({ ...rejects('e1', 'a'), admitted: true })).toBe('request_malformed');
    expect(check(admits('e1', 'z'))).toBe('bid_unknown');
    expect(check(admits('e1', 'u'))).toBe('wrong_state');
  });

  it('has one document, whose hash changes with every member', () => {
    const finding = { ...rejects('e1', 'a'), tenderId: 't', lotId: 'l' };
    const { sha256, document } = findingDocument(finding);
    expect(document).toMatchObject({ v: 1, tender_id: 't', evaluator_id: 'e1', criterion_id: 'criterion-2' });
    for (const change of [{ tenderId: 'x' }, { lotId: 'x' }, { bidId: 'x' }, { evaluatorId: 'x' }, { text: 'x' }]) {
      expect(findingDocument({ ...finding, ...change }).sha256).not.toBe(sha256);
    }
  });
});

describe('the consensus', () => {
  it('rejects a bid when most of the committee rejects it, and keeps every reason', () => {
    const findings = [admits('e1', 'a'), rejects('e2', 'a'), rejects('e3', 'a'), rejects('e1', 'b'), admits('e2', 'b')];
    const { rejections, missing } = consensus({ committee, bids, findings });
    expect(rejections.map(({ bidId, text }) => [bidId, text])).toEqual([
      ['a', 'The desks are of cardboard (e2).'],
      ['a', 'The desks are of cardboard (e3).'],
    ]);
    expect(missing).toEqual([{ bidId: 'b', evaluatorId: 'e3' }]);
    expect(refused(() => demandFindings({ missing }))).toBe('evaluation_incomplete');
  });

  it('counts neither outsiders nor bids that did not open', () => {
    const findings = [rejects('x1', 'a'), rejects('x2', 'a'), ...committee.map((id) => admits(id, 'a'))];
    const { rejections, missing } = consensus({ committee, bids: [bids[0]!, unopened], findings });
    expect(rejections).toEqual([]);
    expect(refused(() => demandFindings({ missing }))).toBe('none');
  });
});

describe('the stated end of the standstill', () => {
  const at = (text: string): Date => new Date(text);
  it.each(['generic/open', 'id/tender-goods', 'demo/fast'])('of a draft is accepted while it is signed: %s', (id) => {
    const pack = rulePack(id);
    const now = at('2026-02-06T23:55:00.000Z');
    const stated = draftStandstillEnd(now, pack);
    for (const later of [0, 500, 1000]) {
      expect(refused(() => demandStandstillEnd(stated, new Date(now.getTime() + later), pack))).toBe('none');
    }
    expect(refused(() => demandStandstillEnd(stated, at('2026-02-12T00:00:00.000Z'), pack))).toBe(
      'standstill_end_wrong',
    );
  });

  it('is neither shorter than the pack says nor longer than a day more', () => {
    const pack = rulePack('generic/open');
    const now = at('2026-02-06T12:00:00.000Z');
    const end = standstillEnd(now, pack).getTime();
    expect(refused(() => demandStandstillEnd(new Date(end - 1), now, pack))).toBe('standstill_end_wrong');
    expect(refused(() => demandStandstillEnd(new Date(end), now, pack))).toBe('none');
    expect(refused(() => demandStandstillEnd(new Date(end + 86_400_000), now, pack))).toBe('none');
    expect(refused(() => demandStandstillEnd(new Date(end + 3 * 86_400_000), now, pack))).toBe('standstill_end_wrong');
  });

  it('is the instant of the act itself where the pack has no standstill', () => {
    const pack = { ...rulePack('generic/open'), standstill: { ...rulePack('generic/open').standstill, length: 0 } };
    const now = at('2026-02-06T12:00:00.000Z');
    expect(refused(() => demandStandstillEnd(draftStandstillEnd(now, pack), new Date(now.getTime() + 900), pack))).toBe(
      'none',
    );
    expect(refused(() => demandStandstillEnd(new Date(now.getTime() + 1), now, pack))).toBe('standstill_end_wrong');
  });
});
