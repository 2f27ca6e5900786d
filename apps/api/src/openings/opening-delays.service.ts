/** A box that openers let wait: everybody can read so in the log, and its vendors hear what they may do (section 6). */
import { Injectable, Logger } from '@nestjs/common';
import { Box } from '../bids/box.entity.js';
import { SYSTEM } from '../platform/auth/actor.js';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/journal/act.js';
import { Journal } from '../platform/journal/journal.js';
import { Lot } from '../tenders/lot.entity.js';
import { coverageOf, type Coverage } from './coverage.js';
import { OpeningDelay } from './opening-delay.entity.js';
import { Opening } from './opening.entity.js';
import { officersOf, usersOf } from './people-to-tell.js';
import { SealedBoxes, windowsOf, type SealedBox } from './sealed-boxes.js';
import { ShareRelease } from './share-release.entity.js';

@Injectable()
export class OpeningDelays {
  private readonly logger = new Logger('Opening');

  constructor(
    private readonly database: Database,
    private readonly journal: Journal,
    private readonly boxes: SealedBoxes,
    private readonly clock: Clock,
  ) {}

  /** Notices every closed box of the tender whose openers let their time pass, each once. */
  async notice(tenderId: string): Promise<void> {
    for (const { id } of await this.database.manager.findBy(Box, { tenderId })) {
      const sealed = await this.boxes.find(tenderId, id);
      const { releaseEndAt } = windowsOf(sealed);
      if (this.clock.now() < releaseEndAt || !(await waits(this.database.manager, sealed))) continue;
      await this.noticeOne(sealed, await coverageOf(this.database, sealed));
    }
  }

  private async noticeOne(sealed: SealedBox, coverage: Coverage): Promise<void> {
    const { tenderId, lotId, envelope, id: boxId } = sealed.box;
    this.logger.error(`ALARM box ${boxId}: its openers let their time pass`);
    await this.journal.commit(SYSTEM, { on: 'tender', id: tenderId, mode: 'exclusive' }, async (tx) => {
      const { disclosureEndAt } = windowsOf(sealed);
      const releases = await tx.manager.findBy(ShareRelease, { boxId });
      const groups = sealed.notice.groups.map(({ name, k }) => {
        const released = releases.filter(({ groupName }) => groupName === name).length;
        return { name, k, released };
      });
      await tx.manager.insert(OpeningDelay, { boxId, noticedAt: tx.now });
      await tell(tx, sealed, coverage, disclosureEndAt);
      const disclosureEnd = disclosureEndAt.toISOString();
      const body = { lot_id: lotId, envelope, disclosure_end: disclosureEnd, groups };
      await tx.record({ type: 'opening.delayed', tenderId, lotId, body });
    });
  }
}

async function waits(manager: Database['manager'], { box }: SealedBox): Promise<boolean> {
  const lot = await manager.findOneBy(Lot, { id: box.lotId });
  const [begun, noticed] = [
    await manager.existsBy(Opening, { boxId: box.id }),
    await manager.existsBy(OpeningDelay, { boxId: box.id }),
  ];
  return lot?.state === 'closed' && box.count > 0 && !begun && !noticed;
}

/** The officers, and the vendors whose bid nobody can open yet. */
async function tell(tx: Tx, { tender, bids }: SealedBox, coverage: Coverage, until: Date): Promise<void> {
  const { id: tenderId, title } = tender;
  const params = { tenderId, title, until: until.toISOString() };
  for (const accountId of await officersOf(tx.manager, tenderId))
    await tx.notify({ accountId, code: 'opening_delayed', params });
  for (const bid of bids) {
    if (coverage.get(bid.id)?.covered === true) continue;
    for (const accountId of await usersOf(tx.manager, bid.vendorId))
      await tx.notify({ accountId, code: 'opening_stuck', params: { ...params, bidId: bid.id } });
  }
}
