/** Two people publish a tender or an addendum: the preparer signs the notice, another person approves exactly that. */
import { fromBase64, type CanonicalObject, type Signature } from '@segel/encoding';
import { approveTender, demand, demandReason, demandRole, packDocument, transition } from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import { demandOwnSignature } from '../platform/auth/own-signature.js';
import type { Actor } from '../platform/auth/actor.js';
import { Config } from '../platform/config/config.js';
import { Database } from '../platform/database/database.js';
import type { Recorded, Tx } from '../platform/journal/act.js';
import { Journal } from '../platform/journal/journal.js';
import { ObjectStore, contentKey } from '../platform/object-store/object-store.js';
import { ApprovalCandidates, demandAddendum, demandExternalGroups, type Candidate } from './approval-candidate.js';
import { noticeHash } from './notice.js';
import { putInForce } from './put-in-force.js';
import { TenderNotice } from './tender-notice.entity.js';
import { TenderReturn } from './tender-return.entity.js';
import { Tender } from './tender.entity.js';
import { tenderUnderLock, versionOf, type TenderRow } from './tender-rows.js';
import { frozenTerms } from './tender-terms.js';

export type Approval = { readonly version: number } & (
  | { readonly decision: 'approve'; readonly signature: Signature }
  | { readonly decision: 'return'; readonly reason: string }
);
export type Published = {
  readonly version: number;
  readonly decision: 'approve' | 'return';
  readonly state: string;
  readonly noticeSha256?: string;
  readonly leafSha256?: string;
};

@Injectable()
export class PublicationService {
  constructor(
    private readonly journal: Journal,
    private readonly database: Database,
    private readonly store: ObjectStore,
    private readonly candidates: ApprovalCandidates,
    private readonly config: Config,
  ) {}

  /** The exact body to sign. */
  async noticeDraft(
    tender: TenderRow,
  ): Promise<{ readonly version: number; readonly kind: string; readonly body: CanonicalObject }> {
    const candidate = await this.candidates.of(this.database.manager, tender);
    return { version: candidate.version.version, kind: candidate.kind, body: this.candidates.body(candidate) };
  }

  async submit(actor: Actor, tenderId: string, version: number, signature: Signature): Promise<Published> {
    return this.journal.commit(actor, { on: 'tender', id: tenderId, mode: 'exclusive' }, async (tx) => {
      const candidate = await this.candidates.of(tx.manager, await tenderUnderLock(tx, tenderId));
      demandVersion(candidate, version);
      this.candidates.demandSubmittable(candidate, actor.id, tx.now);
      const submitted = await waiting(tx, candidate);
      demand(submitted === undefined, 'wrong_state', 'This version waits for the approver already.', { version });
      await demandExternalGroups(tx.manager, candidate);
      const body = this.candidates.body(candidate);
      await demandOwnSignature(tx.manager, actor.id, candidate.kind, body, signature);
      await tx.manager.insert<object>(TenderNotice, {
        id: tx.newId(),
        tenderId,
        version,
        body,
        preparerId: actor.id,
        preparerKey: signature.key,
        preparerSig: signature.sig,
        submittedAt: tx.now,
      });
      const { before, tender, team } = candidate;
      const state = before === undefined ? transition(tender.state, 'submit') : tender.state;
      await tx.manager.update(Tender, { id: tenderId }, { state });
      const params = { tenderId, title: candidate.version.content.title };
      for (const { accountId, role } of team)
        if (role === 'approver') await tx.notify({ accountId, code: 'approval_requested', params });
      const entry = { version, terms_sha256: body['terms_sha256']! };
      await tx.record({ type: 'tender.submitted', tenderId, body: entry });
      return { version, decision: 'approve', state };
    });
  }

  async decide(actor: Actor, tenderId: string, approval: Approval): Promise<Published> {
    if (approval.decision === 'approve') await this.storeDocuments(tenderId, approval.version);
    return this.journal.commit(actor, { on: 'tender', id: tenderId, mode: 'exclusive' }, async (tx) => {
      const candidate = await this.candidates.of(tx.manager, await tenderUnderLock(tx, tenderId));
      demandRole(candidate.team, actor.id, 'approver');
      const notice = await waiting(tx, candidate);
      demand(notice, 'wrong_state', 'Nothing was submitted for approval.', { state: candidate.tender.state });
      demandVersion(candidate, approval.version);
      return approval.decision === 'return'
        ? this.sendBack(tx, actor, candidate, notice, approval.reason)
        : this.publish(tx, actor, candidate, notice, approval.signature);
    });
  }

  private async sendBack(
    tx: Tx,
    actor: Actor,
    { tender, version, before }: Candidate,
    notice: TenderNotice,
    text: string,
  ): Promise<Published> {
    const reason = demandReason(text);
    const state = before === undefined ? transition(tender.state, 'return') : tender.state;
    const returned = { noticeId: notice.id, approverId: actor.id, reason, returnedAt: tx.now };
    await tx.manager.insert(TenderReturn, returned);
    await tx.manager.update(Tender, { id: tender.id }, { state });
    const params = { tenderId: tender.id, title: version.content.title, reason };
    await tx.notify({ accountId: notice.preparerId, code: 'tender_returned', params });
    const body = { version: version.version, decision: 'return', reason };
    await tx.record({ type: 'tender.approved', tenderId: tender.id, body });
    return { version: version.version, decision: 'return', state };
  }

  private async publish(
    tx: Tx,
    actor: Actor,
    candidate: Candidate,
    notice: TenderNotice,
    signature: Signature,
  ): Promise<Published> {
    const { tender, version, kind } = candidate;
    const body = this.candidates.body(candidate);
    const state = this.demandApprovable(candidate, actor, notice, body, tx.now);
    await demandExternalGroups(tx.manager, candidate);
    const bodySig = [{ key: notice.preparerKey, sig: notice.preparerSig }, signature];
    await demandOwnSignature(tx.manager, notice.preparerId, kind, body, bodySig[0]!);
    await demandOwnSignature(tx.manager, actor.id, kind, body, signature);
    const recorded: Recorded = await tx.record({ type: kind, tenderId: tender.id, body, bodySig });
    await putInForce(tx, candidate, { noticeId: notice.id, approverId: actor.id, signature, recorded, state });
    const { entrySha256: noticeSha256, leafSha256 } = recorded;
    return { version: version.version, decision: 'approve', state, noticeSha256, leafSha256 };
  }

  private demandApprovable(
    candidate: Candidate,
    actor: Actor,
    notice: TenderNotice,
    body: CanonicalObject,
    now: Date,
  ): string {
    const { tender, version, team, keys, before } = candidate;
    const [submittedTermsSha256, termsSha256] = [noticeHash(notice.body), noticeHash(body)];
    if (before !== undefined) {
      demandAddendum(candidate, notice.preparerId, actor.id, now);
      demand(submittedTermsSha256 === termsSha256, 'terms_changed', 'The notice is not the one the preparer signed.');
      return tender.state;
    }
    return approveTender({
      state: tender.state,
      accountId: actor.id,
      assignments: team,
      terms: version.content,
      pack: tender.rulePack,
      production: this.config.production,
      registeredOpenerIds: keys.map((key) => key.openerId),
      now,
      preparerId: notice.preparerId,
      submittedTermsSha256,
      termsSha256,
    }).state;
  }

  /** The objects exist before their record: a version's terms never change, so this needs no lock. */
  private async storeDocuments(tenderId: string, version: number): Promise<void> {
    const manager = this.database.manager;
    const [tender, { content }] = await Promise.all([
      manager.findOneByOrFail(Tender, { id: tenderId }),
      versionOf(manager, tenderId, version),
    ]);
    for (const { bytes, sha256 } of [frozenTerms(content), packDocument(tender.rulePack)])
      await this.store.put(contentKey(fromBase64(sha256)), bytes);
  }
}

function demandVersion({ version }: Candidate, wanted: number): void {
  demand(version.version === wanted, 'terms_changed', 'Another version is up for signature.', {
    version: version.version,
  });
}

/** The submission that waits for the approver; there is at most one, since the next needs the return of the last. */
async function waiting(tx: Tx, { tender, version }: Candidate): Promise<TenderNotice | undefined> {
  const notices = await tx.manager.findBy(TenderNotice, { tenderId: tender.id, version: version.version });
  for (const notice of notices) if (!(await tx.manager.existsBy(TenderReturn, { noticeId: notice.id }))) return notice;
  return undefined;
}
