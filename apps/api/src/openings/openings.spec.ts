import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { concatBytes, fromBase64, toBase64, u8, uuidV7, verifyDocument } from '@segel/encoding';
import { shareReleaseBody } from '@segel/procurement';
import { committedShare, openEscrow, openManifest, verifySentShare, type SentShareProof } from '@segel/sealing';
import { randomBytes } from 'node:crypto';
import { startHarness, type Harness } from '../../../../test/support/harness.js';
import { publishTender, type PublishedTender } from '../../../../test/support/published-tender.js';
import {
  approvedVendor,
  sealAndSubmit,
  withdraw,
  type SealedBid,
  type VendorUser,
} from '../../../../test/support/sealed-bid.js';
import { openerIdentity, registerKey } from '../../../../test/support/tender-people.js';
import {
  attestBox,
  closeBoxes,
  entryBodies,
  minutesOf,
  openedRows,
  releaseRoute,
  releaseShares,
  sendRelease,
  sharesOf,
  type BoxAnswer,
} from '../../../../test/support/opening-day.js';

type Rejected = {
  readonly bid_commitment: string;
  readonly release: {
    readonly group: string;
    readonly key: string;
    readonly sig: string;
    readonly shares_root: string;
  };
  readonly sent: SentShareProof;
};

jest.setTimeout(60_000);

describe('the opening', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness();
  });
  afterEach(() => harness.verifyLog());
  afterAll(() => harness.stop());

  describe('of an honest box', () => {
    let tender: PublishedTender;
    let vendors: readonly VendorUser[];
    let bids: readonly SealedBid[];
    let box: BoxAnswer;
    const escrow = openerIdentity('x1', '');

    beforeAll(async () => {
      tender = await publishTender(harness);
      await registerKey(harness, tender.people.auditor, { escrowRecipient: escrow.recipient });
      vendors = [
        await approvedVendor(harness, 'Ash'),
        await approvedVendor(harness, 'Birch'),
        await approvedVendor(harness, 'Cedar'),
      ];
      bids = [];
      for (const [i, vendor] of vendors.entries())
        bids = [...bids, await sealAndSubmit(harness, tender, vendor, { unitPrice: `${i + 1}00.00` })];
      const leaving = await approvedVendor(harness, 'Gone');
      const bid = await sealAndSubmit(harness, tender, leaving);
      expect((await withdraw(harness, tender.tenderId, leaving, bid)).status).toBeLessThan(300);
    });

    const refuse = async (answer: Promise<{ status: number; body: object }>): Promise<unknown[]> => {
      const { status, body } = await answer;
      return [status, (body as { code?: string }).code];
    };

    it('shows and takes nothing before the box is closed', async () => {
      const nowhere = uuidV7(Date.now(), randomBytes(10));
      const route = `/api/tenders/${tender.tenderId}/boxes/${nowhere}`;
      const [opener] = tender.people.openers;
      expect(await refuse(harness.get(`${route}/release-set`, opener))).toEqual([422, 'box_not_closed']);
      const empty = { shares: [], key: toBase64(randomBytes(32)), sig: toBase64(randomBytes(64)) };
      expect(await refuse(harness.post(`${route}/releases`, empty, opener))).toEqual([422, 'box_not_closed']);
      expect((await minutesOf(harness, tender)).status).toBe(409);
    });

    it('waits for an auditor to attest the box', async () => {
      [box] = (await closeBoxes(harness, tender)) as [BoxAnswer];
      expect(box.count).toBe(3);
      const [opener] = tender.people.openers;
      expect(await refuse(harness.get(releaseRoute(tender, box, 'release-set'), opener))).toEqual([
        422,
        'box_not_attested',
      ]);
      await attestBox(harness, tender, box);
      const answer = await harness.get<{ bids: { bidId: string }[] }>(releaseRoute(tender, box, 'release-set'), opener);
      expect(answer.body.bids.map(({ bidId }) => bidId).sort()).toEqual(bids.map(({ bidId }) => bidId).sort());
    });

    it('shows the set to the openers the notice names, and to nobody else', async () => {
      const route = releaseRoute(tender, box, 'release-set');
      expect((await harness.get(route)).status).toBe(401);
      for (const person of [vendors[0]!, tender.people.evaluators[0]!, tender.people.auditor, tender.people.preparer])
        expect((await harness.get(route, person)).status).toBe(403);
      const unnamed = await harness.person({ role: 'opener', tenderId: tender.tenderId });
      expect(await refuse(harness.get(route, unnamed))).toEqual([403, 'not_allowed']);
    });

    it('takes a release whole or not at all', async () => {
      const made = await sharesOf(harness, tender, box, 0);
      const others = await sharesOf(harness, tender, box, 1);
      const send = async (shares: typeof made.shares): Promise<unknown[]> =>
        refuse(sendRelease(harness, tender, box, 0, { ...made, shares }));
      expect(await send(made.shares.slice(1))).toEqual([422, 'release_incomplete']);
      expect(await send([...made.shares, made.shares[0]!])).toEqual([422, 'release_incomplete']);
      expect(await send([])).toEqual([422, 'release_incomplete']);
      // Somebody else's chair is nobody's wrong share.
      expect(await send(others.shares)).toEqual([422, 'release_incomplete']);
      const stray = {
        bidId: made.shares[1]!.bidId,
        x: made.shares[1]!.x,
        share: toBase64(concatBytes(randomBytes(32), u8(1))),
      };
      expect(await send([made.shares[0]!, stray, made.shares[2]!])).toEqual([422, 'share_invalid']);
      const { rows } = await harness.owner.query('SELECT FROM share_release WHERE box_id = $1', [box.id]);
      expect(rows.length).toBe(0);
    });

    it("logs a wrong share with the opener's own signature", async () => {
      const rejected = await entryBodies(harness, tender.tenderId, 'opening.share_rejected');
      expect(rejected.length).toBe(1);
      const { set } = await sharesOf(harness, tender, box, 0);
      const { bid_commitment: bid, release, sent } = rejected[0] as unknown as Rejected;
      expect(bid).toBe(set.bids[1]!.commitment);
      const { group, key, sig, shares_root: sharesRoot } = release;
      const commitments = set.bids.map(({ commitment }) => commitment);
      const openerId = tender.people.openers[0]!.id;
      const place = { lotId: box.lotId, envelope: 'single', openerId, group } as const;
      const body = shareReleaseBody({ ...place, commitments, sharesRoot });
      expect(verifyDocument('opening.share_released', body, { key, sig })).toBe(true);
      // What it signed for this bid is in the log, and is not what the bid is committed to.
      expect(verifySentShare(fromBase64(sharesRoot), fromBase64(bid), sent)).toBe(true);
      const { manifest } = openManifest(set.bids[1]!.manifest);
      expect(sent.share_commitment).not.toBe(toBase64(committedShare(manifest, openerId)!));
    });

    it('blames nobody for shares that are not those the opener signed', async () => {
      const made = await sharesOf(harness, tender, box, 0);
      const swapped = made.shares.map((sent, i) =>
        i === 1 ? { ...sent, share: toBase64(concatBytes(randomBytes(32), u8(1))) } : sent,
      );
      const answer = await sendRelease(harness, tender, box, 0, { ...made, shares: swapped, signed: made.shares });
      expect([answer.status, answer.body.code]).toEqual([422, 'signature_invalid']);
      expect((await entryBodies(harness, tender.tenderId, 'opening.share_rejected')).length).toBe(1);
    });

    it("takes a release only under the opener's own registered key", async () => {
      const made = await sharesOf(harness, tender, box, 0);
      const [, other] = tender.people.openers;
      const foreign = sendRelease(harness, tender, box, 0, { ...made, signer: other });
      expect(await refuse(foreign)).toEqual([422, 'key_not_registered']);
      const otherSet = { ...made, set: { ...made.set, bids: made.set.bids.slice(1) } };
      expect(await refuse(sendRelease(harness, tender, box, 0, otherSet))).toEqual([422, 'signature_invalid']);
    });

    it('combines nothing until every group has released for every bid', async () => {
      await releaseShares(harness, tender, box, [0, 1, 3]);
      expect(await openedRows(harness, box)).toBe(0);
      expect((await harness.owner.query('SELECT FROM opening WHERE box_id = $1', [box.id])).rowCount).toBe(0);
      expect((await minutesOf(harness, tender)).status).toBe(409);
      const own = `/api/tenders/${tender.tenderId}/bids/${bids[0]!.bidId}/documents/0`;
      expect((await harness.get(own, vendors[0])).status).toBe(404);
      const again = await sharesOf(harness, tender, box, 1);
      expect(await refuse(sendRelease(harness, tender, box, 1, again))).toEqual([409, 'share_repeated']);
      expect(await entryBodies(harness, tender.tenderId, 'opening.authorised')).toEqual([]);
    });

    it('opens every bid with the last release that was needed', async () => {
      await releaseShares(harness, tender, box, [4]);
      expect(await openedRows(harness, box)).toBe(3);
      expect((await entryBodies(harness, tender.tenderId, 'opening.authorised')).length).toBe(1);
      expect((await entryBodies(harness, tender.tenderId, 'opening.share_released')).length).toBe(4);
      const opened = await entryBodies(harness, tender.tenderId, 'bid.opened');
      expect(opened.map(({ outcome }) => outcome)).toEqual(['opened', 'opened', 'opened']);
      expect(await entryBodies(harness, tender.tenderId, 'opening.completed')).toEqual([
        { lot_id: box.lotId, envelope: 'single', opened: 3, rejected: 0 },
      ]);
      const { rows } = await harness.owner.query('SELECT state FROM lot WHERE id = $1', [box.lotId]);
      expect(rows).toEqual([{ state: 'opened' }]);
      const told = await harness.owner.query("SELECT account_id FROM notification WHERE code = 'opening_completed'");
      const people = [...vendors, ...tender.people.evaluators].map(({ id }) => id);
      expect((told.rows as { account_id: string }[]).map((row) => row.account_id).sort()).toEqual(people.sort());
    });

    it('publishes the minutes: who bid what, who opened, and how many withdrew', async () => {
      const { status, body } = await minutesOf(harness, tender);
      expect(status).toBe(200);
      const [lot] = body.lots;
      expect(lot).toMatchObject({ setRoot: box.setRoot, count: 3, withdrawn: 1, opened: 3, rejected: 0 });
      const released = [0, 1, 3, 4].map((i) => tender.people.openers[i]!.id);
      expect(lot!.openers.map(({ openerId }) => openerId).sort()).toEqual(released.sort());
      const totals = lot!.bids.map(({ vendorName, total, documents }) => `${vendorName} ${total} ${documents}`).sort();
      expect(totals).toEqual(['Ash 350.00 2', 'Birch 650.00 2', 'Cedar 950.00 2']);
      expect(JSON.stringify(body)).not.toContain('Gone');
      const releases = await harness.get<{ openerId: string; boxId: string }[]>(
        `/api/tenders/${tender.tenderId}/releases`,
      );
      expect(releases.body.map(({ openerId }) => openerId).sort()).toEqual(released);
      expect(new Set(releases.body.map(({ boxId }) => boxId))).toEqual(new Set([box.id]));
      expect(releases.text).not.toContain('share"');
    });

    it('never shows a share again', async () => {
      const { rows } = await harness.owner.query<{ share: Buffer }>('SELECT share FROM share');
      expect(rows.length).toBe(12);
      const texts = [
        (await minutesOf(harness, tender)).text,
        (await harness.get('/api/notifications', vendors[0])).text,
      ];
      const bodies = await Promise.all(
        ['opening.share_released', 'bid.opened', 'opening.share_rejected'].map((type) =>
          entryBodies(harness, tender.tenderId, type),
        ),
      );
      const shown = [...texts, JSON.stringify(bodies)].join();
      for (const { share } of rows) expect(shown.includes(share.toString('base64'))).toBe(false);
    });

    it('keeps each seed for the auditors alone', async () => {
      for (const { bidId, seed } of bids) {
        const { rows } = await harness.owner.query<{ seed_escrow: Buffer }>(
          'SELECT seed_escrow FROM opened_bid WHERE bid_id = $1',
          [bidId],
        );
        const kept = await openEscrow(new Uint8Array(rows[0]!.seed_escrow), escrow.identity);
        expect([kept.bidId, toBase64(kept.seed)]).toEqual([bidId, toBase64(seed)]);
      }
    });

    it('gives a document to its vendor, to evaluators without a conflict and to auditors', async () => {
      const route = `/api/tenders/${tender.tenderId}/bids/${bids[0]!.bidId}/documents/1`;
      const own = await harness.get(route, vendors[0]);
      expect([own.status, own.text]).toEqual([200, '%PDF-1.7 proposal']);
      expect(own.headers.get('content-type')).toBe('application/octet-stream');
      expect(own.headers.get('content-disposition')).toMatch(/^attachment; filename\*=UTF-8''document-0\.pdf$/);
      expect(own.headers.get('x-content-type-options')).toBe('nosniff');
      expect((await harness.get(route)).status).toBe(401);
      for (const person of [vendors[1]!, tender.people.openers[0]!, tender.people.preparer])
        expect(await refuse(harness.get(route, person))).toEqual([403, 'not_allowed']);

      const declare = async (accountId: string, conflict: boolean): Promise<void> => {
        await harness.owner.query(
          "INSERT INTO conflict_declaration (id, tender_id, account_id, conflict, body, key, sig, declared_at) VALUES ($1, $2, $3, $4, '{}', '', '', $5)",
          [uuidV7(Date.now(), randomBytes(10)), tender.tenderId, accountId, conflict, harness.clock.now()],
        );
      };
      const [first, second] = tender.people.evaluators;
      expect(await refuse(harness.get(route, first))).toEqual([403, 'conflict_not_declared']);
      await declare(first!.id, false);
      await declare(second!.id, true);
      expect((await harness.get(route, first)).status).toBe(200);
      expect(await refuse(harness.get(route, second))).toEqual([403, 'conflict_declared']);
      // A conflict that shows only when the bidders are known: from then on nothing is read any more.
      await declare(first!.id, true);
      expect(await refuse(harness.get(route, first))).toEqual([403, 'conflict_declared']);

      expect(await entryBodies(harness, tender.tenderId, 'secret.read')).toEqual([]);
      expect((await harness.get(route, tender.people.auditor)).status).toBe(200);
      const read = { what: 'bid document', subject: `${bids[0]!.bidId}/1` };
      expect(await entryBodies(harness, tender.tenderId, 'secret.read')).toEqual([read]);
      expect((await harness.get(route.replace(/1$/, '9'), vendors[0])).status).toBe(404);
      expect((await harness.get(route.replace(/1$/, 'x'), vendors[0])).status).toBe(400);
    });

    it('does nothing when the job runs again, and takes no release after the opening', async () => {
      await harness.owner.query("SELECT graphile_worker.add_job('opening.combine', $1, run_at := $2)", [
        JSON.stringify({ boxId: box.id }),
        harness.clock.now(),
      ]);
      await harness.runDueJobs();
      expect((await entryBodies(harness, tender.tenderId, 'opening.completed')).length).toBe(1);
      expect((await entryBodies(harness, tender.tenderId, 'bid.opened')).length).toBe(3);
      const [, , late] = tender.people.openers;
      expect(await refuse(harness.get(releaseRoute(tender, box, 'release-set'), late))).toEqual([409, 'wrong_state']);
    });
  });
});
