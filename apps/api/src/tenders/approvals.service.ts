/** What waits for a second person: a notice that was signed, a cancellation that was proposed. For the team only. */
import { demand, type TenderState } from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Account } from '../accounts/account.entity.js';
import type { Actor } from '../platform/auth/actor.js';
import { Database } from '../platform/database/database.js';
import { pageOf, type PageQuery } from '../platform/http/page.js';
import { TenderCancellation } from './tender-cancellation.entity.js';
import { TenderNotice } from './tender-notice.entity.js';
import { TenderPublication } from './tender-publication.entity.js';
import { TenderReturn } from './tender-return.entity.js';
import { newestVersion, type TenderRow } from './tender-rows.js';
import { isOnTeam, visibleTender } from './visible.js';

/** States in which a proposed cancellation can still be confirmed. */
const CANCELLABLE: readonly TenderState[] = ['draft', 'in_approval', 'tendering', 'closed', 'opened', 'evaluating'];

type Waiting = { readonly id: string; readonly tenderId: string; readonly title: string; readonly kind: string };

@Injectable()
export class ApprovalsService {
  constructor(private readonly database: Database) {}

  /** What waits for the actor as approver, over all tenders, in the order it came. */
  async waitingFor(actor: Actor, { after, limit = 50 }: PageQuery): Promise<object> {
    const own = actor.roles.flatMap(({ role, tenderId }) => (role === 'approver' ? (tenderId ?? []) : []));
    const rows = await this.database.query<Waiting>(
      `SELECT w.*, a.name AS "by" FROM (
         SELECT n.id, t.id AS "tenderId", v.content ->> 'title' AS title, n.submitted_at AS at, n.preparer_id AS person,
             CASE WHEN t.published_at IS NULL THEN 'publication' ELSE 'addendum' END AS kind
           FROM tender_notice n JOIN tender t ON t.id = n.tender_id
             JOIN tender_version v ON v.tender_id = t.id AND v.version = n.version
           WHERE t.state IN ('in_approval', 'tendering')
             AND n.version = (SELECT max(version) FROM tender_version WHERE tender_id = t.id)
             AND NOT EXISTS (SELECT FROM tender_return r WHERE r.notice_id = n.id)
             AND NOT EXISTS (SELECT FROM tender_publication p WHERE p.notice_id = n.id)
         UNION ALL
         SELECT c.id, t.id, t.title, c.proposed_at, c.proposed_by, 'cancellation'
           FROM tender_cancellation c JOIN tender t ON t.id = c.tender_id
           WHERE t.state = ANY($4) AND c.id = (SELECT max(id::text)::uuid FROM tender_cancellation WHERE tender_id = t.id)
       ) w JOIN account a ON a.id = w.person
       WHERE w."tenderId" = ANY($1) AND ($2::uuid IS NULL OR w.id > $2) ORDER BY w.id LIMIT $3`,
      [own, after ?? null, limit + 1, CANCELLABLE],
    );
    return pageOf(rows, limit);
  }

  /** The newest version of a tender and what was done about it. */
  async ofTender(actor: Actor, tenderId: string): Promise<object> {
    const tender = await visibleTender(this.database, actor, tenderId);
    demand(isOnTeam(actor, tenderId), 'not_allowed', 'Only the team sees how an approval stands.');
    const manager = this.database.manager;
    const [newest, notices, [cancellation]] = await Promise.all([
      newestVersion(manager, tenderId),
      manager.find(TenderNotice, { where: { tenderId }, order: { id: 'ASC' } }),
      manager.find(TenderCancellation, { where: { tenderId }, order: { id: 'DESC' }, take: 1 }),
    ]);
    const ids = notices.map(({ id }) => id);
    const [returns, publications] = await Promise.all([
      manager.find(TenderReturn, { where: { noticeId: In(ids) }, order: { returnedAt: 'ASC' } }),
      manager.findBy(TenderPublication, { noticeId: In(ids) }),
    ]);
    const decided = new Set([...returns, ...publications].map(({ noticeId }) => noticeId));
    const submission = notices.findLast(({ id, version }) => version === newest.version && !decided.has(id));
    const returned = returns.at(-1);
    const proposal = cancellation !== undefined && stands(tender) ? cancellation : undefined;
    const names = await this.names([
      newest.preparedBy,
      submission?.preparerId,
      returned?.approverId,
      proposal?.proposedBy,
    ]);
    return {
      version: newest.version,
      reason: newest.reason ?? undefined,
      preparedBy: names(newest.preparedBy),
      preparedAt: newest.preparedAt,
      submission: submission && {
        preparerId: submission.preparerId,
        preparer: names(submission.preparerId),
        key: submission.preparerKey,
        sig: submission.preparerSig,
        body: submission.body,
        submittedAt: submission.submittedAt,
      },
      returned: returned && {
        version: notices.find(({ id }) => id === returned.noticeId)?.version,
        approver: names(returned.approverId),
        reason: returned.reason,
        returnedAt: returned.returnedAt,
      },
      cancellation: proposal && {
        reasonCode: proposal.reasonCode,
        reason: proposal.reason,
        proposedBy: proposal.proposedBy,
        by: names(proposal.proposedBy),
        proposedAt: proposal.proposedAt,
      },
    };
  }

  private async names(ids: readonly (string | undefined)[]): Promise<(id: string) => string> {
    const accounts = await this.database.manager.findBy(Account, { id: In(ids.filter((id) => id !== undefined)) });
    const known = new Map(accounts.map(({ id, name }) => [id, name]));
    return (id) => known.get(id) ?? '';
  }
}

const stands = ({ state }: TenderRow): boolean => CANCELLABLE.includes(state);
