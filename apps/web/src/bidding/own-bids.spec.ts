import { describe, expect, it } from '@jest/globals';
import type { Schemas } from '@segel/client';
import { translator } from '../words/words.js';
import { resultOf } from './own-bids-page.js';

describe('the result of an own bid', () => {
  const t = translator('en');
  const result = {
    bids: [
      { bid_id: 'first', rank: 1 },
      { bid_id: 'second', rank: 2 },
      { bid_id: 'refused', reasons: [{ text: 'The guarantee is missing.' }, { text: 'No licence.' }] },
      { bid_id: 'bare' },
    ],
  };
  const award = {
    lotId: 'lot',
    state: 'standstill',
    result,
    award: { bidId: 'first' },
  } as unknown as Schemas['AwardView'];
  const of = (id: string, given = award): string | undefined => resultOf({ t }, { id }, given);

  it('is the place it won, its rank, or why it was rejected', () => {
    expect(of('first')).toBe('Intended winner');
    expect(of('second')).toBe('Rank 2');
    expect(of('refused')).toBe('Rejected: The guarantee is missing. No licence.');
    expect(of('bare')).toContain('on the tender’s page');
    expect(of('unknown')).toBeUndefined();
  });

  it('is that the lot failed, and nothing while nothing is public', () => {
    const failed = { lotId: 'lot', state: 'failed' } as Schemas['AwardView'];
    expect(of('second', failed)).toBe('This lot failed.');
    expect(of('second', { lotId: 'lot', state: 'evaluating' })).toBeUndefined();
  });
});
