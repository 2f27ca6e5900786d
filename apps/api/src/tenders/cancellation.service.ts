/** Cancellation: one person asks, another confirms. Bids not opened by then stay sealed for ever. */
import { cancelTender, demand, demandReason, demandRole, may, transition } from '@segel/procurement';
import type { TenderState } from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import type { Tx } from '../platform/journal/act.js';
import { Journal } from '../platform/journal/journal.js';
import { Lot } from './lot.entity.js';
import { bidderAccounts } from './put-in-force.js';
import { TenderCancellation } from './tender-cancellation.entity.js';
import { Tender } from './tender.entity.js';
import { lotsOf, teamOf, tenderUnderLock } from './tender-rows.js';

/** Once an award is announced its bidders have rights: then only an objection or the award itself ends the tender. */
const TOO_LATE: readonly TenderState[] = ['intended_award', 'standstill', 'awarded'];

@Injectable()
export class CancellationService {
  constructor(private readonly journal: Journal) {}

  async propose(actor: Actor, tenderId: string, reasonCode: string, text: string): Promise<{ readonly id: string }> {
    return this.journal.commit(actor, { on: 'tender', id: tenderId, mode: 'exclusive' }, async (tx) => {
      const tender = await tenderUnderLock(tx, tenderId);
      const team = await teamOf(tx.manager, tenderId);
      demandRole(team, actor.id, 'preparer');
      await demandCancellable(tx, tenderId, tender.state);
      const reason = demandReason(text);
      const id = tx.newId();
      const row = { id, tenderId, reasonCode, reason, proposedBy: actor.id, proposedAt: tx.now };
      await tx.manager.insert(TenderCancellation, row);
      const params = { tenderId, title: tender.title, reason };
      for (const { accountId, role } of team)
        if (role === 'approver') await tx.notify({ accountId, code: 'approval_requested', params });
      await tx.record({ type: 'tender.cancellation_proposed', tenderId, body: { reason_code: reasonCode, reason } });
      return { id };
    });
  }

  async confirm(actor: Actor, tenderId: string): Promise<{ readonly state: string }> {
    return this.journal.commit(actor, { on: 'tender', id: tenderId, mode: 'exclusive' }, async (tx) => {
      const tender = await tenderUnderLock(tx, tenderId);
      await demandCancellable(tx, tenderId, tender.state);
      const [proposal] = await tx.manager.find(TenderCancellation, {
        where: { tenderId },
        order: { id: 'DESC' },
        take: 1,
      });
      demand(proposal, 'wrong_state', 'Nobody asked for a cancellation.', { state: tender.state });
      const { state, reason } = cancelTender({
        state: tender.state,
        assignments: await teamOf(tx.manager, tenderId),
        requestedBy: proposal.proposedBy,
        confirmedBy: actor.id,
        reason: proposal.reason,
      });
      await tx.manager.update(Tender, { id: tenderId }, { state });
      for (const lot of await lotsOf(tx.manager, tenderId))
        if (may(lot.state, 'cancel'))
          await tx.manager.update(Lot, { id: lot.id }, { state: transition(lot.state, 'cancel') });
      const params = { tenderId, title: tender.title, reason };
      for (const accountId of await bidderAccounts(tx.manager, tenderId))
        await tx.notify({ accountId, code: 'tender_cancelled', params });
      await tx.record({
        // Of a draft nobody outside has heard; its end is not public either.
        type: tender.publishedAt === null ? 'tender.draft_cancelled' : 'tender.cancelled',
        tenderId,
        body: { reason_code: proposal.reasonCode, reason, proposed_by: proposal.proposedBy },
      });
      return { state };
    });
  }
}

async function demandCancellable(tx: Tx, tenderId: string, state: TenderState): Promise<void> {
  transition(state, 'cancel');
  const states = [state, ...(await lotsOf(tx.manager, tenderId)).map((lot) => lot.state)];
  const late = states.find((one) => TOO_LATE.includes(one));
  demand(late === undefined, 'wrong_state', 'An award was announced; the tender is not cancelled any more.', {
    state: late ?? state,
  });
}
