/** What a vendor does with a submitted bid: withdraw it, or confirm it after an addendum. */
import { fromBase64, toBase64, type Envelope, type Signature } from '@segel/encoding';
import { Refusal, demand, mustReseal, reconfirmBid, withdrawBid } from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import type { Recorded, Tx } from '../platform/journal/act.js';
import { Journal } from '../platform/journal/journal.js';
import { Receipts } from '../platform/log/receipts.js';
import { BidReconfirmation } from './bid-reconfirmation.entity.js';
import { BidWithdrawal } from './bid-withdrawal.entity.js';
import { demandVendorSignature, lockVendorsBids, once, ownBid, vendorOf, versionsAt } from './bid-rows.js';
import { publishedTender, standingOf } from './bid-window.js';

export type ChangedBid = {
  readonly bidId: string;
  readonly leafSha256: string;
  readonly commitment: string;
  readonly at: string;
  readonly promise: Envelope;
};

@Injectable()
export class BidChanges {
  constructor(
    private readonly journal: Journal,
    private readonly receipts: Receipts,
  ) {}

  /** Withdraws the standing bid; any current key of the vendor may sign. */
  async withdraw(actor: Actor, tenderId: string, bidId: string, signature: Signature): Promise<ChangedBid> {
    return this.change(actor, tenderId, async (tx, vendorId) => {
      const bid = await ownBid(tx.manager, vendorId, tenderId, bidId);
      const window = await publishedTender(tx.manager, tenderId);
      const existing = await versionsAt(tx.manager, bid);
      const { type } = withdrawBid({ window, bidId, existing, now: tx.now });
      const body = {
        lot_id: bid.lotId,
        envelope: bid.envelope,
        bid_id: bidId,
        vendor_id: vendorId,
        manifest_sha256: toBase64(bid.manifestSha256),
      };
      await demandVendorSignature(tx.manager, vendorId, type, body, signature);
      const draft = { type, tenderId, lotId: bid.lotId, subjectId: actor.id, body, bodySig: [plain(signature)] };
      const recorded = await tx.record(draft);
      const row = { bidId, ...placeOf(recorded), withdrawnAt: tx.now };
      await once(tx.manager.insert(BidWithdrawal, row), new Refusal('bid_withdrawn', 'The bid was withdrawn.'));
      return this.changed(bidId, recorded);
    });
  }

  /** Confirms the standing bid under the latest notice. */
  async reconfirm(actor: Actor, tenderId: string, bidId: string, signature: Signature): Promise<ChangedBid> {
    return this.change(actor, tenderId, async (tx, vendorId) => {
      const bid = await ownBid(tx.manager, vendorId, tenderId, bidId);
      const window = await publishedTender(tx.manager, tenderId);
      const { noticeSha256 } = window;
      const { type } = reconfirmBid({
        window,
        vendor: await standingOf(tx.manager, vendorId),
        bidId,
        existing: await versionsAt(tx.manager, bid),
        noticeSha256,
        resealRequired: mustReseal(toBase64(bid.noticeSha256), window.notices),
        now: tx.now,
      });
      const current = toBase64(bid.noticeSha256) === noticeSha256;
      demand(!current, 'wrong_state', 'The bid is on the latest notice already.');
      const body = { bid_id: bidId, manifest_sha256: toBase64(bid.manifestSha256), notice_sha256: noticeSha256 };
      await demandVendorSignature(tx.manager, vendorId, type, body, signature);
      const draft = { type, tenderId, lotId: bid.lotId, subjectId: actor.id, body, bodySig: [plain(signature)] };
      const recorded = await tx.record(draft);
      const row = {
        id: tx.newId(),
        bidId,
        noticeSha256: fromBase64(noticeSha256),
        ...placeOf(recorded),
        reconfirmedAt: tx.now,
      };
      const refusal = new Refusal('wrong_state', 'The bid is confirmed under the latest notice already.');
      await once(tx.manager.insert(BidReconfirmation, row), refusal);
      return this.changed(bidId, recorded);
    });
  }

  private async change(
    actor: Actor,
    tenderId: string,
    decide: (tx: Tx, vendorId: string) => Promise<ChangedBid>,
  ): Promise<ChangedBid> {
    return this.journal.commit(actor, { on: 'tender', id: tenderId, mode: 'shared' }, async (tx) => {
      const vendorId = vendorOf(actor);
      lockVendorsBids(tx, tenderId, vendorId);
      return decide(tx, vendorId);
    });
  }

  private changed(bidId: string, recorded: Recorded): ChangedBid {
    const { leafSha256, commitment, at } = recorded;
    return { bidId, leafSha256, commitment: commitment!, at, promise: this.receipts.promise(recorded) };
  }
}

function placeOf({ commitment, leafSha256 }: Recorded): { commitment: Uint8Array; leafSha256: Uint8Array } {
  return { commitment: fromBase64(commitment!), leafSha256: fromBase64(leafSha256) };
}

function plain({ key, sig }: Signature): Signature {
  return { key, sig };
}
