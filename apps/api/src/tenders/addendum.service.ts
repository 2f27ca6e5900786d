/** The preparation of an addendum; it is then submitted and approved like a draft. */
import { formatInstant, fromBase64, parseInstant } from '@segel/encoding';
import { addDays, addendum, demand, extendedDeadline } from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { Journal } from '../platform/journal/journal.js';
import { anyApprover } from './approval-candidate.js';
import { keysReplaced } from './replaced-keys.js';
import { TenderVersion } from './tender-version.entity.js';
import { newestVersion, openerKeysFor, teamOf, tenderUnderLock, termsInForce } from './tender-rows.js';
import { demandAgreement, frozenTerms } from './tender-terms.js';
import type { TermsDto } from './terms.dto.js';

export type PreparedAddendum = {
  readonly version: number;
  readonly termsSha256: string;
  readonly deadlineAt: string;
  readonly resealRequired: boolean;
  readonly changes: readonly string[];
};

@Injectable()
export class AddendumService {
  constructor(private readonly journal: Journal) {}

  /** Stores the next version. Near the deadline it moves the deadline, one day of the pack further than the rule
   *  asks: the approver, too, needs time, and what both sign must still hold when the second one does. */
  async prepare(
    actor: Actor,
    tenderId: string,
    proposed: TermsDto,
    { reason, seen }: { readonly reason: string; readonly seen: number | undefined },
  ): Promise<PreparedAddendum> {
    return this.journal.commit(actor, { on: 'tender', id: tenderId, mode: 'exclusive' }, async (tx) => {
      const tender = await tenderUnderLock(tx, tenderId);
      demand(tender.state === 'tendering', 'wrong_state', 'Only a published, open tender takes an addendum.', {
        state: tender.state,
      });
      const team = await teamOf(tx.manager, tenderId);
      const after = frozenTerms(proposed).content;
      const before = await termsInForce(tx.manager, tender);
      await demandAgreement(tx.manager, tender, after);
      const pack = tender.rulePack;
      const keys = await openerKeysFor(tx.manager, tenderId, after, team);
      const decided = addendum({
        state: tender.state,
        assignments: team,
        preparerId: actor.id,
        approverId: anyApprover(team),
        reason,
        before,
        after,
        pack,
        keysReplaced: await keysReplaced(tx.manager, tender, keys),
        now: tx.now,
      });
      const deadlineAt = formatInstant(
        extendedDeadline(parseInstant(after.deadlineAt), pack, addDays(tx.now, 1, pack.calendar)),
      );
      const frozen = frozenTerms({ ...after, deadlineAt });
      const newest = (await newestVersion(tx.manager, tenderId)).version;
      const current = seen === undefined || seen === newest;
      demand(current, 'terms_changed', 'Somebody prepared another addendum since.', { version: newest });
      const version = newest + 1;
      await tx.manager.insert(TenderVersion, {
        id: tx.newId(),
        tenderId,
        version,
        content: frozen.content,
        termsSha256: fromBase64(frozen.sha256),
        kind: 'addendum',
        reason: decided.reason,
        preparedBy: actor.id,
        preparedAt: tx.now,
      });
      await tx.record({ type: 'tender.drafted', tenderId, body: { version, terms_sha256: frozen.sha256 } });
      const { resealRequired, changes } = decided;
      return { version, termsSha256: frozen.sha256, deadlineAt, resealRequired, changes };
    });
  }
}
