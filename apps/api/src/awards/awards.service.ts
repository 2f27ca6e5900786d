/** The intended award, the end of its standstill, and the award (procurement.md section 7). */
import type { CanonicalObject } from '@segel/encoding';
import { formatInstant, parseInstant } from '@segel/encoding';
import { decideAward, demand, demandStandstillEnd, draftStandstillEnd, intendAward, Refusal } from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import { demandOwnSignature } from '../platform/auth/own-signature.js';
import { holdsOnTender, SYSTEM, type Actor } from '../platform/auth/actor.js';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import type { Lock, Tx } from '../platform/journal/act.js';
import { placesOf } from '../platform/log/places.js';
import { Journal } from '../platform/journal/journal.js';
import { Vendor } from '../vendors/vendor.entity.js';
import { announceAward } from './award-notices.js';
import { Award } from './award.entity.js';
import type { AnnouncedAwardView, AwardActView, AwardView, DecideAwardDto, IntendAwardDto } from './awards.dto.js';
import {
  awardTeam,
  completedEvaluation,
  lotForAward,
  moveLot,
  vendorStanding,
  type CompletedEvaluation,
  type LotForAward,
} from './lot-for-award.js';

const ENTRIES = ['evaluation.completed', 'award.intended', 'award.standstill_ended', 'award.decided'] as const;

@Injectable()
export class AwardsService {
  constructor(
    private readonly database: Database,
    private readonly journal: Journal,
    private readonly clock: Clock,
  ) {}

  /** Before the announcement the draft, for the award authority alone; afterwards everything, for everybody. */
  async read(actor: Actor, tenderId: string, lotId: string): Promise<AwardView> {
    const { manager } = this.database;
    const lot = await lotForAward(manager, tenderId, lotId);
    const authority = holdsOnTender(actor, tenderId, 'award_authority');
    const { lotState: state, award, tender } = lot;
    if (award === null && !authority) {
      demand(state === 'failed', 'not_found', 'No award of this lot is announced.');
      const failure = lot.evaluation && (await completedEvaluation(manager, lot)).result.failure;
      return { lotId, state, ...(failure ? { failure } : {}) };
    }
    const completed = await completedEvaluation(manager, lot);
    const { document, sha256, signatures, result } = completed;
    const view = {
      lotId,
      state,
      result: document,
      resultSha256: sha256,
      signatures: signatures.map(({ evaluatorId, key, sig }) => ({ evaluatorId, key, sig })),
      ...(result.failure === undefined ? {} : { failure: result.failure }),
      ...(authority ? await this.grounds(lot, completed) : {}),
    };
    if (award === null) {
      const end = draftStandstillEnd(this.clock.now(), tender.rulePack);
      return state === 'evaluating' && result.winner ? { ...view, body: intendedBody(lotId, completed, end) } : view;
    }
    const vendor = await manager.findOneByOrFail(Vendor, { id: award.vendorId });
    const announced = announcedView(award, completed, vendor.name);
    const open = authority && award.decidedAt === null;
    const entries = await placesOf(this.database, tenderId, lotId, ENTRIES);
    return { ...view, entries, award: announced, ...(open ? { decisionBody: awardBody(lotId, completed) } : {}) };
  }

  /** What only the award authority weighs before it signs. */
  private async grounds(
    { evaluation, award }: LotForAward,
    { result }: CompletedEvaluation,
  ): Promise<Pick<AwardView, 'standing' | 'committee'>> {
    const committee = [...(evaluation?.committee ?? [])];
    if (result.winner === undefined || (award !== null && award.decidedAt !== null)) return { committee };
    const { manager } = this.database;
    const { vendorId } = result.winner;
    const { name: vendorName } = await manager.findOneByOrFail(Vendor, { id: vendorId });
    const { status, blacklistedUntil } = await vendorStanding(manager, vendorId);
    const excluded = blacklistedUntil && blacklistedUntil > this.clock.now();
    const until = excluded ? { excludedUntil: blacklistedUntil.toISOString() } : {};
    return { committee, standing: { vendorName, approved: status === 'approved', ...until } };
  }

  /** Announces the first rank to everybody at once; the standstill begins. */
  async intend(actor: Actor, tenderId: string, lotId: string, dto: IntendAwardDto): Promise<AwardActView> {
    const stated = instantOf(dto.standstillEndAt);
    return this.journal.commit(actor, exclusive(tenderId), async (tx) => {
      const lot = await lotForAward(tx.manager, tenderId, lotId);
      const completed = await completedEvaluation(tx.manager, lot);
      const { result } = completed;
      const { lotState, tender } = lot;
      const pack = tender.rulePack;
      const decision = intendAward({
        lotState,
        accountId: actor.id,
        ...(await awardTeam(tx.manager, tenderId, lot.evaluation)),
        completedBy: completed.signatures.map(({ evaluatorId }) => evaluatorId),
        result,
        vendor: result.winner ? await vendorStanding(tx.manager, result.winner.vendorId) : { status: 'pending' },
        pack,
        now: tx.now,
      });
      demandStandstillEnd(stated, tx.now, pack);
      const body = intendedBody(lotId, completed, stated);
      const { key, sig } = dto;
      await demandOwnSignature(tx.manager, actor.id, 'award.intended', body, { key, sig });
      const { bidId, vendorId, amount, currency } = decision;
      await tx.manager.insert(Award, {
        id: tx.newId(),
        tenderId,
        lotId,
        bidId,
        vendorId,
        amount,
        currency,
        intendedBy: actor.id,
        intendedAt: tx.now,
        standstillEndAt: stated,
      });
      await moveLot(tx.manager, tender, lotId, decision.lotState);
      await this.announce(tx, 'award_intended', lot, completed, stated);
      if (decision.lotState === 'standstill')
        await tx.enqueue('award.standstill_end', { tenderId, lotId }, { runAt: stated, key: `standstill:${lotId}` });
      const bodySig = [{ key, sig }];
      const recorded = await tx.record({ type: 'award.intended', tenderId, lotId, body, bodySig });
      const { entrySha256, leafSha256 } = recorded;
      return { lotId, state: decision.lotState, entrySha256, leafSha256 };
    });
  }

  /** Records that the standstill is over. Throws when it is not: the job runs again. */
  async endStandstill(tenderId: string, lotId: string): Promise<void> {
    const { lotState, award } = await lotForAward(this.database.manager, tenderId, lotId);
    if (award === null || award.standstillEndedAt !== null || lotState !== 'standstill') return;
    await this.journal.commit(SYSTEM, exclusive(tenderId), async (tx) => {
      const lot = await lotForAward(tx.manager, tenderId, lotId);
      demand(lot.lotState === 'standstill', 'wrong_state', 'The lot is not in its standstill.');
      if (tx.now < award.standstillEndAt) throw new Error(`the standstill of lot ${lotId} is not over`);
      await tx.manager.update(Award, { id: award.id }, { standstillEndedAt: tx.now });
      await tx.record({ type: 'award.standstill_ended', tenderId, lotId, body: { lot_id: lotId } });
      return null;
    });
  }

  /** The award, after the standstill. Its end must be in the log first. */
  async decide(actor: Actor, tenderId: string, lotId: string, { key, sig }: DecideAwardDto): Promise<AwardActView> {
    return this.journal.commit(actor, exclusive(tenderId), async (tx) => {
      const lot = await lotForAward(tx.manager, tenderId, lotId);
      const { lotState, award, tender } = lot;
      demand(award, 'wrong_state', 'No award of this lot is announced.', { state: lotState });
      const { standstillEndAt } = award;
      const { assignments } = await awardTeam(tx.manager, tenderId, lot.evaluation);
      const vendor = await vendorStanding(tx.manager, award.vendorId);
      const act = { lotState, accountId: actor.id, assignments, standstillEndAt, vendor, now: tx.now };
      const decision = decideAward(act);
      const ended = award.standstillEndedAt !== null || lotState !== 'standstill';
      demand(ended, 'standstill_running', 'The end of the standstill is not recorded yet.');
      const completed = await completedEvaluation(tx.manager, lot);
      const body = awardBody(lotId, completed);
      await demandOwnSignature(tx.manager, actor.id, 'award.decided', body, { key, sig });
      await tx.manager.update(Award, { id: award.id }, { decidedBy: actor.id, decidedAt: tx.now });
      await moveLot(tx.manager, tender, lotId, decision.lotState);
      await this.announce(tx, 'award_decided', lot, completed, standstillEndAt);
      const bodySig = [{ key, sig }];
      const recorded = await tx.record({ type: 'award.decided', tenderId, lotId, body, bodySig });
      const { entrySha256, leafSha256 } = recorded;
      return { lotId, state: decision.lotState, entrySha256, leafSha256 };
    });
  }

  private async announce(
    tx: Tx,
    code: 'award_intended' | 'award_decided',
    { tender, lotId }: LotForAward,
    { result }: CompletedEvaluation,
    standstillEndAt: Date,
  ): Promise<void> {
    const winner = await tx.manager.findOneByOrFail(Vendor, { id: result.winner!.vendorId });
    await announceAward(tx, code, { tender, lotId, result, winnerName: winner.name, standstillEndAt });
  }
}

function exclusive(tenderId: string): Lock {
  return { on: 'tender', id: tenderId, mode: 'exclusive' };
}

/** What `award.decided` says; `award.intended` adds the end of the standstill. */
function awardBody(lotId: string, { result, sha256 }: CompletedEvaluation): CanonicalObject {
  const { commitment, vendorId, amount } = result.winner!;
  return {
    lot_id: lotId,
    bid_commitment: commitment,
    vendor_id: vendorId,
    amount,
    currency: result.currency,
    result_sha256: sha256,
  };
}

function intendedBody(lotId: string, completed: CompletedEvaluation, standstillEndAt: Date): CanonicalObject {
  return { ...awardBody(lotId, completed), standstill_end: formatInstant(standstillEndAt) };
}

function instantOf(text: string): Date {
  try {
    return parseInstant(text);
  } catch {
    throw new Refusal('request_malformed', 'standstillEndAt is not an instant.');
  }
}

function announcedView(award: Award, { result }: CompletedEvaluation, vendorName: string): AnnouncedAwardView {
  const { bidId, vendorId, amount, currency, standstillEndedAt, decidedAt } = award;
  return {
    bidId,
    bidCommitment: result.winner!.commitment,
    vendorId,
    vendorName,
    amount,
    currency,
    intendedAt: award.intendedAt.toISOString(),
    standstillEndAt: award.standstillEndAt.toISOString(),
    ...(standstillEndedAt === null ? {} : { standstillEndedAt: standstillEndedAt.toISOString() }),
    ...(decidedAt === null ? {} : { decidedAt: decidedAt.toISOString() }),
  };
}
