/** The sealed files of a bid that was committed before: once all of them are stored, that is an entry of its own. */
import { fromBase64, toBase64 } from '@segel/encoding';
import { deliverBid, Refusal, type LotState } from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import { SYSTEM, type Actor } from '../platform/auth/actor.js';
import { Database } from '../platform/database/database.js';
import type { Recorded, Tx } from '../platform/journal/act.js';
import { Journal } from '../platform/journal/journal.js';
import { Receipts } from '../platform/log/receipts.js';
import { Lot } from '../tenders/lot.entity.js';
import type { ChangedBid } from './bid-changes.js';
import { BidDelivery } from './bid-delivery.entity.js';
import { BidParts } from './bid-parts.js';
import { commitOrProveRefusal } from './bid-refusals.js';
import { lockVendorsBids, ownBid, vendorOf, versionsAt } from './bid-rows.js';
import { BidVoid } from './bid-void.entity.js';
import { publishedTender } from './bid-window.js';
import type { Bid } from './bid.entity.js';

/** Another request was faster: its answer is the answer. */
class AlreadyDelivered extends Error {}

@Injectable()
export class BidDeliveries {
  constructor(
    private readonly journal: Journal,
    private readonly database: Database,
    private readonly parts: BidParts,
    private readonly receipts: Receipts,
  ) {}

  /** Takes note of the delivery, or refuses it with a signed refusal. Asked again, it gives the same answer. */
  async deliver(actor: Actor, tenderId: string, bidId: string): Promise<ChangedBid> {
    const bid = await ownBid(this.database.manager, vendorOf(actor), tenderId, bidId);
    const earlier = await this.recorded(bidId);
    if (earlier !== undefined) return this.answer(bidId, earlier);
    // The store is asked before the lock is taken; what it holds it keeps.
    const problem = bid.precommit ? await this.parts.deliveryProblem(bid) : undefined;
    const act = { tenderId, manifestSha256: toBase64(bid.manifestSha256) };
    try {
      const recorded = await commitOrProveRefusal(this.journal, this.receipts, actor, act, (tx) =>
        this.take(tx, bid, problem),
      );
      return this.answer(bidId, recorded);
    } catch (error) {
      const meanwhile = error instanceof AlreadyDelivered ? await this.recorded(bidId) : undefined;
      if (meanwhile === undefined) throw error;
      return this.answer(bidId, meanwhile);
    }
  }

  /** Takes note of a delivery that its vendor did not ask for: a client that died, or a line that did, after the last byte
   *  must not void the bid. Does nothing while files are missing or when the rule says no. */
  async takeNote(bid: Bid): Promise<void> {
    if ((await this.parts.deliveryProblem(bid)) !== undefined) return;
    try {
      const lock = { on: 'tender', id: bid.tenderId, mode: 'shared' } as const;
      await this.journal.commit(SYSTEM, lock, (tx) => this.take(tx, bid, undefined));
    } catch (error) {
      if (!(error instanceof AlreadyDelivered || error instanceof Refusal)) throw error;
    }
  }

  private async take(tx: Tx, bid: Bid, problem: Refusal | undefined): Promise<Recorded> {
    const { id: bidId, tenderId, lotId, vendorId } = bid;
    lockVendorsBids(tx, tenderId, vendorId);
    if (await tx.manager.existsBy(BidDelivery, { bidId })) throw new AlreadyDelivered();
    const lot = await tx.manager.findOneByOrFail(Lot, { id: lotId });
    const { type } = deliverBid({
      grace: await publishedTender(tx.manager, tenderId),
      lotState: lot.state as LotState,
      bid: {
        bidId,
        precommit: bid.precommit,
        delivered: false,
        voided: await tx.manager.existsBy(BidVoid, { bidId }),
      },
      existing: await versionsAt(tx.manager, bid),
      now: tx.now,
    });
    if (problem !== undefined) throw problem;
    const body = {
      lot_id: lotId,
      bid_id: bidId,
      manifest_sha256: toBase64(bid.manifestSha256),
      ct_root: toBase64(bid.ctRoot),
    };
    const recorded = await tx.record({ type, tenderId, lotId, subjectId: bid.submittedBy, body });
    await tx.manager.insert(BidDelivery, {
      bidId,
      commitment: fromBase64(recorded.commitment!),
      leafSha256: fromBase64(recorded.leafSha256),
      deliveredAt: tx.now,
    });
    return recorded;
  }

  /** The entry of an earlier delivery. */
  private async recorded(bidId: string): Promise<Recorded | undefined> {
    const [row] = await this.database.query<{
      id: string;
      at: Date;
      entry_sha256: Buffer;
      leaf_sha256: Buffer;
      commitment: Buffer;
    }>(
      `SELECT t.id, t.at, t.entry_sha256, t.leaf_sha256, t.commitment FROM bid_delivery d
       JOIN trail t ON t.commitment = d.commitment WHERE d.bid_id = $1`,
      [bidId],
    );
    if (row === undefined) return undefined;
    return {
      entryId: row.id,
      type: 'bid.delivered',
      at: row.at.toISOString(),
      entrySha256: toBase64(row.entry_sha256),
      leafSha256: toBase64(row.leaf_sha256),
      commitment: toBase64(row.commitment),
    };
  }

  private answer(bidId: string, recorded: Recorded): ChangedBid {
    const { leafSha256, commitment, at } = recorded;
    return { bidId, leafSha256, commitment: commitment!, at, promise: this.receipts.promise(recorded) };
  }
}
