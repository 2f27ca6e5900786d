/** Who evaluates, and what waits for each of them. */
import { demand, demandCommittee, Refusal, type RulePack } from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Account } from '../accounts/account.entity.js';
import { holdsOnTender, type Actor } from '../platform/auth/actor.js';
import { Database } from '../platform/database/database.js';
import { pageOf } from '../platform/http/page.js';
import { Tender } from '../tenders/tender.entity.js';
import type { CommitteeView, EvaluationDutiesQuery, EvaluationDutiesView, LotDutyView } from './committee.dto.js';
import type { ConflictDeclaration } from './conflict-declaration.entity.js';
import { committeeOf, OPENED } from './lot-under-evaluation.js';

type DutyRow = {
  readonly id: string;
  readonly title: string;
  readonly state: string;
  readonly conflict: boolean | null;
};
type LotRow = LotDutyView & { readonly tenderId: string };

@Injectable()
export class CommitteeService {
  constructor(private readonly database: Database) {}

  async duties(actor: Actor, { after, limit = 50 }: EvaluationDutiesQuery): Promise<EvaluationDutiesView> {
    const own = actor.roles.flatMap(({ role, tenderId }) => (role === 'evaluator' && tenderId ? [tenderId] : []));
    // A conflict is never taken back: one that was declared counts, whatever else was.
    const rows = await this.database.query<DutyRow>(
      `SELECT t.id, t.title, t.state, bool_or(c.conflict) AS conflict
       FROM tender t LEFT JOIN conflict_declaration c ON c.tender_id = t.id AND c.account_id = $1
       WHERE t.id = ANY($2) AND t.published_at IS NOT NULL AND ($3::uuid IS NULL OR t.id < $3)
       GROUP BY t.id ORDER BY t.id DESC LIMIT $4`,
      [actor.id, own, after ?? null, limit + 1],
    );
    const { items, next } = pageOf(rows, limit);
    const free = items.filter(({ conflict }) => conflict === false).map(({ id }) => id);
    const lots = await this.lotsOf(actor, free);
    return {
      items: items.map(({ conflict, ...tender }) => ({
        ...tender,
        ...(conflict === null ? {} : { conflict }),
        lots: lots.filter(({ tenderId }) => tenderId === tender.id),
      })),
      ...(next === undefined ? {} : { next }),
    };
  }

  async members(actor: Actor, tenderId: string): Promise<CommitteeView> {
    const { manager } = this.database;
    const tender = await manager.findOneBy(Tender, { id: tenderId });
    demand(tender, 'not_found', 'There is no such tender.');
    const { assignments, declarations, able } = await committeeOf(manager, tenderId);
    const ids = assignments.filter(({ role }) => role === 'evaluator').map(({ accountId }) => accountId);
    const accounts = await manager.findBy(Account, { id: In(ids) });
    const members = ids.map((accountId) => ({
      accountId,
      name: accounts.find(({ id }) => id === accountId)?.name ?? accountId,
      ...declared(declarations, accountId),
    }));
    const apart = members.some(({ accountId, conflict }) => accountId === actor.id && conflict === true);
    const readsAll = !apart || holdsOnTender(actor, tenderId, 'award_authority');
    return {
      minimum: tender.rulePack.evaluatorMinimum,
      complete: isComplete(able, tender.rulePack),
      members: readsAll ? members : members.filter(({ accountId }) => accountId === actor.id),
    };
  }

  private lotsOf(actor: Actor, tenderIds: readonly string[]): Promise<readonly LotRow[]> {
    return this.database.query<LotRow>(
      `SELECT l.id AS "lotId", l.tender_id AS "tenderId", l.state,
         (SELECT count(*)::integer FROM bid b JOIN opened_bid o ON o.bid_id = b.id
          WHERE b.lot_id = l.id AND o.outcome = 'opened') AS bids,
         (SELECT count(*)::integer FROM finding f WHERE f.lot_id = l.id AND f.evaluator_id = $1) AS found,
         EXISTS (SELECT FROM evaluation_signature s WHERE s.lot_id = l.id AND s.evaluator_id = $1) AS signed,
         EXISTS (SELECT FROM evaluation e WHERE e.lot_id = l.id) AS completed
       FROM lot l WHERE l.tender_id = ANY($2) AND l.state = ANY($3) ORDER BY l.id`,
      [actor.id, tenderIds, OPENED],
    );
  }
}

/** The latest declaration, a conflict last. */
function declared(
  declarations: readonly ConflictDeclaration[],
  accountId: string,
): { conflict?: boolean; declaredAt?: string } {
  const latest = declarations.findLast((declaration) => declaration.accountId === accountId);
  return latest === undefined ? {} : { conflict: latest.conflict, declaredAt: latest.declaredAt.toISOString() };
}

function isComplete(able: readonly string[], pack: Pick<RulePack, 'evaluatorMinimum'>): boolean {
  try {
    demandCommittee(able, pack);
    return true;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return false;
  }
}
