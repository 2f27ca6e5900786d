/** What is up for signature on a tender: its draft, or the addendum being prepared. */
import type { CanonicalObject } from '@segel/encoding';
import type { Assignment, TenderTerms } from '@segel/procurement';
import { addendum, demand, submitTender } from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Config } from '../platform/config/config.js';
import { LogPolicy } from '../platform/log/policy-file.js';
import { noticeBody, type NoticeKind } from './notice.js';
import type { OpenerKey } from './opener-key.entity.js';
import { keysReplaced } from './replaced-keys.js';
import type { TenderVersion } from './tender-version.entity.js';
import {
  heldInOrganisation,
  newestVersion,
  openerKeysFor,
  teamOf,
  termsInForce,
  type TenderRow,
} from './tender-rows.js';

export type Candidate = {
  readonly tender: TenderRow;
  readonly version: TenderVersion;
  readonly kind: NoticeKind;
  readonly team: readonly Assignment[];
  readonly keys: readonly OpenerKey[];
  /** The terms in force, when this is an addendum. */
  readonly before: TenderTerms | undefined;
  /** An opener of the notice in force has another key now. */
  readonly keysReplaced: boolean;
};

@Injectable()
export class ApprovalCandidates {
  constructor(
    private readonly policy: LogPolicy,
    private readonly config: Config,
  ) {}

  /** The candidate of a tender. Throws `wrong_state` when a published tender has no addendum in preparation. */
  async of(manager: EntityManager, tender: TenderRow): Promise<Candidate> {
    const [version, team] = await Promise.all([newestVersion(manager, tender.id), teamOf(manager, tender.id)]);
    const drafting = tender.state === 'draft' || tender.state === 'in_approval';
    demand(drafting || version.version > tender.version, 'wrong_state', 'Nothing is up for signature.', {
      state: tender.state,
    });
    const keys = await openerKeysFor(manager, tender.id, version.content, team);
    const before = drafting ? undefined : await termsInForce(manager, tender);
    const replaced = !drafting && (await keysReplaced(manager, tender, keys));
    const kind = drafting ? 'tender.published' : 'tender.addendum';
    return { tender, version, kind, team, keys, before, keysReplaced: replaced };
  }

  body(candidate: Candidate): CanonicalObject {
    const toleranceS = this.config.settings.WITNESS_TOLERANCE_S;
    return noticeBody({ ...candidate, toleranceS, policySha256: this.policy.sha256 });
  }

  /** The rule for handing the candidate to the approver. */
  demandSubmittable(candidate: Candidate, accountId: string, now: Date): void {
    const { tender, version, team, keys, before } = candidate;
    const pack = tender.rulePack;
    if (before === undefined) {
      const registeredOpenerIds = keys.map((key) => key.openerId);
      const production = this.config.production;
      const assignments = team;
      const act = { state: tender.state, accountId, assignments, pack, production, registeredOpenerIds, now };
      submitTender({ ...act, terms: version.content });
      return;
    }
    demandAddendum(candidate, accountId, anyApprover(team), now);
  }
}

/** The rule for an addendum as it was prepared: the deadline that was signed must be the one that holds.
 *  @throws Refusal as `addendum`, and `period_too_short` when too few days are left by now */
export function demandAddendum(
  { tender, version, team, before, keysReplaced: replaced }: Candidate,
  preparerId: string,
  approverId: string,
  now: Date,
): void {
  const decided = addendum({
    state: tender.state,
    assignments: team,
    preparerId,
    approverId,
    reason: version.reason ?? '',
    before: before!,
    after: version.content,
    pack: tender.rulePack,
    keysReplaced: replaced,
    now,
  });
  demand(
    decided.terms.deadlineAt === version.content.deadlineAt,
    'period_too_short',
    'Too few days would be left after this addendum; prepare it with a later deadline.',
    { deadlineAt: decided.terms.deadlineAt },
  );
}

/** The approver whose rules an addendum is checked by before anybody approved it. */
export function anyApprover(team: readonly Assignment[]): string {
  return team.find(({ role }) => role === 'approver')?.accountId ?? '';
}

/** A group that the terms call external consists of openers of other institutions than the buyer: what makes the
 *  buyer alone unable to open early (protocol section 9). Throws `opener_groups_invalid`. */
export async function demandExternalGroups(manager: EntityManager, { tender, version }: Candidate): Promise<void> {
  for (const group of version.content.groups.filter(({ external }) => external)) {
    for (const openerId of group.openerIds) {
      const held = await heldInOrganisation(manager, openerId);
      const outside = held
        .filter(({ role }) => role === 'opener')
        .every((one) => one.organisationId !== tender.buyerId);
      demand(outside && held.length > 0, 'opener_groups_invalid', 'An opener of an external group is of the buyer.', {
        group: group.name,
        openerId,
      });
    }
  }
}
