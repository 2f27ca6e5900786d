/** Attacks on the opening: by openers, vendors, the operator and evaluators. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { concatBytes, toBase64, u8, verifyDocument, type CanonicalObject, type Signature } from '@segel/encoding';
import { chairOf, combineSeed, openManifest, redeal, type Manifest, type ReleasedShare } from '@segel/sealing';
import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { startHarness, type Harness } from '../support/harness.js';
import { withStrayShare } from '../support/dishonest-bids.js';
import {
  attestBox,
  closeBoxes,
  entryBodies,
  releaseShares,
  sendRelease,
  sharesOf,
  type BoxAnswer,
} from '../support/opening-day.js';
import { publishTender, type PublishedTender } from '../support/published-tender.js';
import { approvedVendor, sealFor, submitBid, uploadParts, type SealedBid } from '../support/sealed-bid.js';
import { tenderErrors, tenderReport } from './powers.js';

describe('the opening', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness();
  });
  afterAll(() => harness.stop());

  type Day = { readonly tender: PublishedTender; readonly bid: SealedBid; readonly box: BoxAnswer };

  /** A tender with one bid, closed and attested. `cheat` is what its vendor makes of the bid before it is sent. */
  async function openingDay(cheat?: typeof withStrayShare): Promise<Day> {
    const tender = await publishTender(harness);
    const vendor = await approvedVendor(harness);
    const honest = await sealFor(harness, tender.tenderId, vendor);
    const bid = cheat === undefined ? honest : cheat(honest, vendor);
    await uploadParts(harness, tender.tenderId, vendor, bid);
    expect((await submitBid(harness, tender.tenderId, vendor, bid)).status).toBe(201);
    const [box] = (await closeBoxes(harness, tender)) as [BoxAnswer];
    await attestBox(harness, tender, box);
    return { tender, bid, box };
  }

  const outcomesOf = async ({ tender }: Day): Promise<readonly unknown[]> =>
    (await entryBodies(harness, tender.tenderId, 'bid.opened')).map(({ outcome }) => outcome);

  /** What a third party holds of an opener's release: the body it signed, and the signature. */
  async function signedRelease({ tender, box }: Day, opener: number): Promise<{ body: CanonicalObject } & Signature> {
    const { rows } = await harness.owner.query<{ body: CanonicalObject } & Signature>(
      'SELECT body, key, sig FROM share_release WHERE box_id = $1 AND opener_id = $2',
      [box.id, tender.people.openers[opener]!.id],
    );
    return rows[0]!;
  }

  it('opener refuses / loses key: any two of each three are enough, and one of a group is not', async () => {
    const day = await openingDay();
    const { manifest } = openManifest((await sharesOf(harness, day.tender, day.box, 0)).set.bids[0]!.manifest);
    const held: ReleasedShare[] = [];
    for (const opener of [0, 1, 2, 3, 4, 5]) held.push(await heldShare(day, manifest, opener));
    const pairs = [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const;
    for (const [a, b] of pairs) {
      for (const [c, d] of pairs) {
        const given = [held[a]!, held[b]!, held[c + 3]!, held[d + 3]!];
        expect(combineSeed(manifest, given)).toMatchObject({ outcome: 'ok', seed: day.bid.seed });
      }
    }
    expect(combineSeed(manifest, [...held.slice(0, 3), held[3]!]).outcome).toBe('insufficient');
    // The first opener of the buyer refuses, the second of the audit office has lost the key.
    await releaseShares(harness, day.tender, day.box, [1, 2, 3, 5]);
    expect(await outcomesOf(day)).toEqual(['opened']);
  });

  async function heldShare({ tender, box }: Day, manifest: Manifest, opener: number): Promise<ReleasedShare> {
    const [sent] = (await sharesOf(harness, tender, box, opener)).shares;
    if (sent === undefined || !('share' in sent)) throw new Error('the opener holds no share');
    const chair = chairOf(manifest, tender.people.openers[opener]!.id)!;
    return { ...chair, share: new Uint8Array(Buffer.from(sent.share, 'base64')) };
  }

  it('opener gives wrong share: nothing is combined with it, and the opener’s own signature is in the log', async () => {
    const day = await openingDay();
    const { tender, box } = day;
    const made = await sharesOf(harness, tender, box, 0);
    const wrong = { bidId: day.bid.bidId, x: 1, share: toBase64(concatBytes(randomBytes(32), u8(1))) };
    const answer = await sendRelease(harness, tender, box, 0, { ...made, shares: [wrong] });
    expect([answer.status, answer.body.code]).toEqual([422, 'share_invalid']);
    const [rejected] = await entryBodies(harness, tender.tenderId, 'opening.share_rejected');
    expect(rejected).toMatchObject({
      opener_id: tender.people.openers[0]!.id,
      bid_commitment: made.set.bids[0]!.commitment,
    });
    const { key, sig, shares_root } = rejected!['release'] as Signature & { shares_root: string };
    expect(verifyDocument('opening.share_released', { ...made.set.body, shares_root }, { key, sig })).toBe(true);
    expect(shares_root).not.toBe(made.set.body['shares_root']);
    // The others open the box without this opener, and then everybody can see whose fault it was.
    await releaseShares(harness, tender, box, [1, 2, 3, 4]);
    expect(await outcomesOf(day)).toEqual(['opened']);
    const { findings } = await tenderReport(harness, tender.tenderId);
    expect(findings.filter(({ code }) => code === 'share_wrong')).toMatchObject([
      { severity: 'warning', where: { field: tender.people.openers[0]!.id } },
    ]);
    expect(await tenderErrors(harness, tender.tenderId)).toEqual([]);
  });

  it('vendor deals inconsistent shares to keep a withdrawal option: the bid is rejected, whichever quorum opens it', async () => {
    // The first quorum never sees the stray share of the third opener, the second combines it.
    for (const quorum of [
      [0, 1, 3, 4],
      [0, 2, 3, 4],
    ]) {
      const day = await openingDay(withStrayShare);
      await releaseShares(harness, day.tender, day.box, quorum);
      expect(await outcomesOf(day)).toEqual(['invalid_dealing']);
    }
  });

  it('opener falsely claims "my wrap was garbage": the others open the bid, and the re-deal proves the lie', async () => {
    const day = await openingDay();
    const { tender, box, bid } = day;
    const made = await sharesOf(harness, tender, box, 0);
    const shares = made.shares.map(({ bidId, x }) => ({ bidId, x, complaint: 'undecryptable' }));
    expect((await sendRelease(harness, tender, box, 0, { ...made, shares })).status).toBe(201);
    await releaseShares(harness, tender, box, [1, 2, 3, 4]);
    expect(await outcomesOf(day)).toEqual(['opened']);
    // The claim is signed …
    const { body, key, sig } = await signedRelease(day, 0);
    expect(body['complaints']).toEqual([made.set.bids[0]!.commitment]);
    expect(verifyDocument('opening.share_released', body, { key, sig })).toBe(true);
    // … and whoever has the seed makes the very wrap again, byte for byte.
    const dealt = redeal(bid.manifest, bid.seed);
    expect(dealt.outcome === 'ok' && toBase64(dealt.dealing.groups[0]!.shares[0]!.wrap)).toBe(
      bid.manifest.groups[0]!.shares[0]!.wrap,
    );
  });

  it('last opener sees first: before the last release nothing is combined, stored or shown, and after it everything is', async () => {
    const day = await openingDay();
    const { tender, box } = day;
    const stored = async (): Promise<number> =>
      (await readdir(path.join(harness.folder, 'objects', 'objects'), { recursive: true })).length;
    const before = await stored();
    await releaseShares(harness, tender, box, [0, 1, 3]);
    const last = tender.people.openers[4]!;
    for (const table of ['opening', 'opened_bid'])
      expect((await harness.owner.query(`SELECT FROM ${table} WHERE box_id = $1`, [box.id])).rowCount).toBe(0);
    expect(await stored()).toBe(before);
    // What the last opener can read are the sealed manifests; no share that was released before, and no offer.
    const route = `/api/tenders/${tender.tenderId}`;
    const { text } = await harness.get(`${route}/boxes/${box.id}/release-set`, last);
    const { rows } = await harness.owner.query<{ share: Buffer }>(
      'SELECT share FROM share s JOIN share_release r ON r.id = s.release_id WHERE r.box_id = $1',
      [box.id],
    );
    expect(rows.map(({ share }) => text.includes(share.toString('base64')))).toEqual([false, false, false]);
    for (const what of ['/opening', `/bids/${day.bid.bidId}/documents/0`])
      expect((await harness.get(`${route}${what}`, last)).status).toBeGreaterThanOrEqual(400);
    await releaseShares(harness, tender, box, [4]);
    expect(await outcomesOf(day)).toEqual(['opened']);
    expect((await harness.get(`${route}/opening`)).status).toBe(200);
    expect(await tenderErrors(harness, tender.tenderId)).toEqual([]);
  });
});
