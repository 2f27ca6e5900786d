/** The end of the grace: bids of a closed box whose sealed files did not come are void, each in its own act. A crash
 *  anywhere is repaired by the next run. */
import { fromBase64, toBase64 } from '@segel/encoding';
import { ciphertextDueAt, voidBid, type LotState } from '@segel/procurement';
import { Injectable, Logger } from '@nestjs/common';
import { setTimeout } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import { SYSTEM } from '../platform/auth/actor.js';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/journal/act.js';
import { Journal } from '../platform/journal/journal.js';
import { Lot } from '../tenders/lot.entity.js';
import { BidDeliveries } from './bid-delivery.js';
import { BidVoid } from './bid-void.entity.js';
import { publishedTender } from './bid-window.js';
import { Bid } from './bid.entity.js';
import { peopleOf } from './box-notices.js';
import { Box } from './box.entity.js';

/** So long before the end of the grace it is looked whether files came of which their vendor did not say so. */
export const LOOK_BEFORE_MS = 30_000;
/** A job that comes this much early waits; earlier still, it comes again. */
const EARLY_MS = 35_000;
/** Bids looked at at a time: one whose many parts are slow to look up must not hold up the others. */
const AT_ONCE = 16;

/** It was delivered, is void already, or nothing is due: rolls the act back without an entry. */
class NothingToDo extends Error {}

@Injectable()
export class BidVoids {
  private readonly logger = new Logger('BidVoids');

  constructor(
    private readonly journal: Journal,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly deliveries: BidDeliveries,
  ) {}

  /** Takes note of what was delivered silently, then voids what is due in the box. Throws, to be run again, when it came too early. */
  async voidDue(boxId: string): Promise<void> {
    const { manager } = this.database;
    const box = await manager.findOneBy(Box, { id: boxId });
    if (box === null) return;
    await this.takeNotes(await awaitedBids(manager, boxId));
    if ((await awaitedBids(manager, boxId)).length > 0) await this.waitWhenEarly(box.tenderId);
    for (const { id } of await awaitedBids(manager, boxId)) {
      await this.once(box, id);
    }
    const { state } = await manager.findOneByOrFail(Lot, { id: box.lotId });
    const left = state === 'closed' ? await awaitedBids(manager, boxId) : [];
    if (left.length > 0) throw new Error(`sealed files of box ${boxId} may still come`);
  }

  /** A failure with one bid is told and is none of the others. */
  private async takeNotes(awaited: readonly { readonly id: string }[]): Promise<void> {
    const left = [...awaited];
    const next = async (): Promise<void> => {
      for (let one = left.shift(); one !== undefined; one = left.shift()) {
        try {
          await this.deliveries.takeNote(await this.database.manager.findOneByOrFail(Bid, { id: one.id }));
        } catch (error) {
          this.logger.warn(`bid ${one.id}: ${(error as Error).message}`);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, next));
  }

  private async once(box: Box, bidId: string): Promise<void> {
    try {
      const lock = { on: 'tender', id: box.tenderId, mode: 'exclusive' } as const;
      await this.journal.commit(SYSTEM, lock, (tx) => this.void(tx, box, bidId));
    } catch (error) {
      if (!(error instanceof NothingToDo)) throw error;
    }
  }

  private async void(tx: Tx, { id: boxId, tenderId, lotId }: Box, bidId: string): Promise<void> {
    const published = await publishedTender(tx.manager, tenderId);
    const { state } = await tx.manager.findOneByOrFail(Lot, { id: lotId });
    const bid = await tx.manager.findOneByOrFail(Bid, { id: bidId });
    const awaited = (await awaitedBids(tx.manager, boxId)).some(({ id }) => id === bidId);
    const decision = voidBid({
      grace: published,
      lotState: state as LotState,
      bid: { bidId, precommit: bid.precommit, delivered: !awaited, voided: false },
      now: tx.now,
    });
    if (decision === undefined) throw new NothingToDo();
    const { type, reason, dueAt } = decision;
    const due = dueAt.toISOString();
    const body = { lot_id: lotId, bid_id: bidId, bid_commitment: toBase64(bid.commitment), reason, due };
    const recorded = await tx.record({ type, tenderId, lotId, subjectId: bid.submittedBy, body });
    await tx.manager.insert(BidVoid, {
      bidId,
      commitment: fromBase64(recorded.commitment!),
      leafSha256: fromBase64(recorded.leafSha256),
      voidedAt: tx.now,
    });
    const params = { tenderId, title: published.title, bidId, due };
    for (const accountId of await peopleOf(tx.manager, 'vendor', [bid.vendorId]))
      await tx.notify({ accountId, code: 'bid_void', params });
    // A box of which every bid is void needs no opener to be opened: this is what sets it going.
    await tx.enqueue('opening.combine', { boxId }, { key: `combine:${boxId}` });
  }

  /** The job's clock is the database's and may be ahead of ours. */
  private async waitWhenEarly(tenderId: string): Promise<void> {
    const { deadlineAt, precommit } = await publishedTender(this.database.manager, tenderId);
    const early = (ciphertextDueAt(deadlineAt, precommit)?.getTime() ?? 0) - this.clock.now().getTime();
    if (early > 0 && early <= EARLY_MS) await setTimeout(early + 1);
  }
}

/** Bids of the box that were committed and are neither delivered nor void, in the order of their ids. */
export async function awaitedBids(
  manager: EntityManager,
  boxId: string,
): Promise<readonly { readonly id: string; readonly vendorId: string }[]> {
  return manager.query<{ id: string; vendorId: string }[]>(
    `SELECT b.id, b.vendor_id AS "vendorId" FROM box_bid m JOIN bid b ON b.id = m.bid_id
     WHERE m.box_id = $1 AND b.precommit
       AND NOT EXISTS (SELECT FROM bid_delivery d WHERE d.bid_id = b.id)
       AND NOT EXISTS (SELECT FROM bid_void v WHERE v.bid_id = b.id) ORDER BY b.id`,
    [boxId],
  );
}
