/** The vendor's way in when openers fail its bid: it discloses S, which the re-deal proves honest (section 6). */
import { toBase64 } from '@segel/encoding';
import { demand } from '@segel/procurement';
import { isCommittedSeed } from '@segel/sealing';
import { Injectable } from '@nestjs/common';
import { BoxBid } from '../bids/box-bid.entity.js';
import { Database } from '../platform/database/database.js';
import type { Actor } from '../platform/auth/actor.js';
import type { Tx } from '../platform/journal/act.js';
import { Journal } from '../platform/journal/journal.js';
import { decoded } from './decoded.js';
import { Opening } from './opening.entity.js';
import { SealedBoxes, gateOf, windowsOf } from './sealed-boxes.js';
import { SeedDisclosure } from './seed-disclosure.entity.js';

@Injectable()
export class SeedDisclosures {
  constructor(
    private readonly database: Database,
    private readonly journal: Journal,
    private readonly boxes: SealedBoxes,
  ) {}

  /** Keeps the seed with the shares: nothing is opened before every bid of the box can be, so that nobody discloses
   *  after seeing prices. Allowed once an opener complained about the bid's wrap, or the openers' time is over. */
  async disclose(actor: Actor, tenderId: string, bidId: string, seed: string): Promise<void> {
    const member = await this.database.manager.findOneBy(BoxBid, { bidId });
    demand(member, 'bid_unknown', 'The bid is in no closed box.');
    const sealed = await this.boxes.find(tenderId, member.boxId);
    const bid = sealed.bids.find(({ id }) => id === bidId)!;
    const { manifest } = await this.boxes.manifest(bid, sealed.tender);
    await this.journal.commit(actor, { on: 'tender', id: tenderId, mode: 'exclusive' }, async (tx) => {
      demand(actor.vendorId === bid.vendorId, 'not_allowed', 'Only its own vendor discloses the seed of a bid.');
      const { lotState: state } = await gateOf(tx.manager, sealed);
      const begun = await tx.manager.existsBy(Opening, { boxId: member.boxId });
      demand(state === 'closed' && !begun, 'wrong_state', 'The opening does not wait for this bid.', { state });
      const { releaseEndAt } = windowsOf(sealed);
      const reason = (await complained(tx, bidId)) ? 'complaint' : 'window_ended';
      const needed = reason === 'complaint' || tx.now >= releaseEndAt;
      demand(needed, 'wrong_state', 'The openers still have time.', { until: releaseEndAt.toISOString() });
      const earlier = await tx.manager.existsBy(SeedDisclosure, { bidId });
      demand(!earlier, 'wrong_state', 'The seed of this bid is disclosed already.');
      const bytes = decoded(seed);
      demand(isCommittedSeed(manifest, bytes), 'share_invalid', 'This is not the seed the manifest is committed to.');
      const row = { bidId, seed: Buffer.from(bytes), disclosedBy: actor.id, disclosedAt: tx.now };
      await tx.manager.insert(SeedDisclosure, row);
      await tx.enqueue('opening.combine', { boxId: member.boxId }, { key: `combine:${member.boxId}` });
      await tx.record({
        type: 'opening.seed_disclosed',
        tenderId,
        lotId: bid.lotId,
        subjectId: actor.id,
        body: { bid_commitment: toBase64(bid.commitment), bid_id: bidId, lot_id: bid.lotId, reason },
      });
    });
  }
}

async function complained(tx: Tx, bidId: string): Promise<boolean> {
  const rows = await tx.manager.query<unknown[]>('SELECT FROM share_complaint WHERE bid_id = $1 LIMIT 1', [bidId]);
  return rows.length > 0;
}
