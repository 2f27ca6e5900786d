import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { refused } from '../vectors/examples.js';
import type { TenderState } from './index.js';
import { drawing, FINAL_STATES, LOT_LIFECYCLE, may, TENDER_LIFECYCLE, tenderState, transition } from './index.js';

function reachable(from: TenderState): ReadonlySet<TenderState> {
  const seen = new Set<TenderState>([from]);
  for (const state of seen) for (const next of Object.values(TENDER_LIFECYCLE[state])) seen.add(next as TenderState);
  return seen;
}

const STATES = Object.keys(TENDER_LIFECYCLE) as TenderState[];

describe('the life of a tender', () => {
  it('reaches every state from the draft', () => {
    expect([...reachable('draft')].sort()).toEqual([...STATES].sort());
  });

  it('has no dead end: every state leads to an end, and only ends have no way on', () => {
    for (const state of STATES) {
      expect(FINAL_STATES.some((final) => reachable(state).has(final))).toBe(true);
      if (Object.keys(TENDER_LIFECYCLE[state]).length === 0) expect(FINAL_STATES).toContain(state);
    }
  });

  it('never leads a lot back to a state before the opening', () => {
    for (const state of ['opened', 'evaluating', 'standstill', 'awarded'] as const) {
      expect(
        [...reachable(state)].filter((next) => ['draft', 'tendering', 'closing', 'closed'].includes(next)),
      ).toEqual([]);
    }
  });

  it('refuses what a state does not know', () => {
    expect(refused(() => transition('draft', 'approve'))).toBe('wrong_state');
    expect(refused(() => transition('closed', 'amend'))).toBe('wrong_state');
    expect(refused(() => transition('failed', 'cancel'))).toBe('wrong_state');
    expect(transition('in_approval', 'approve')).toBe('tendering');
    expect(may('closing', 'cancel')).toBe(false);
  });

  it.each<[TenderState, (keyof typeof LOT_LIFECYCLE)[], TenderState]>([
    ['draft', [], 'draft'],
    ['in_approval', ['tendering'], 'in_approval'],
    ['tendering', ['tendering', 'tendering'], 'tendering'],
    ['tendering', ['closed', 'evaluating'], 'closed'],
    ['tendering', ['standstill', 'awarded'], 'standstill'],
    ['tendering', ['awarded', 'failed', 'cancelled'], 'awarded'],
    ['tendering', ['failed', 'cancelled'], 'failed'],
    ['tendering', ['cancelled', 'cancelled'], 'cancelled'],
    ['cancelled', ['closed'], 'cancelled'],
  ])('a tender that is %s with lots %j is %s', (own, lots, expected) => {
    expect(tenderState(own, lots)).toBe(expected);
  });

  it('is drawn in the README as the table says', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    expect(readme).toContain(drawing());
  });
});
