/** What an evaluation is computed from: rows that were frozen before anybody evaluates, and the findings. Read inside
 *  the act, after its lock, or for a preview. */
import type { CanonicalObject } from '@segel/encoding';
import { toBase64 } from '@segel/encoding';
import {
  ableEvaluators,
  consensus,
  demand,
  evaluate,
  parseOffer,
  Refusal,
  resultDocument,
  tenderState,
} from '@segel/procurement';
import type {
  Assignment,
  BidFinding,
  Consensus,
  EvaluationResult,
  FrozenDocument,
  LotState,
  OpenedBid,
  OpeningFailure,
  Role,
  TenderState,
  TenderTerms,
} from '@segel/procurement';
import type { EntityManager } from 'typeorm';
import { IsNull } from 'typeorm';
import { RoleAssignment } from '../accounts/role-assignment.entity.js';
import { Box } from '../bids/box.entity.js';
import { Lot } from '../tenders/lot.entity.js';
import { Tender } from '../tenders/tender.entity.js';
import { TenderVersion } from '../tenders/tender-version.entity.js';
import { ConflictDeclaration } from './conflict-declaration.entity.js';
import { Finding } from './finding.entity.js';

/** Who may evaluate a tender. */
export type Committee = {
  readonly assignments: readonly Assignment[];
  readonly declarations: readonly ConflictDeclaration[];
  /** Assigned, declared, without conflict. */
  readonly able: readonly string[];
};

export type LotUnderEvaluation = Committee & {
  readonly tender: Tender;
  readonly lotId: string;
  readonly lotState: LotState;
  /** The terms in force. */
  readonly terms: TenderTerms;
  readonly setRoot: string;
  readonly bids: readonly OpenedBid[];
  readonly findings: readonly BidFinding[];
};

export type Computed = Consensus & { readonly result: EvaluationResult; readonly frozen: FrozenDocument };

/** States of a lot whose box was opened. */
export const OPENED: readonly LotState[] = [
  'opened',
  'evaluating',
  'intended_award',
  'standstill',
  'awarded',
  'failed',
];

/** The tender's team and its declarations; an evaluator's latest declaration comes last. */
export async function committeeOf(manager: EntityManager, tenderId: string): Promise<Committee> {
  const team = await manager.find(RoleAssignment, { where: { tenderId, revokedAt: IsNull() }, order: { id: 'ASC' } });
  // A conflict is never taken back, so it is the later declaration, whatever the clock says.
  const declarations = await manager.find(ConflictDeclaration, { where: { tenderId }, order: { conflict: 'ASC' } });
  const assignments = team.map(({ accountId, role }) => ({ accountId, role: role as Role }));
  return { assignments, declarations, able: ableEvaluators(assignments, declarations) };
}

/** The lot with everything its evaluation takes.
 *  @throws Refusal `not_found`, `wrong_state` before the lot's box is opened */
export async function lotUnderEvaluation(
  manager: EntityManager,
  tenderId: string,
  lotId: string,
): Promise<LotUnderEvaluation> {
  const tender = await manager.findOneBy(Tender, { id: tenderId });
  const lot = await manager.findOneBy(Lot, { id: lotId, tenderId });
  demand(tender && lot, 'not_found', 'The tender has no such lot.');
  const lotState = lot.state as LotState;
  demand(OPENED.includes(lotState), 'wrong_state', 'The bids of the lot are not opened.', { state: lotState });
  const box = await manager.findOneBy(Box, { lotId, envelope: 'single' });
  if (box === null) throw new Error(`lot ${lotId} is ${lotState} and has no box`);
  return {
    ...(await committeeOf(manager, tenderId)),
    tender,
    lotId,
    lotState,
    terms: await termsInForce(manager, tenderId),
    setRoot: toBase64(box.setRoot),
    bids: await openedBids(manager, box.id),
    findings: await findingsOf(manager, lotId),
  };
}

/** The result everybody gets from the same rows: no clock, no caller, no order of rows goes into it. */
export function compute(lot: LotUnderEvaluation): Computed {
  const agreed = consensus({ committee: lot.able, bids: lot.bids, findings: lot.findings });
  const { terms, lotId, setRoot, bids } = lot;
  const result = evaluate({ terms, pack: lot.tender.rulePack, lotId, setRoot, bids, rejections: agreed.rejections });
  return { ...agreed, result, frozen: resultDocument(result) };
}

/** Moves the lot, and the tender's state with it. */
export async function moveLot(manager: EntityManager, tender: Tender, lotId: string, state: LotState): Promise<void> {
  await manager.update(Lot, { id: lotId }, { state });
  const lots = await manager.findBy(Lot, { tenderId: tender.id });
  const states = lots.map((lot) => lot.state as LotState);
  await manager.update(Tender, { id: tender.id }, { state: tenderState(tender.state as TenderState, states) });
}

async function termsInForce(manager: EntityManager, tenderId: string): Promise<TenderTerms> {
  const [row] = await manager.query<{ version: number }[]>(
    'SELECT max(version) AS version FROM tender_publication WHERE tender_id = $1',
    [tenderId],
  );
  const version = await manager.findOneBy(TenderVersion, { tenderId, version: row!.version });
  if (version === null) throw new Error(`tender ${tenderId} has no published version`);
  return version.content;
}

type BidRow = {
  readonly bidId: string;
  readonly vendorId: string;
  readonly commitment: Buffer;
  readonly index: number | null;
  readonly outcome: string | null;
  readonly offer: CanonicalObject | null;
};

async function openedBids(manager: EntityManager, boxId: string): Promise<readonly OpenedBid[]> {
  const rows = await manager.query<BidRow[]>(
    `SELECT b.id AS "bidId", b.vendor_id AS "vendorId", b.commitment, e.idx AS index, o.outcome, o.offer
     FROM box_bid x JOIN bid b ON b.id = x.bid_id
     LEFT JOIN opened_bid o ON o.bid_id = b.id
     LEFT JOIN tlog.entry e ON sha256(e.data) = b.leaf_sha256
     WHERE x.box_id = $1 ORDER BY b.id`,
    [boxId],
  );
  return rows.map(openedBid);
}

function openedBid({ bidId, vendorId, commitment, index, outcome, offer }: BidRow): OpenedBid {
  if (index === null) throw new Error(`bid ${bidId} is in a box and not in the log`);
  if (outcome === null) throw new Error(`bid ${bidId} has no outcome though its box was opened`);
  const bid = { bidId, vendorId, commitment: toBase64(commitment), index };
  if (outcome !== 'opened') return { ...bid, offer: null, failure: outcome as OpeningFailure };
  try {
    if (offer !== null) return { ...bid, offer: parseOffer(offer) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
  return { ...bid, offer: null, failure: 'offer_malformed' };
}

async function findingsOf(manager: EntityManager, lotId: string): Promise<readonly BidFinding[]> {
  const rows = await manager.find(Finding, { where: { lotId }, order: { id: 'ASC' } });
  return rows.map(({ bidId, evaluatorId, admitted, criterionId, evidence, reason }) => ({
    bidId,
    evaluatorId,
    admitted,
    ...(criterionId === null ? {} : { criterionId }),
    ...(evidence === null ? {} : { evidence }),
    ...(reason === null ? {} : { text: reason }),
  }));
}
