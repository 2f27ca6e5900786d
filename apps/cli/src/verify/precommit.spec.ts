import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toBase64, type CanonicalObject } from '@segel/encoding';
import { DEADLINE, idOf, type Alter, type Draft } from './fixtures.js';
import { buildTender, LOT, TENDER, type Change } from './tender-fixture.js';
import { verifyTender } from './verify-tender.js';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

async function errors(change: Change): Promise<readonly string[]> {
  const base = await mkdtemp(join(tmpdir(), 'segel-precommit-'));
  folders.push(base);
  const { policy } = await buildTender(base, change);
  const { findings } = await verifyTender({ base, tenderId: TENDER, policy });
  return findings.filter(({ severity }) => severity === 'error').map(({ check, code }) => `${check}/${code}`);
}

const on =
  (name: string, change: (draft: Draft) => Draft | undefined): Alter =>
  (given, draft) =>
    given === name ? change(draft) : draft;
const body = (name: string, members: CanonicalObject): Alter =>
  on(name, (draft) => ({ ...draft, body: { ...draft.body, ...members } }));
const at = (name: string, seconds: number): Alter => on(name, (draft) => ({ ...draft, at: after(seconds) }));
const without = (name: string): Alter => on(name, () => undefined);
const after = (seconds: number): Date => new Date(DEADLINE.getTime() + seconds * 1000);
const other = toBase64(new Uint8Array(32).fill(7));

describe('the verifier, of bids that were committed before their sealed files came', () => {
  it.each(['delivered', 'void'] as const)('finds nothing wrong with an honest one that is %s', async (committed) => {
    expect(await errors({ committed })).toEqual([]);
  });

  it('names who voids a bid that was delivered', async () => {
    const voided = {
      type: 'bid.voided' as const,
      at: after(60),
      lotId: LOT,
      body: {
        lot_id: LOT,
        bid_id: idOf('bid bolt'),
        bid_commitment: other,
        reason: 'ciphertext_missing',
        due: after(60).toISOString(),
      },
    };
    const insert = (name: string): readonly Omit<Draft, 'tenderId'>[] => (name === 'release b1' ? [voided] : []);
    const found = await errors({ committed: 'delivered', insert });
    expect(found).toContain('precommit/delivered_bid_voided');
    expect(found).toContain('precommit/void_differs');
    expect(found).toContain('precommit/void_without_outcome');
  });

  const lies: readonly (readonly [string, string, 'delivered' | 'void', Alter])[] = [
    ['a void of an ordinary bid', 'ordinary_bid_voided', 'void', body('bid bolt', { precommit: false })],
    ['a void before the grace was over', 'void_early', 'void', at('voided', 59)],
    ['a void by another time', 'void_due', 'void', body('voided', { due: after(30).toISOString() })],
    ['a void of a bid that is not in the box', 'files_of_no_bid', 'void', body('voided', { bid_id: idOf('nobody') })],
    ['an outcome without a void', 'void_without_outcome', 'void', without('voided')],
    ['neither files nor a void', 'files_unsettled', 'delivered', without('delivered')],
    ['files that came too late', 'delivery_late', 'delivered', at('delivered', 60)],
    ['other files than the bid’s', 'delivery_differs', 'delivered', body('delivered', { ct_root: other })],
    [
      'shares released while files could still come',
      'release_in_grace',
      'void',
      // Nothing has settled the bid by then.
      (name, draft) => (name === 'voided' ? undefined : at('release b1', 30)(name, draft)),
    ],
  ];
  it.each(lies)('names %s', async (_, code, committed, alter) => {
    expect(await errors({ committed, alter })).toContain(`precommit/${code}`);
  });
});
