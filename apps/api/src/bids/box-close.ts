/** The close of the box in two steps (protocol section 5). Each step can be run again: what is done is not done twice,
 *  and a crash between two transactions is repaired by the next run. */
import { fromBase64, toBase64 } from '@segel/encoding';
import { ciphertextDueAt, demand, failLot, may, tenderState, transition } from '@segel/procurement';
import type { EnvelopeKind, LotState, TenderState } from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import { setTimeout } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import { SYSTEM } from '../platform/auth/actor.js';
import { ClockWatch } from '../platform/clock/clock-watch.js';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import { failpoint } from '../platform/failpoint.js';
import type { Tx } from '../platform/journal/act.js';
import { Journal } from '../platform/journal/journal.js';
import { Lot } from '../tenders/lot.entity.js';
import { Tender } from '../tenders/tender.entity.js';
import { awaitedBids, LOOK_BEFORE_MS } from './bid-void.js';
import { freezeBox, type FrozenBox } from './box-freeze.js';
import { notifyClosed } from './box-notices.js';
import { publishedTender, type PublishedTender } from './bid-window.js';
import { BoxBid } from './box-bid.entity.js';
import { Box } from './box.entity.js';
import { OutageExtension } from './outage-extension.js';
import { planSweep } from './upload-sweep.js';

/** A job that comes this much early waits; earlier still, an addendum moved the deadline and brings its own job. */
const EARLY_MS = 10_000;
/** How long one run waits for the sequencer before it leaves the rest to the next run. */
const SETTLE_MS = 20_000;

/** There is nothing (more) to do: rolls the act back without an entry. */
class NothingToDo extends Error {}
/** Entries of the tender have no place in the log yet. */
class NotSettled extends Error {}

export type Place = { readonly lotId: string; readonly envelope: EnvelopeKind };

@Injectable()
export class BoxClose {
  constructor(
    private readonly journal: Journal,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly clockWatch: ClockWatch,
    private readonly outages: OutageExtension,
  ) {}

  /** Step 1, at the deadline: from here on no bid is admitted. The deadline is read again under the lock; an outage before
   *  it may move it first. */
  async begin(tenderId: string): Promise<void> {
    await this.waitWhenEarly(tenderId);
    if (await this.clockWatch.defers({ name: 'box.close', payload: { tenderId }, key: `close:${tenderId}` })) return;
    let told = false;
    await this.unlessDone(async (tx) => {
      const { tender, deadlineAt } = await tenderUnderLock(tx.manager, tenderId);
      if (!may(tender.state as TenderState, 'begin_close') || tx.now < deadlineAt) throw new NothingToDo();
      if ((await this.outages.record(tx, tender)) === undefined) return this.beginUnderLock(tx, tenderId);
      told = true;
    }, tenderId);
    // An act has one entry: when the outage moved nothing any more, the close is the next act.
    if (told) return this.begin(tenderId);
    failpoint('box.closing');
  }

  /** A few minutes before the deadline: who has to wait for it shall hear early that it moved. */
  async lookForOutage(tenderId: string): Promise<void> {
    await this.unlessDone(async (tx) => {
      const { tender, deadlineAt } = await tenderUnderLock(tx.manager, tenderId);
      if (!may(tender.state as TenderState, 'begin_close') || tx.now >= deadlineAt) throw new NothingToDo();
      if ((await this.outages.record(tx, tender)) === undefined) throw new NothingToDo();
    }, tenderId);
  }

  /** Step 2, when every entry of the tender has its place in the log: one box after the other. */
  async freeze(tenderId: string): Promise<void> {
    if (await this.clockWatch.defers({ name: 'box.freeze', payload: { tenderId }, key: `freeze:${tenderId}` })) return;
    for (const place of await this.openPlaces(tenderId)) await this.whenSettled(tenderId, place);
    failpoint('box.closed');
    for (const lotId of await this.emptyLots(tenderId)) await this.fail(tenderId, lotId);
  }

  private async beginUnderLock(tx: Tx, tenderId: string): Promise<void> {
    const { deadlineAt, lots } = await tenderUnderLock(tx.manager, tenderId);
    for (const lot of lots.filter(({ state }) => may(state, 'begin_close'))) {
      await tx.manager.update(Lot, { id: lot.id }, { state: transition(lot.state, 'begin_close') });
    }
    await tx.manager.update(Tender, { id: tenderId }, { state: transition('tendering', 'begin_close') });
    await planSweep(tx, tenderId, deadlineAt);
    await tx.enqueue('box.freeze', { tenderId }, { key: `freeze:${tenderId}` });
    await tx.record({ type: 'box.closing', tenderId, body: { deadline: deadlineAt.toISOString() } });
  }

  /** The job's clock is the database's and may be ahead of ours. */
  private async waitWhenEarly(tenderId: string): Promise<void> {
    const tender = await this.database.manager.findOneBy(Tender, { id: tenderId });
    const early = (tender?.deadlineAt?.getTime() ?? 0) - this.clock.now().getTime();
    if (early > 0 && early <= EARLY_MS) await setTimeout(early + 1);
  }

  private async whenSettled(tenderId: string, place: Place): Promise<void> {
    const until = this.clock.monotonicMs() + SETTLE_MS;
    for (;;) {
      try {
        return await this.unlessDone((tx) => this.close(tx, tenderId, place), tenderId);
      } catch (error) {
        // The lock is free while we wait, so that who is late is told so at once.
        if (!(error instanceof NotSettled) || this.clock.monotonicMs() > until) throw error;
        await setTimeout(20);
      }
    }
  }

  private async close(tx: Tx, tenderId: string, place: Place): Promise<void> {
    const done = await tx.manager.existsBy(Box, { lotId: place.lotId, envelope: place.envelope });
    const published = await publishedTender(tx.manager, tenderId);
    const lot = published.lots.find(({ id }) => id === place.lotId);
    if (done || lot?.state !== 'closing') throw new NothingToDo();
    const cutSize = await settledSize(tx.manager, tenderId);
    const box = await freezeBox(tx.manager, published, place, cutSize);
    const boxId = tx.newId();
    const recorded = await tx.record({
      type: 'box.closed',
      tenderId,
      lotId: place.lotId,
      body: {
        lot_id: place.lotId,
        envelope: place.envelope,
        deadline: published.deadlineAt.toISOString(),
        latest_notice_sha256: published.noticeSha256,
        cut_size: cutSize,
        count: box.valid.length,
        set_root: toBase64(box.setRoot),
      },
    });
    await tx.manager.insert(Box, {
      id: boxId,
      tenderId,
      ...place,
      cutSize,
      count: box.valid.length,
      setRoot: box.setRoot,
      entrySha256: fromBase64(recorded.entrySha256),
      leafSha256: fromBase64(recorded.leafSha256),
      closedAt: tx.now,
    });
    await this.settleRows(tx, published, place, boxId, box);
  }

  private async settleRows(
    tx: Tx,
    published: PublishedTender,
    place: Place,
    boxId: string,
    box: FrozenBox,
  ): Promise<void> {
    const rows = box.valid.map(({ bidId }) => ({ boxId, bidId }));
    if (rows.length > 0) await tx.manager.insert(BoxBid, rows);
    const boxes = await tx.manager.countBy(Box, { lotId: place.lotId });
    if (boxes === published.envelopes.length) await moveLot(tx, published.id, place.lotId, 'closed');
    const awaited = await awaitedBids(tx.manager, boxId);
    const dueAt = awaited.length === 0 ? undefined : ciphertextDueAt(published.deadlineAt, published.precommit);
    if (dueAt !== undefined) {
      const runAt = new Date(dueAt.getTime() - LOOK_BEFORE_MS);
      await tx.enqueue('bid.void', { boxId }, { runAt, key: `void:${boxId}` });
    }
    const awaits = dueAt && { dueAt, vendorIds: awaited.map(({ vendorId }) => vendorId) };
    await notifyClosed(tx, published, place, boxId, box, awaits);
  }

  private async fail(tenderId: string, lotId: string): Promise<void> {
    await this.unlessDone(async (tx) => {
      const { lots } = await tenderUnderLock(tx.manager, tenderId);
      const lot = lots.find(({ id }) => id === lotId);
      if (lot?.state !== 'closed') throw new NothingToDo();
      const { state, reason } = failLot({ state: lot.state, boxCount: 0 });
      await moveLot(tx, tenderId, lotId, state);
      await tx.record({ type: 'tender.failed', tenderId, lotId, body: { reason_code: reason } });
    }, tenderId);
  }

  private async unlessDone(act: (tx: Tx) => Promise<void>, tenderId: string): Promise<void> {
    try {
      await this.journal.commit(SYSTEM, { on: 'tender', id: tenderId, mode: 'exclusive' }, act);
    } catch (error) {
      if (!(error instanceof NothingToDo)) throw error;
    }
  }

  private async openPlaces(tenderId: string): Promise<readonly Place[]> {
    const published = await publishedTender(this.database.manager, tenderId);
    const boxes = await this.database.manager.findBy(Box, { tenderId });
    return published.lots
      .filter((lot) => lot.state === 'closing')
      .flatMap((lot) => published.envelopes.map((envelope) => ({ lotId: lot.id, envelope })))
      .filter((place) => !boxes.some((box) => box.lotId === place.lotId && box.envelope === place.envelope));
  }

  private async emptyLots(tenderId: string): Promise<readonly string[]> {
    const rows = await this.database.query<{ id: string }>(
      `SELECT l.id FROM lot l JOIN box x ON x.lot_id = l.id
       WHERE l.tender_id = $1 AND l.state = 'closed' GROUP BY l.id HAVING sum(x.count) = 0 ORDER BY l.id`,
      [tenderId],
    );
    return rows.map(({ id }) => id);
  }
}

type LockedTender = {
  readonly tender: Tender & { readonly deadlineAt: Date };
  readonly deadlineAt: Date;
  readonly lots: readonly { readonly id: string; readonly state: LotState }[];
};

async function tenderUnderLock(manager: EntityManager, tenderId: string): Promise<LockedTender> {
  const tender = await manager.findOneBy(Tender, { id: tenderId });
  demand(tender?.deadlineAt, 'not_found', 'There is no such tender.');
  const lots = await manager.find(Lot, { where: { tenderId }, order: { id: 'ASC' } });
  return {
    tender: tender as LockedTender['tender'],
    deadlineAt: tender.deadlineAt,
    lots: lots.map((lot) => ({ id: lot.id, state: lot.state as LotState })),
  };
}

/** Size of the tree, once it holds everything of the tender. Refused attempts are in no box: whoever is late cannot
 *  hold the close up by trying again and again. Under the tender's exclusive lock nothing else of it can be added. */
async function settledSize(manager: EntityManager, tenderId: string): Promise<number> {
  const [tree] = await manager.query<{ size: number; queued: boolean }[]>(
    `SELECT size, EXISTS (
       SELECT FROM tlog.queue q JOIN trail t ON t.leaf_sha256 = sha256(q.data)
       WHERE q.tender_id = $1 AND t.type NOT IN ('bid.refused', 'refusal.recorded')) AS queued
     FROM tlog.tree`,
    [tenderId],
  );
  if (tree === undefined || tree.queued) throw new NotSettled('entries of the tender wait for their place in the log');
  return tree.size;
}

/** The lot's state, and the tender's which follows from its lots. */
async function moveLot(tx: Tx, tenderId: string, lotId: string, state: LotState): Promise<void> {
  await tx.manager.update(Lot, { id: lotId }, { state });
  const { tender, lots } = await tenderUnderLock(tx.manager, tenderId);
  const next = tenderState(
    tender.state as TenderState,
    lots.map((lot) => lot.state),
  );
  if (next !== tender.state) await tx.manager.update(Tender, { id: tenderId }, { state: next });
}
