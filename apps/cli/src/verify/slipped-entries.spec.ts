import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toBase64, type CanonicalObject } from '@segel/encoding';
import { DEADLINE, FixtureLog, idOf, type Alter, type Draft } from './fixtures.js';
import { buildTender, LOT, TENDER, type Change } from './tender-fixture.js';
import { verifyTender } from './verify-tender.js';

const other = toBase64(new Uint8Array(32).fill(7));
const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

async function errors(change: Change): Promise<string[]> {
  const base = await mkdtemp(join(tmpdir(), 'segel-verify-'));
  folders.push(base);
  const { findings } = await verifyTender({ base, tenderId: TENDER, ...(await buildTender(base, change)) });
  return findings.filter(({ severity }) => severity === 'error').map(({ check, code }) => `${check}/${code}`);
}

describe('the verifier of a tender into whose log entries were slipped', () => {
  it('names an addendum that reopens the tender after its deadline', async () => {
    let notice: CanonicalObject = {};
    const alter: Alter = (name, draft) => {
      if (name === 'published') notice = draft.body;
      return draft;
    };
    const insert: Change['insert'] = (name) => {
      if (name !== 'closing') return [];
      const deadline = new Date(DEADLINE.getTime() + 864_000_000).toISOString();
      const addendum = { ...notice, version: 2, deadline, reason: 'More time.', reseal_required: false };
      const at = new Date(DEADLINE.getTime() + 500);
      return [{ type: 'tender.addendum', at, body: addendum, signers: ['preparer', 'approver'] }];
    };
    expect(await errors({ alter, insert })).toContain('notices/addendum_late');
  });

  it('knows the lots that an addendum added', async () => {
    let published: Draft | undefined;
    const alter: Alter = (name, draft) => {
      if (name === 'published') published = draft;
      return draft;
    };
    const lot = { id: idOf('second lot'), envelopes: ['single'] };
    const insert: Change['insert'] = (name) => {
      if (name === 'completed') {
        const at = new Date(DEADLINE.getTime() + 75_000);
        return [{ type: 'tender.failed', at, lotId: lot.id, body: { reason_code: 'no_bids' } }];
      }
      if (name !== 'closing') return [];
      const { body: notice } = published!;
      const lots = [...(notice['lots'] as CanonicalObject[]), lot];
      const changed = { ...notice, version: 2, lots, reason: 'One more school.', reseal_required: true };
      const at = new Date(DEADLINE.getTime() - 500_000);
      return [{ ...published!, type: 'tender.addendum', at, body: changed }];
    };
    const found = await errors({ alter, insert, until: 'opened' });
    expect(found).toContain('box/box_notice');
    expect(found).not.toContain('lifecycle/lot_unknown');
  });

  it('names a bid that was dropped as failed by its openers although they gave their shares', async () => {
    const alter: Alter = (name, draft) => {
      if (name === 'completed') return { ...draft, body: { ...draft.body, opened: 1, rejected: 1 } };
      if (name !== 'opened bolt') return draft;
      const { plaintext_root: _, ...rest } = draft.body;
      return { ...draft, body: { ...rest, outcome: 'openers_failed' } };
    };
    const found = await errors({ alter, until: 'opened' });
    expect(found).toContain('releases/bid_dropped');
  });

  it('counts a reconfirmation that the vendor signed, and no other', async () => {
    const notValid = async (signer: string): Promise<number> => {
      let addendum: Draft | undefined;
      const alter: Alter = (name, draft) => {
        if (name !== 'published') return draft;
        const changed = { version: 2, reason: 'A correction.', reseal_required: false };
        const at = new Date(DEADLINE.getTime() - 500_000);
        addendum = { ...draft, type: 'tender.addendum', at, body: { ...draft.body, ...changed } };
        return draft;
      };
      const insert: Change['insert'] = (name) => {
        if (name !== 'closing') return [];
        const { sha256: notice } = new FixtureLog((_, draft) => draft).place('0 before closing', addendum!);
        const reconfirmed = { bid_id: idOf('bid acme'), manifest_sha256: other, notice_sha256: notice };
        const at = new Date(DEADLINE.getTime() - 1000);
        return [addendum!, { type: 'bid.reconfirmed', at, lotId: LOT, signers: [signer], body: reconfirmed }];
      };
      const found = await errors({ alter, insert, until: 'opened' });
      return found.filter((code) => code === 'box/bid_not_valid').length;
    };
    // The other bid was not reconfirmed at all.
    expect(await notValid('acme')).toBe(1);
    expect(await notValid('preparer')).toBe(2);
  });
});
