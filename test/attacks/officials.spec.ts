/** Attacks by those who run the tender: on what an opener is made to believe, and on what was opened. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { canonicalBytes, fromBase64, sha256, toBase64, uuidV7, type CanonicalObject } from '@segel/encoding';
import { PRICE_FORM_PATH, openEscrow, plaintextRoot, type SealJson } from '@segel/sealing';
import { randomBytes } from 'node:crypto';
import { mayRelease, proveReadiness } from '@segel/acts';
import { openSealedBid } from '../../apps/api/src/openings/bid-opener.js';
import { ObjectStore, contentKey } from '../../apps/api/src/platform/object-store/object-store.js';
import { startHarness, type Harness } from '../support/harness.js';
import { attestBox, closeBoxes, entryBodies, releaseShares } from '../support/opening-day.js';
import { publishTender, type PublishedTender } from '../support/published-tender.js';
import { approvedVendor, sealAndSubmit, type SealedBid } from '../support/sealed-bid.js';
import { openerIdentity, registerKey } from '../support/tender-people.js';
import { clientOf, publicLog, refusalOf, tamper, tenderErrors } from './powers.js';

describe('an official', () => {
  let harness: Harness;
  let tender: PublishedTender;
  let bid: SealedBid;
  const escrow = openerIdentity('x1', '');
  beforeEach(async () => {
    harness = await startHarness();
    tender = await publishTender(harness, { deadlineInMs: 600_000 });
    await registerKey(harness, tender.people.auditor, { escrowRecipient: escrow.recipient });
    bid = await sealAndSubmit(harness, tender, await approvedVendor(harness));
    await harness.published();
  });
  afterEach(() => harness.stop());

  it('operator tricks opener (false deadline, fake tender, "key rotation"): the opener’s client asks the log alone', async () => {
    const { tenderId } = tender;
    const [lotId] = tender.lotIds as [string];
    const ask = async (question: { tenderId: string; lotId: string; now: Date }): Promise<string> =>
      refusalOf(async () => mayRelease({ log: await publicLog(harness), envelope: 'single', ...question }));
    const deadline = new Date(tender.terms.deadlineAt);

    // "Please prove that your new key works", with the opener's real wrap of the bid as the challenge.
    const { people, openerIdentities } = tender;
    const opener = people.openers[0]!;
    const asked = await harness.post(`/api/tenders/${tenderId}/readiness`, {}, people.preparer);
    expect(asked.status).toBe(201);
    const { wrap } = bid.manifest.groups[0]!.shares[0]!;
    await tamper(harness, 'UPDATE readiness_challenge SET wrap = $2 WHERE opener_id = $1', [
      opener.id,
      fromBase64(wrap),
    ]);
    const { identity } = openerIdentities[0]!;
    const keys = { signingSecret: opener.secret, openerIdentities: [{ tenderId, identity }] };
    expect(await refusalOf(() => proveReadiness(clientOf(harness, opener), keys, opener.id))).toBe(
      'share_as_challenge',
    );

    // A deadline in the database that is not the notice's: the server closes the box, the client does not follow.
    harness.clock.advance(60_000);
    await tamper(harness, 'UPDATE tender SET deadline_at = $2 WHERE id = $1', [tenderId, harness.clock.now()]);
    await harness.owner.query("SELECT graphile_worker.add_job('box.close', $1, run_at := $2)", [
      JSON.stringify({ tenderId }),
      harness.clock.now(),
    ]);
    await harness.runDueJobs();
    expect(await entryBodies(harness, tenderId, 'box.closed')).toHaveLength(1);
    expect(await ask({ tenderId, lotId, now: harness.clock.now() })).toBe('deadline_running');
    // Nor when its own clock is deceived as well: witnesses tell the time too.
    expect(await ask({ tenderId, lotId, now: deadline })).toBe('deadline_differs');
    harness.clock.set(deadline);
    expect(await ask({ tenderId, lotId, now: new Date(deadline.getTime() + 660_000) })).toBe('checkpoint_stale');

    const fake = uuidV7(Date.now(), new Uint8Array(randomBytes(10)));
    expect(await ask({ tenderId: fake, lotId, now: harness.clock.now() })).toBe('tender_unknown');
  });

  it('post-opening tampering by evaluators: an altered offer does not fit the root in the log, and the sealed bid opens again', async () => {
    const { tenderId } = tender;
    const [box] = await closeBoxes(harness, tender);
    await attestBox(harness, tender, box!);
    await releaseShares(harness, tender, box!, [0, 1, 3, 4]);
    const auditor = tender.people.auditor;
    expect(await tenderErrors(harness, tenderId, auditor)).toEqual([]);

    // Cheaper, and everything in the database and the store made to fit: the offer, its file, seal.json, the root.
    const { rows } = await harness.owner.query<{ seal: SealJson; offer: CanonicalObject; seed_escrow: Buffer }>(
      'SELECT seal, offer, seed_escrow FROM opened_bid WHERE bid_id = $1',
      [bid.bidId],
    );
    const { seal, offer, seed_escrow: sealed } = rows[0]!;
    const cheaper = { ...offer, total: '1.00' };
    const bytes = canonicalBytes(cheaper);
    const store = harness.app.get(ObjectStore);
    await store.put(contentKey(sha256(bytes)), bytes);
    const form = { path: PRICE_FORM_PATH, size: bytes.length, sha256: toBase64(sha256(bytes)) };
    const files = seal.files.map((file) => (file.path === PRICE_FORM_PATH ? form : file));
    await tamper(harness, 'UPDATE opened_bid SET offer = $2, seal = $3, plaintext_root = $4 WHERE bid_id = $1', [
      bid.bidId,
      cheaper,
      { ...seal, files },
      plaintextRoot({ ...seal, files }),
    ]);
    expect(await tenderErrors(harness, tenderId, auditor)).toContain('offers/offer_unproven');

    // And what was in the bid can be had again by an auditor, from the ciphertext that nobody could delete.
    const { seed } = await openEscrow(new Uint8Array(sealed), escrow.identity);
    const again = await openSealedBid(store, {
      manifest: bid.manifest,
      parts: bid.parts.map(fromBase64),
      key: { seed },
    });
    const [opened] = await entryBodies(harness, tenderId, 'bid.opened');
    expect(again).toMatchObject({ outcome: 'opened', offer });
    expect(again.outcome === 'opened' && toBase64(again.plaintextRoot)).toBe(opened!['plaintext_root']);
  });
});
