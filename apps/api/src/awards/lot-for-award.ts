/** What an award is decided on: the completed evaluation, the team, the winner's standing. */
import { fromDocument, parseCanonicalObject, toBase64, type CanonicalObject } from '@segel/encoding';
import { demand, tenderState } from '@segel/procurement';
import type {
  Assignment,
  ConflictDeclaration,
  EvaluationResult,
  LotState,
  Role,
  TenderState,
  VendorStanding,
} from '@segel/procurement';
import type { EntityManager } from 'typeorm';
import { IsNull } from 'typeorm';
import { RoleAssignment } from '../accounts/role-assignment.entity.js';
import { EvaluationSignature } from '../evaluations/evaluation-signature.entity.js';
import { Evaluation } from '../evaluations/evaluation.entity.js';
import { Lot } from '../tenders/lot.entity.js';
import { Tender } from '../tenders/tender.entity.js';
import { VendorExclusion } from '../vendors/vendor-exclusion.entity.js';
import { Vendor } from '../vendors/vendor.entity.js';
import { Award } from './award.entity.js';

export type LotForAward = {
  readonly tender: Tender;
  readonly lotId: string;
  readonly lotState: LotState;
  readonly evaluation: Evaluation | null;
  readonly award: Award | null;
};

export type CompletedEvaluation = {
  readonly result: EvaluationResult;
  readonly document: CanonicalObject;
  readonly sha256: string;
  /** Signatures over exactly this result. */
  readonly signatures: readonly EvaluationSignature[];
};

/** Everybody's roles, with those who evaluated as evaluators still: who left the committee afterwards neither undoes
 *  its result nor awards it. */
export type AwardTeam = {
  readonly assignments: readonly Assignment[];
  readonly declarations: readonly ConflictDeclaration[];
};

/** Throws `not_found` when the tender has no such lot. */
export async function lotForAward(manager: EntityManager, tenderId: string, lotId: string): Promise<LotForAward> {
  const tender = await manager.findOneBy(Tender, { id: tenderId });
  const lot = await manager.findOneBy(Lot, { id: lotId, tenderId });
  demand(tender && lot, 'not_found', 'The tender has no such lot.');
  const evaluation = await manager.findOneBy(Evaluation, { lotId });
  const award = await manager.findOneBy(Award, { lotId });
  return { tender, lotId, lotState: lot.state as LotState, evaluation, award };
}

/** The stored result, as its bytes say it. Throws `evaluation_incomplete` when there is none. */
export async function completedEvaluation(
  manager: EntityManager,
  { lotId, evaluation }: Pick<LotForAward, 'lotId' | 'evaluation'>,
): Promise<CompletedEvaluation> {
  demand(evaluation, 'evaluation_incomplete', 'The evaluation of the lot is not completed.');
  const document = parseCanonicalObject(new Uint8Array(evaluation.result));
  const sha256 = toBase64(evaluation.resultSha256);
  const signed = await manager.find(EvaluationSignature, { where: { lotId }, order: { signedAt: 'ASC' } });
  const signatures = signed.filter((row) => toBase64(row.resultSha256) === sha256);
  return { result: fromDocument<EvaluationResult>(document), document, sha256, signatures };
}

export async function awardTeam(
  manager: EntityManager,
  tenderId: string,
  evaluation: Evaluation | null,
): Promise<AwardTeam> {
  const rows = await manager.find(RoleAssignment, { where: { tenderId, revokedAt: IsNull() }, order: { id: 'ASC' } });
  const team = rows.map(({ accountId, role }) => ({ accountId, role: role as Role }));
  const committee = evaluation?.committee ?? [];
  const absent = committee.filter((id) => !team.some((one) => one.accountId === id && one.role === 'evaluator'));
  return {
    assignments: [...team, ...absent.map((accountId) => ({ accountId, role: 'evaluator' as const }))],
    declarations: committee.map((accountId) => ({ accountId, conflict: false })),
  };
}

export async function vendorStanding(manager: EntityManager, vendorId: string): Promise<VendorStanding> {
  const vendor = await manager.findOneByOrFail(Vendor, { id: vendorId });
  const [exclusion] = await manager.find(VendorExclusion, {
    where: { vendorId, endedAt: IsNull() },
    order: { untilAt: 'DESC' },
    take: 1,
  });
  const status = vendor.state === 'approved' ? 'approved' : vendor.state === 'rejected' ? 'rejected' : 'pending';
  return { status, blacklistedUntil: exclusion?.untilAt ?? null };
}

/** Moves the lot, and the tender's state with it. */
export async function moveLot(manager: EntityManager, tender: Tender, lotId: string, state: LotState): Promise<void> {
  await manager.update(Lot, { id: lotId }, { state });
  const lots = await manager.findBy(Lot, { tenderId: tender.id });
  const states = lots.map((lot) => lot.state as LotState);
  await manager.update(Tender, { id: tender.id }, { state: tenderState(tender.state as TenderState, states) });
}
