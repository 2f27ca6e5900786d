/** The result of a lot: recomputed from frozen rows for whoever asks, signed by the committee, completed by its majority. */
import { equalBytes, fromBase64, toBase64 } from '@segel/encoding';
import {
  completeEvaluation,
  demand,
  demandFindings,
  failLot,
  transition,
  type EvaluationResult,
} from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { demandOwnSignature } from '../platform/auth/own-signature.js';
import { SYSTEM, type Actor } from '../platform/auth/actor.js';
import { Database } from '../platform/database/database.js';
import { Journal } from '../platform/journal/journal.js';
import { EvaluationSignature } from './evaluation-signature.entity.js';
import { Evaluation } from './evaluation.entity.js';
import type { EvaluationView, ResultSignatureView, SignedView, SignResultDto } from './evaluations.dto.js';
import { FindingsService } from './findings.service.js';
import { compute, lotUnderEvaluation, moveLot, type LotUnderEvaluation } from './lot-under-evaluation.js';

@Injectable()
export class EvaluationsService {
  constructor(
    private readonly database: Database,
    private readonly journal: Journal,
    private readonly findings: FindingsService,
  ) {}

  /** The result as it stands, for an evaluator whose own findings are all committed. */
  async read(actor: Actor, tenderId: string, lotId: string): Promise<EvaluationView> {
    await this.findings.admit(actor, tenderId);
    const { manager } = this.database;
    const lot = await lotUnderEvaluation(manager, tenderId, lotId);
    const { missing, frozen } = compute(lot);
    demandFindings({ missing: missing.filter(({ evaluatorId }) => evaluatorId === actor.id) });
    const completed = await manager.findOneBy(Evaluation, { lotId });
    const signatures = await manager.find(EvaluationSignature, { where: { lotId }, order: { signedAt: 'ASC' } });
    const document = completed === null ? frozen.bytes : completed.result;
    const resultSha256 = completed === null ? frozen.sha256 : toBase64(completed.resultSha256);
    return {
      completed: completed !== null,
      committee: [...(completed?.committee ?? lot.able)],
      missing: [...missing],
      result: JSON.parse(new TextDecoder().decode(document)) as object,
      resultSha256,
      body: signedBody(lotId, resultSha256),
      signatures: signatures.map(signatureView),
    };
  }

  /** One evaluator signs exactly the result the server computes; who did not make the majority may still sign until the
   *  award is announced. */
  async sign(actor: Actor, tenderId: string, lotId: string, dto: SignResultDto): Promise<SignedView> {
    const { resultSha256, key, sig } = dto;
    return this.journal.commit(actor, { on: 'tender', id: tenderId, mode: 'exclusive' }, async (tx) => {
      const lot = await lotUnderEvaluation(tx.manager, tenderId, lotId);
      const lotState = lot.lotState === 'opened' ? transition(lot.lotState, 'begin_evaluation') : lot.lotState;
      const { result, missing } = compute(lot);
      const { assignments, declarations } = lot;
      const pack = lot.tender.rulePack;
      const accountId = actor.id;
      const act = { lotState, accountId, assignments, declarations, pack, result, signedSha256: resultSha256 };
      completeEvaluation(act);
      demandFindings({ missing });
      const completed = await tx.manager.findOneBy(Evaluation, { lotId });
      const same = completed === null || toBase64(completed.resultSha256) === resultSha256;
      demand(same, 'evaluation_differs', 'The evaluation was completed with another result.');
      const body = signedBody(lotId, resultSha256);
      await demandOwnSignature(tx.manager, actor.id, 'evaluation.consensus', body, { key, sig });
      const signed = await signersOf(tx.manager, lot, resultSha256);
      demand(!signed.includes(actor.id), 'wrong_state', 'You have signed this result.');
      await tx.manager.insert(EvaluationSignature, {
        id: tx.newId(),
        lotId,
        evaluatorId: actor.id,
        resultSha256: fromBase64(resultSha256),
        key,
        sig,
        signedAt: tx.now,
      });
      if (lotState !== lot.lotState) await moveLot(tx.manager, lot.tender, lotId, lotState);
      if (completed === null && isMajority(signed.length + 1, lot))
        await tx.enqueue('evaluation.complete', { tenderId, lotId }, { key: `evaluation:${lotId}` });
      const recorded = await tx.record({
        type: 'evaluation.consensus',
        tenderId,
        lotId,
        body,
        bodySig: [{ key, sig }],
      });
      const { leafSha256 } = recorded;
      return { resultSha256, signed: signed.length + 1, committee: lot.able.length, leafSha256 };
    });
  }

  /** Completes the evaluation that most of the committee signed. Refused, and then nothing happens, when somebody's
   *  declaration changed the committee in between: the next signature asks again. */
  async complete(tenderId: string, lotId: string): Promise<void> {
    if (await this.database.manager.existsBy(Evaluation, { lotId })) return;
    await this.journal.commit(SYSTEM, { on: 'tender', id: tenderId, mode: 'exclusive' }, async (tx) => {
      const lot = await lotUnderEvaluation(tx.manager, tenderId, lotId);
      demand(lot.lotState === 'evaluating', 'wrong_state', 'The lot is not being evaluated.');
      const { result, frozen, missing } = compute(lot);
      demandFindings({ missing });
      const signed = await signersOf(tx.manager, lot, frozen.sha256);
      demand(isMajority(signed.length, lot), 'evaluation_incomplete', 'Most of the committee has not signed.');
      await tx.manager.insert(Evaluation, {
        id: tx.newId(),
        tenderId,
        lotId,
        result: frozen.bytes,
        resultSha256: fromBase64(frozen.sha256),
        committee: lot.able,
        completedBy: signed.at(-1)!,
        completedAt: tx.now,
      });
      if (result.failure !== undefined)
        await tx.enqueue('evaluation.fail', { tenderId, lotId }, { key: `evaluation-fail:${lotId}` });
      const body = { lot_id: lotId, result_sha256: frozen.sha256 };
      await tx.record({ type: 'evaluation.completed', tenderId, lotId, body });
      return null;
    });
  }

  /** Ends a lot whose completed evaluation names no winner, and tells every bidder at the same moment. */
  async fail(tenderId: string, lotId: string): Promise<void> {
    const completed = await this.database.manager.findOneBy(Evaluation, { lotId });
    const before = await lotUnderEvaluation(this.database.manager, tenderId, lotId);
    if (completed === null || before.lotState !== 'evaluating') return;
    await this.journal.commit(SYSTEM, { on: 'tender', id: tenderId, mode: 'exclusive' }, async (tx) => {
      const lot = await lotUnderEvaluation(tx.manager, tenderId, lotId);
      const { result } = compute(lot);
      const failed = failLot({ state: lot.lotState, boxCount: lot.bids.length, result });
      await moveLot(tx.manager, lot.tender, lotId, failed.state);
      for (const { accountId, vendorId } of await biddersOf(tx.manager, lot)) {
        const params = { tenderId, lotId, title: lot.tender.title, reason: reasonsFor(result, vendorId) };
        await tx.notify({ accountId, code: 'tender_failed', params });
      }
      await tx.record({ type: 'tender.failed', tenderId, lotId, body: { reason_code: failed.reason } });
      return null;
    });
  }
}

function signedBody(lotId: string, resultSha256: string): { lot_id: string; sha256: string } {
  return { lot_id: lotId, sha256: resultSha256 };
}

function isMajority(signed: number, { able }: LotUnderEvaluation): boolean {
  return signed * 2 > able.length;
}

/** Able evaluators who signed this result, in the order they signed. */
async function signersOf(manager: EntityManager, lot: LotUnderEvaluation, sha256: string): Promise<readonly string[]> {
  const rows = await manager.find(EvaluationSignature, {
    where: { lotId: lot.lotId },
    order: { signedAt: 'ASC', id: 'ASC' },
  });
  const same = rows.filter((row) => equalBytes(row.resultSha256, fromBase64(sha256)));
  return same.map(({ evaluatorId }) => evaluatorId).filter((id) => lot.able.includes(id));
}

function biddersOf(
  manager: EntityManager,
  { bids }: LotUnderEvaluation,
): Promise<readonly { accountId: string; vendorId: string }[]> {
  return manager.query(
    `SELECT account_id AS "accountId", organisation_id AS "vendorId" FROM role_assignment
     WHERE role = 'vendor' AND organisation_id = ANY($1) AND revoked_at IS NULL ORDER BY account_id`,
    [bids.map(({ vendorId }) => vendorId)],
  );
}

function reasonsFor(result: EvaluationResult, vendorId: string): string {
  const own = result.bids.find((bid) => bid.vendorId === vendorId);
  return own?.reasons.map(({ text }) => text).join(' ') ?? '';
}

function signatureView({ evaluatorId, resultSha256, key, sig, signedAt }: EvaluationSignature): ResultSignatureView {
  return { evaluatorId, resultSha256: toBase64(resultSha256), key, sig, signedAt: signedAt.toISOString() };
}
