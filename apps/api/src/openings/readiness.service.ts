/** Do the openers still hold their keys? Asked before the deadline, while it can still be extended (section 6). */
import { toBase64 } from '@segel/encoding';
import { demand, openerReadiness, type OpenerReadiness } from '@segel/procurement';
import { drawSealRandomness, isReadinessAnswer, makeReadinessChallenge, type Suite } from '@segel/sealing';
import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { holdsOnTender, SYSTEM, type Actor } from '../platform/auth/actor.js';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import type { EntryDraft, Tx } from '../platform/journal/act.js';
import { Journal } from '../platform/journal/journal.js';
import { OpenerKey } from '../tenders/opener-key.entity.js';
import { Tender } from '../tenders/tender.entity.js';
import { decoded } from './decoded.js';
import type { OpenChallengeView, ReadinessView } from './openings.dto.js';
import { ReadinessChallenge } from './readiness-challenge.entity.js';
import { ReadinessProof } from './readiness-proof.entity.js';
import { groupOf, SealedBoxes } from './sealed-boxes.js';

/** How one opener of the notice stands. */
export type Standing = {
  readonly openerId: string;
  readonly group: string;
  /** Openers that the group needs. */
  readonly k: number;
  readonly state: OpenerReadiness;
  readonly challengeId: string | undefined;
  readonly askedAt: Date | undefined;
  readonly provedAt: Date | undefined;
};

const DAY_MS = 24 * 60 * 60 * 1000;

@Injectable()
export class Readiness {
  constructor(
    private readonly database: Database,
    private readonly journal: Journal,
    private readonly boxes: SealedBoxes,
    private readonly clock: Clock,
  ) {}

  /** A drill, at any time while tendering: an officer asks every opener that the notice names, each in its own act;
   *  an opener asks itself. */
  async ask(actor: Actor, tenderId: string): Promise<void> {
    const officer = holdsOnTender(actor, tenderId, 'preparer') || holdsOnTender(actor, tenderId, 'approver');
    for (const opener of await this.pinnedKeys(tenderId))
      if (officer || opener.openerId === actor.id) await this.askOne(actor, tenderId, opener);
  }

  /** The same by the clock, for openers who were not asked within half a day: a job that runs twice asks once.
   *  Nobody is asked after the deadline. */
  async askDue(tenderId: string): Promise<void> {
    const tender = await this.database.manager.findOneBy(Tender, { id: tenderId });
    const now = this.clock.now();
    if (tender?.state !== 'tendering' || !tender.deadlineAt || now >= tender.deadlineAt) return;
    const since = now.getTime() - (tender.rulePack.calendar.dayMs ?? DAY_MS) / 2;
    for (const opener of await this.pinnedKeys(tenderId)) {
      const asked = await this.newest(tenderId, opener.openerId);
      if (asked === undefined || asked.askedAt.getTime() < since) await this.askOne(SYSTEM, tenderId, opener);
    }
  }

  /** The opener's own challenges that wait for an answer: the newest of each tender. */
  async own(actor: Actor): Promise<readonly OpenChallengeView[]> {
    const rows = await this.database.query<{
      id: string;
      tender_id: string;
      suite: string;
      wrap: Buffer;
      asked_at: Date;
    }>(
      `SELECT * FROM (
         SELECT DISTINCT ON (c.tender_id) c.id, c.tender_id, k.suite, c.wrap, c.asked_at,
           EXISTS (SELECT FROM readiness_proof p WHERE p.challenge_id = c.id) AS proved
         FROM readiness_challenge c
         JOIN tender t ON t.id = c.tender_id AND t.state = 'tendering'
         JOIN opener_key k ON k.tender_id = c.tender_id AND k.opener_id = c.opener_id AND k.revoked_at IS NULL
         WHERE c.opener_id = $1 ORDER BY c.tender_id, c.id DESC) newest
       WHERE NOT proved ORDER BY id LIMIT 200`,
      [actor.id],
    );
    return rows.map(({ id, tender_id: tenderId, suite, wrap, asked_at: askedAt }) => ({
      id,
      tenderId,
      suite,
      wrap: toBase64(wrap),
      askedAt: askedAt.toISOString(),
    }));
  }

  /** Takes the answer, which only the key's holder can give. A wrong one is logged as a failed check. */
  async prove(actor: Actor, challengeId: string, answer: string): Promise<void> {
    const challenge = await this.database.manager.findOneBy(ReadinessChallenge, {
      id: challengeId,
      openerId: actor.id,
    });
    demand(challenge, 'readiness_unknown', 'You have no such challenge.');
    const stage = (name: 'proved' | 'failed'): EntryDraft => readinessEntry(challenge, name);
    await this.journal.commit(
      actor,
      { on: 'tender', id: challenge.tenderId, mode: 'shared' },
      async (tx) => {
        const proved = await tx.manager.existsBy(ReadinessProof, { challengeId });
        demand(!proved, 'readiness_unknown', 'The challenge was answered before.');
        const right = isReadinessAnswer(decoded(answer), challenge.expectedSha256);
        demand(right, 'readiness_wrong', 'The answer is not that of the key this challenge was made for.');
        await tx.manager.insert(ReadinessProof, { challengeId, provedAt: tx.now });
        await tx.record(stage('proved'));
      },
      { onRefusal: ({ code }) => (code === 'readiness_wrong' ? stage('failed') : undefined) },
    );
  }

  /** Who was asked last and who proved, for the team: losses show while the tender can be extended. */
  async ofTender(tenderId: string): Promise<readonly ReadinessView[]> {
    return (await this.standings(tenderId)).map(({ openerId, group, k, state, askedAt, provedAt }) => ({
      openerId,
      group,
      k,
      state,
      ...(askedAt === undefined ? {} : { askedAt: askedAt.toISOString() }),
      ...(provedAt === undefined ? {} : { provedAt: provedAt.toISOString() }),
    }));
  }

  /** Every opener of the notice in force, with the newest challenge. */
  async standings(tenderId: string): Promise<readonly Standing[]> {
    const { groups } = await this.boxes.notice(tenderId);
    const rows = await this.database.query<{ id: string; opener_id: string; asked_at: Date; proved_at: Date | null }>(
      `SELECT DISTINCT ON (c.opener_id) c.id, c.opener_id, c.asked_at, p.proved_at
       FROM readiness_challenge c LEFT JOIN readiness_proof p ON p.challenge_id = c.id
       WHERE c.tender_id = $1 ORDER BY c.opener_id, c.id DESC`,
      [tenderId],
    );
    const holding = new Set((await this.pinnedKeys(tenderId)).map(({ openerId }) => openerId));
    return groups.flatMap(({ name: group, k, openers }) =>
      openers.map(({ openerId }) => {
        const last = rows.find((row) => row.opener_id === openerId);
        const times = { askedAt: last?.asked_at, provedAt: last?.proved_at ?? undefined };
        const state = openerReadiness({ keyHolds: holding.has(openerId), ...times });
        return { openerId, group, k, state, challengeId: last?.id, ...times };
      }),
    );
  }

  private async pinnedKeys(tenderId: string): Promise<readonly OpenerKey[]> {
    const notice = await this.boxes.notice(tenderId);
    const keys = await this.database.manager.findBy(OpenerKey, { tenderId, revokedAt: IsNull() });
    return keys.filter(({ openerId, entrySha256 }) =>
      groupOf(notice, openerId)?.openers.some(
        (pinned) => pinned.openerId === openerId && pinned.keyEntrySha256 === toBase64(entrySha256),
      ),
    );
  }

  private async newest(tenderId: string, openerId: string): Promise<ReadinessChallenge | undefined> {
    const { manager } = this.database;
    return (
      (await manager.findOne(ReadinessChallenge, { where: { tenderId, openerId }, order: { id: 'DESC' } })) ?? undefined
    );
  }

  /** The log holds the hash of the expected answer before anybody can be shown the challenge. */
  private async askOne(actor: Actor, tenderId: string, { openerId, suite, recipient }: OpenerKey): Promise<void> {
    // One request of the preparer is several acts: a replay key would answer the second with the first.
    const by = { ...actor, request: undefined };
    await this.journal.commit(by, { on: 'tender', id: tenderId, mode: 'shared' }, async (tx: Tx) => {
      const tender = await tx.manager.findOneBy(Tender, { id: tenderId });
      demand(tender?.state === 'tendering', 'wrong_state', 'Openers are asked while the tender takes bids.');
      const { nonce, ...age } = drawSealRandomness(suite as Suite, (length) => this.clock.random(length));
      const subject = { tenderId, openerId };
      const { wrap, answerSha256 } = makeReadinessChallenge(suite as Suite, recipient, subject, nonce, age);
      const challenge = {
        id: tx.newId(),
        tenderId,
        openerId,
        wrap: Buffer.from(wrap),
        expectedSha256: Buffer.from(answerSha256),
      };
      await tx.manager.insert(ReadinessChallenge, { ...challenge, askedAt: tx.now });
      await tx.notify({ accountId: openerId, code: 'readiness_requested', params: { tenderId, title: tender.title } });
      await tx.record(readinessEntry(challenge, 'asked'));
    });
  }
}

/** The entry of a challenge at a stage. */
export function readinessEntry(
  { id, tenderId, openerId, expectedSha256 }: Omit<ReadinessChallenge, 'wrap' | 'askedAt'>,
  stage: 'asked' | 'proved' | 'failed' | 'missing',
): EntryDraft {
  const body = { opener_id: openerId, challenge_id: id, stage, expected_sha256: toBase64(expectedSha256) };
  return { type: 'opening.readiness', tenderId, subjectId: openerId, body };
}
