/** Declarations of interest, what the evaluators see, and what each of them finds. */
import { toBase64 } from '@segel/encoding';
import {
  checkFinding,
  demand,
  demandEvaluator,
  findingDocument,
  Refusal,
  transition,
  type BidFinding,
} from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import { In, type ObjectLiteral } from 'typeorm';
import { DocumentScan } from '../openings/document-scan.entity.js';
import { OpenedDocument } from '../openings/opened-document.entity.js';
import { Scanner } from '../platform/scanner/scanner.js';
import { demandOwnSignature } from '../platform/auth/own-signature.js';
import type { Actor } from '../platform/auth/actor.js';
import { Database } from '../platform/database/database.js';
import { pageOf } from '../platform/http/page.js';
import type { Lock } from '../platform/journal/act.js';
import { Journal } from '../platform/journal/journal.js';
import { Tender } from '../tenders/tender.entity.js';
import { Vendor } from '../vendors/vendor.entity.js';
import { ConflictDeclaration } from './conflict-declaration.entity.js';
import { Evaluation } from './evaluation.entity.js';
import type {
  CommittedFindingView,
  DeclarationDto,
  DeclarationView,
  FindingDto,
  BidFindingView,
  OpenedBidsQuery,
  OpenedBidsView,
  OpenedDocumentView,
} from './evaluations.dto.js';
import { Finding } from './finding.entity.js';
import { committeeOf, lotUnderEvaluation, moveLot, type LotUnderEvaluation } from './lot-under-evaluation.js';

@Injectable()
export class FindingsService {
  constructor(
    private readonly database: Database,
    private readonly journal: Journal,
    private readonly scanner: Scanner,
  ) {}

  /** Who declared no conflict may declare one later: bidders are known only after the opening. Never the reverse. */
  async declare(actor: Actor, tenderId: string, { conflict, key, sig }: DeclarationDto): Promise<DeclarationView> {
    return this.journal.commit(actor, exclusive(tenderId), async (tx) => {
      const tender = await tx.manager.findOneBy(Tender, { id: tenderId });
      demand(tender?.publishedAt, 'wrong_state', 'The tender is not published.');
      const earlier = await tx.manager.findBy(ConflictDeclaration, { tenderId, accountId: actor.id });
      const repeats = earlier.some((declaration) => declaration.conflict || declaration.conflict === conflict);
      demand(!repeats, 'wrong_state', 'The declaration was made, and a conflict is not taken back.');
      const body = { tender_id: tenderId, account_id: actor.id, conflict };
      await demandOwnSignature(tx.manager, actor.id, 'evaluation.conflict_declared', body, { key, sig });
      const id = tx.newId();
      const declaration = { id, tenderId, accountId: actor.id, conflict, body, key, sig, declaredAt: tx.now };
      await tx.manager.insert<ObjectLiteral>(ConflictDeclaration, declaration);
      const recorded = await tx.record({
        type: 'evaluation.conflict_declared',
        tenderId,
        body,
        bodySig: [{ key, sig }],
      });
      return { id, conflict, declaredAt: tx.now.toISOString(), leafSha256: recorded.leafSha256 };
    });
  }

  /** The bids of the box as opened, with the own finding, and those of others where the own one is committed. */
  async openedBids(actor: Actor, tenderId: string, lotId: string, query: OpenedBidsQuery): Promise<OpenedBidsView> {
    await this.admit(actor, tenderId);
    const lot = await lotUnderEvaluation(this.database.manager, tenderId, lotId);
    const { after = '', limit = 50 } = query;
    const rest = lot.bids.filter(({ bidId }) => bidId > after).map((bid) => ({ ...bid, id: bid.bidId }));
    const { items, next } = pageOf(rest, limit);
    const names = await this.vendorNames(items.map(({ vendorId }) => vendorId));
    const documents = await this.documentsOf(items.map(({ id }) => id));
    return {
      items: items.map((bid) => ({
        id: bid.id,
        commitment: bid.commitment,
        vendorId: bid.vendorId,
        vendorName: names.get(bid.vendorId) ?? '',
        outcome: bid.offer === null ? bid.failure : 'opened',
        ...(bid.offer === null ? {} : { offer: bid.offer }),
        documents: documents.get(bid.id) ?? [],
        findings: visibleFindings(lot, bid.id, actor.id),
      })),
      ...(next === undefined ? {} : { next }),
    };
  }

  /** Commits one finding on one bid. The first one of the lot begins its evaluation. */
  async find(actor: Actor, tenderId: string, lotId: string, dto: FindingDto): Promise<CommittedFindingView> {
    return this.journal.commit(actor, exclusive(tenderId), async (tx) => {
      const { assignments, declarations } = await committeeOf(tx.manager, tenderId);
      demandEvaluator(actor.id, assignments, declarations);
      const lot = await lotUnderEvaluation(tx.manager, tenderId, lotId);
      const state = lot.lotState === 'opened' ? transition(lot.lotState, 'begin_evaluation') : lot.lotState;
      demand(state === 'evaluating', 'wrong_state', 'The lot is not being evaluated.', { state });
      const completed = await tx.manager.existsBy(Evaluation, { lotId });
      demand(!completed, 'wrong_state', 'The evaluation is completed.');
      const finding = findingOf(actor.id, dto);
      checkFinding(finding, lot.terms, lot.bids);
      const repeated = lot.findings.some(({ bidId, evaluatorId }) => bidId === dto.bidId && evaluatorId === actor.id);
      demand(!repeated, 'wrong_state', 'Your finding on this bid is committed and is not changed.');
      const { sha256 } = findingDocument({ ...finding, tenderId, lotId });
      const id = tx.newId();
      const { text: reason, ...found } = finding;
      await tx.manager.insert(Finding, { ...found, ...(reason && { reason }), id, tenderId, lotId, foundAt: tx.now });
      if (state !== lot.lotState) await moveLot(tx.manager, lot.tender, lotId, state);
      const body = { account_id: actor.id, lot_id: lotId, bid_id: dto.bidId, finding_sha256: sha256 };
      const recorded = await tx.record({ type: 'evaluation.score_committed', tenderId, lotId, body });
      return { id, findingSha256: sha256, leafSha256: recorded.leafSha256 };
    });
  }

  /** Lets an evaluator read. A read that the rule refuses leaves its entry, as a refused act does. */
  async admit(actor: Actor, tenderId: string): Promise<void> {
    const { assignments, declarations } = await committeeOf(this.database.manager, tenderId);
    try {
      demandEvaluator(actor.id, assignments, declarations);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const lock: Lock = { on: 'tender', id: tenderId, mode: 'shared' };
      await this.journal.commit(actor, lock, () => Promise.reject(error));
    }
  }

  private async vendorNames(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await this.database.manager.findBy(Vendor, { id: In([...ids]) });
    return new Map(rows.map(({ id, name }) => [id, name]));
  }

  private async documentsOf(bidIds: readonly string[]): Promise<ReadonlyMap<string, OpenedDocumentView[]>> {
    const rows = await this.database.manager.find(OpenedDocument, {
      where: { bidId: In([...bidIds]) },
      order: { bidId: 'ASC', position: 'ASC' },
    });
    const scans = await this.database.manager.findBy(DocumentScan, { bidId: In([...bidIds]) });
    const view = (row: OpenedDocument): OpenedDocumentView => {
      const verdicts = scans.find(({ bidId }) => bidId === row.bidId)?.verdicts;
      const scanned = verdicts?.find(({ position }) => position === row.position)?.state;
      return documentView(row, scanned ?? (this.scanner.configured ? 'pending' : 'unscanned'));
    };
    return new Map(bidIds.map((id) => [id, rows.filter(({ bidId }) => bidId === id).map(view)]));
  }
}

function exclusive(tenderId: string): Lock {
  return { on: 'tender', id: tenderId, mode: 'exclusive' };
}

function findingOf(evaluatorId: string, { bidId, admitted, criterionId, evidence, reason }: FindingDto): BidFinding {
  return {
    bidId,
    evaluatorId,
    admitted,
    ...(criterionId === undefined ? {} : { criterionId }),
    ...(evidence === undefined ? {} : { evidence }),
    ...(reason === undefined ? {} : { text: reason }),
  };
}

function documentView({ position, path, sha256, sizeBytes }: OpenedDocument, scan: string): OpenedDocumentView {
  return { position, path, sha256: toBase64(sha256), sizeBytes, scan };
}

function visibleFindings({ findings }: LotUnderEvaluation, bidId: string, evaluatorId: string): BidFindingView[] {
  const ofBid = findings.filter((finding) => finding.bidId === bidId);
  if (!ofBid.some((finding) => finding.evaluatorId === evaluatorId)) return [];
  return ofBid.map(({ text, ...finding }) => ({ ...finding, ...(text === undefined ? {} : { reason: text }) }));
}
