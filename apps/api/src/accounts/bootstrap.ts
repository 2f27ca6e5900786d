/** The first operators: invited at start while there is no account at all. */
import { invitedSha256 } from '@segel/evidence';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { setTimeout } from 'node:timers/promises';
import { IsNull, MoreThan } from 'typeorm';
import { SYSTEM } from '../platform/auth/actor.js';
import { Config } from '../platform/config/config.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/journal/act.js';
import { Journal } from '../platform/journal/journal.js';
import { AccountToken } from './account-token.entity.js';
import { Account } from './account.entity.js';
import { Links } from './links.js';
import { Organisation } from './organisation.entity.js';
import { plainEmail } from './person.js';

/** Another replica was first, or an earlier start. */
class NothingToDo extends Error {}

@Injectable()
export class Bootstrap implements OnApplicationBootstrap {
  private readonly logger = new Logger('Bootstrap');

  constructor(
    private readonly journal: Journal,
    private readonly database: Database,
    private readonly links: Links,
    private readonly config: Config,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { BOOTSTRAP_OPERATORS, WORKER } = this.config.settings;
    if (BOOTSTRAP_OPERATORS.length === 0 || WORKER === 'off' || (await this.database.manager.exists(Account))) return;
    if (!(await this.logHasBegun())) {
      this.logger.warn('The log has not begun: the first operators are invited at the next start.');
      return;
    }
    for (const email of BOOTSTRAP_OPERATORS) await this.invite(plainEmail(email));
  }

  /** One transaction an invitation; the lock and the checks under it make it safe to repeat, in replicas too. */
  private async invite(email: string): Promise<void> {
    try {
      await this.journal.commit(SYSTEM, { on: 'platform', id: 'bootstrap' }, async (tx) => {
        const waiting = { email, purpose: 'invite', usedAt: IsNull(), expiresAt: MoreThan(tx.now) };
        if ((await tx.manager.exists(Account)) || (await tx.manager.existsBy(AccountToken, waiting)))
          throw new NothingToDo();
        const organisationId = await this.organisation(tx);
        const { id } = await this.links.issue(tx, { purpose: 'invite', email, role: 'operator', organisationId });
        const role = { role: 'operator', organisation_id: organisationId };
        const body = { token_id: id, ...role, email_sha256: invitedSha256(id, email) };
        await tx.record({ type: 'account.invited', body });
      });
    } catch (error) {
      if (!(error instanceof NothingToDo)) throw error;
    }
  }

  private async organisation(tx: Tx): Promise<string> {
    const known = await tx.manager.findOneBy(Organisation, { kind: 'operator' });
    if (known !== null) return known.id;
    const id = tx.newId();
    const unidentified = { identifierScheme: null, identifier: null, createdAt: tx.now };
    const name = this.config.settings.LOG_ORIGIN;
    await tx.manager.insert(Organisation, { id, kind: 'operator', name, ...unidentified });
    return id;
  }

  /** The genesis entry is written into an empty log only: another replica may be about to. */
  private async logHasBegun(): Promise<boolean> {
    for (let i = 0; i < 100; i++) {
      const rows = await this.database.query("SELECT FROM trail WHERE type = 'log.genesis' LIMIT 1");
      if (rows.length > 0) return true;
      await setTimeout(100);
    }
    return false;
  }
}
