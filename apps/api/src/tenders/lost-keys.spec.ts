/** An opener loses the key of a tender: before the publication, and while bids are coming in. */
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { fromBase64, signDocument, toBase64 } from '@segel/encoding';
import { chairOf, openManifest, openWrap } from '@segel/sealing';
import { startHarness, type Answer, type Harness } from '../../../../test/support/harness.js';
import {
  attestBox,
  closeBoxes,
  entryBodies,
  releaseShares,
  sendRelease,
  sharesOf,
  type BoxAnswer,
} from '../../../../test/support/opening-day.js';
import {
  draftTender,
  expectStatus,
  publishTender,
  registerOpenerKey,
  signAndApprove,
  type DraftedTender,
  type PublishedTender,
} from '../../../../test/support/published-tender.js';
import {
  approvedVendor,
  reconfirm,
  sealAndSubmit,
  type SealedBid,
  type VendorUser,
} from '../../../../test/support/sealed-bid.js';
import {
  openerIdentity,
  publicKeyOf,
  type OpenerIdentity,
  type Signer,
} from '../../../../test/support/tender-people.js';
import { tenderErrors } from '../../../../test/attacks/powers.js';

jest.setTimeout(120_000);

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterEach(() => harness.verifyLog());
afterAll(() => harness.stop());

type Coded = Answer<{ code?: string; recipient?: string }>;

async function revoke(
  tenderId: string,
  opener: Signer,
  { recipient }: Pick<OpenerIdentity, 'recipient'>,
  signer = opener,
): Promise<Coded> {
  const body = { tender_id: tenderId, opener_id: opener.id, recipient, key: publicKeyOf(signer) };
  const signature = signDocument('key.opener.revoked', body, signer.secret);
  return harness.post(`/api/tenders/${tenderId}/opener-keys/revocation`, signature, opener);
}

const pinnedRecipients = async (tenderId: string): Promise<readonly string[]> => {
  type Kit = { groups: { openers: { recipient: string }[] }[] };
  const { groups } = (await harness.get<Kit>(`/api/tenders/${tenderId}/kit`)).body;
  return groups.flatMap(({ openers }) => openers.map(({ recipient }) => recipient));
};

describe('a key lost before the publication', () => {
  it('is revoked in the log, and the notice pins the one registered instead', async () => {
    const drafted: DraftedTender = await draftTender(harness);
    const { tenderId, people, openerIdentities } = drafted;
    const [opener, other] = people.openers as [Signer, Signer];
    const lost = openerIdentities[0]!;
    expect((await revoke(tenderId, opener, lost, other)).body.code).toBe('key_not_registered');
    expect((await revoke(tenderId, opener, openerIdentities[1]!)).body.code).toBe('signature_invalid');
    expect(expectStatus(await revoke(tenderId, opener, lost), 200).recipient).toBe(lost.recipient);
    const draft = await harness.get(`/api/tenders/${tenderId}/notice-draft`, people.preparer);
    expect(draft.body['code']).toBe('opener_key_missing');
    expect((await registerOpenerKey(harness, tenderId, opener, lost)).status).toBe(409);

    const fresh = openerIdentity('x1', opener.id);
    expectStatus(await registerOpenerKey(harness, tenderId, opener, fresh), 201);
    await signAndApprove(harness, drafted);
    expect(await pinnedRecipients(tenderId)).toContain(fresh.recipient);
    expect(await pinnedRecipients(tenderId)).not.toContain(lost.recipient);
    expect(await entryBodies(harness, tenderId, 'key.opener.revoked')).toMatchObject([{ recipient: lost.recipient }]);
    expect(await tenderErrors(harness, tenderId)).toEqual([]);
  });
});

describe('a key lost while bids come in', () => {
  const fresh = openerIdentity('x1', '');
  let tender: PublishedTender;
  let opener: Signer;
  let vendor: VendorUser;
  let old: SealedBid;
  let box: BoxAnswer;

  const prepare = async (
    terms: object,
  ): Promise<Answer<{ resealRequired: boolean; changes: string[]; code?: string }>> =>
    harness.call('PUT', `/api/tenders/${tender.tenderId}/addendum`, {
      as: tender.people.preparer,
      body: { terms, reason: 'An opener lost the key.' },
    });

  it('cannot be replaced behind the notice’s back', async () => {
    tender = await publishTender(harness);
    opener = tender.people.openers[0]!;
    vendor = await approvedVendor(harness);
    old = await sealAndSubmit(harness, tender, vendor);
    const answer = await registerOpenerKey(harness, tender.tenderId, opener, fresh);
    expect(answer.body).toMatchObject({ code: 'wrong_state' });
    expect((await prepare(tender.terms)).body.code).toBe('terms_invalid');
  });

  it('is revoked by its opener; the officers hear of it, and readiness shows it', async () => {
    const { tenderId, people, openerIdentities } = tender;
    expectStatus(await revoke(tenderId, opener, openerIdentities[0]!), 200);
    const { rows } = await harness.owner.query<{ account_id: string }>(
      "SELECT account_id FROM notification WHERE code = 'opener_key_revoked' AND params->>'tenderId' = $1",
      [tenderId],
    );
    expect(rows.map((row) => row.account_id).sort()).toEqual([people.preparer.id, people.approver.id].sort());
    const readiness = await harness.get<{ state: string }[]>(`/api/tenders/${tenderId}/readiness`, people.preparer);
    expect(readiness.body.map(({ state }) => state)[0]).toBe('key_revoked');
    // Until the addendum, bids are sealed to what the notice pins.
    expect(await pinnedRecipients(tenderId)).toContain(openerIdentities[0]!.recipient);
  });

  it('gives way by an addendum that asks for every bid to be sealed again', async () => {
    expectStatus(await registerOpenerKey(harness, tender.tenderId, opener, fresh), 201);
    const prepared = expectStatus(await prepare(tender.terms), 200);
    expect(prepared).toMatchObject({ resealRequired: true, changes: ['opener_keys'] });
    await signAndApprove(harness, tender);
    expect(await pinnedRecipients(tender.tenderId)).toContain(fresh.recipient);
    const [addendum] = await entryBodies(harness, tender.tenderId, 'tender.addendum');
    expect(addendum).toMatchObject({ reseal_required: true });
    const kept = await reconfirm(harness, tender.tenderId, vendor, old);
    expect(kept.body).toMatchObject({ code: 'notice_outdated' });
  });

  it('opens nothing any more: an old share is refused, and is its sender’s fault', async () => {
    const { tenderId, openerIdentities } = tender;
    const bid = await sealAndSubmit(harness, tender, vendor, { replaces: old.bidId });
    [box] = (await closeBoxes(harness, tender)) as [BoxAnswer];
    await attestBox(harness, tender, box);
    const renewed = { ...tender, openerIdentities: [{ ...fresh, openerId: opener.id }, ...openerIdentities.slice(1)] };
    const lost = openerIdentities[0]!.identity;
    const { manifest } = openManifest(bid.envelope);
    expect(() => openWrap(manifest, chairOf(manifest, opener.id)!, lost)).toThrow();

    const made = await sharesOf(harness, renewed, box, 0);
    const { manifest: before } = openManifest(old.envelope);
    const share = toBase64(openWrap(before, chairOf(before, opener.id)!, lost));
    const stale = await sendRelease(harness, renewed, box, 0, { ...made, shares: [{ bidId: bid.bidId, x: 1, share }] });
    expect([stale.status, stale.body.code]).toEqual([422, 'share_invalid']);
    expect(fromBase64(share).length).toBe(33);

    await releaseShares(harness, renewed, box, [0, 1, 3, 4]);
    const opened = await entryBodies(harness, tenderId, 'bid.opened');
    expect(opened).toMatchObject([{ bid_id: bid.bidId, outcome: 'opened' }]);
    expect(await tenderErrors(harness, tenderId)).toEqual([]);
  });
});
