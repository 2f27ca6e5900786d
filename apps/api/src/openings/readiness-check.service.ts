/** Before the deadline: who let a challenge lie hears of it, and so do the officers, who can still act (section 6). */
import { isOverdue } from '@segel/procurement';
import { Injectable, Logger } from '@nestjs/common';
import { Account } from '../accounts/account.entity.js';
import { SYSTEM } from '../platform/auth/actor.js';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import { Journal } from '../platform/journal/journal.js';
import { Tender } from '../tenders/tender.entity.js';
import { officersOf } from './people-to-tell.js';
import { ReadinessChallenge } from './readiness-challenge.entity.js';
import { ReadinessProof } from './readiness-proof.entity.js';
import { ReadinessWarning } from './readiness-warning.entity.js';
import { Readiness, readinessEntry, type Standing } from './readiness.service.js';

type Missing = Standing & { readonly challengeId: string };

@Injectable()
export class ReadinessCheck {
  private readonly logger = new Logger('Readiness');

  constructor(
    private readonly database: Database,
    private readonly journal: Journal,
    private readonly readiness: Readiness,
    private readonly clock: Clock,
  ) {}

  /** Warns of every challenge that is overdue, each once however often the job runs; raises the alarm when a group has
   *  fewer ready openers than it needs. */
  async warn(tenderId: string): Promise<void> {
    const tender = await this.database.manager.findOneBy(Tender, { id: tenderId });
    const now = this.clock.now();
    if (tender?.state !== 'tendering' || !tender.deadlineAt || now >= tender.deadlineAt) return;
    const { calendar } = tender.rulePack;
    const standings = await this.readiness.standings(tenderId);
    for (const one of standings) {
      if (one.state !== 'asked' || !isOverdue(one.askedAt!, calendar, now)) continue;
      const warned = await this.database.manager.existsBy(ReadinessWarning, { challengeId: one.challengeId! });
      if (!warned) await this.warnOf(tender, { ...one, challengeId: one.challengeId! }, standings);
    }
    for (const { name, ready, k } of groupsOf(standings)) {
      if (ready < k) this.logger.error(`ALARM tender ${tenderId}: ${ready} of ${k} openers of ${name} are ready`);
    }
  }

  private async warnOf(tender: Tender, missing: Missing, standings: readonly Standing[]): Promise<void> {
    const { id: tenderId, title } = tender;
    const { challengeId, openerId } = missing;
    const { ready, k, name: group } = groupsOf(standings).find(({ name }) => name === missing.group)!;
    await this.journal.commit(SYSTEM, { on: 'tender', id: tenderId, mode: 'shared' }, async (tx) => {
      const challenge = await tx.manager.findOneByOrFail(ReadinessChallenge, { id: challengeId });
      const { name: opener } = await tx.manager.findOneByOrFail(Account, { id: openerId });
      // An answer that came meanwhile is answered with this warning, and shows in the next check.
      if (!(await tx.manager.existsBy(ReadinessProof, { challengeId }))) {
        const params = { tenderId, title, opener, group, ready: String(ready), needed: String(k) };
        await tx.notify({ accountId: openerId, code: 'readiness_overdue', params: { tenderId, title } });
        const code = ready < k ? 'readiness_alarm' : 'readiness_missing';
        for (const accountId of await officersOf(tx.manager, tenderId)) await tx.notify({ accountId, code, params });
      }
      await tx.manager.insert(ReadinessWarning, { challengeId, warnedAt: tx.now });
      await tx.record(readinessEntry(challenge, 'missing'));
    });
  }
}

function groupsOf(standings: readonly Standing[]): readonly { name: string; k: number; ready: number }[] {
  const names = [...new Set(standings.map(({ group }) => group))];
  return names.map((name) => {
    const members = standings.filter(({ group }) => group === name);
    return { name, k: members[0]!.k, ready: members.filter(({ state }) => state === 'ready').length };
  });
}
