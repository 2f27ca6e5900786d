/** People and companies whose acts an auditor looks for. */
import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { Database } from '../platform/database/database.js';
import { Journal } from '../platform/journal/journal.js';
import { recordReading } from '../platform/journal/reading.js';
import type { FoundActorView } from './audit.dto.js';

const MOST = 20;
const ACCOUNT = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

@Injectable()
export class AuditedActors {
  constructor(
    private readonly database: Database,
    private readonly journal: Journal,
  ) {}

  /** By a part of the name or the address, companies also by their number. That somebody looked is logged; for whom is not:
   *  the words are personal data, and a log forgets nothing. */
  async search(actor: Actor, words: string): Promise<readonly FoundActorView[]> {
    await recordReading(this.journal, actor, { what: 'actors', subject: 'search' });
    const like = `%${words.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
    const people = await this.database.query<FoundActorView>(
      `SELECT 'person' AS kind, a.id, a.name, a.email, coalesce(r.roles, '{}') AS roles FROM account a
       LEFT JOIN LATERAL (SELECT array_agg(DISTINCT role ORDER BY role) AS roles FROM role_assignment
         WHERE account_id = a.id AND revoked_at IS NULL) r ON true
       WHERE lower(a.name) LIKE $1 OR a.email LIKE $1 ORDER BY lower(a.name), a.id LIMIT $2`,
      [like, MOST],
    );
    const companies = await this.database.query<FoundActorView>(
      `SELECT 'company' AS kind, id, name, '{}'::text[] AS roles FROM vendor
       WHERE lower(name) LIKE $1 OR lower(identifier) LIKE $1 ORDER BY lower(name), id LIMIT $2`,
      [like, MOST],
    );
    return [...people, ...companies];
  }
}

/** What the person or the company is called; undefined when there is neither. */
export async function nameOf(
  database: Database,
  actorId: string | undefined,
  vendorId: string | undefined,
): Promise<string | undefined> {
  const account = actorId !== undefined && ACCOUNT.test(actorId) ? actorId : null;
  const [row] = await database.query<{ readonly name: string }>(
    `SELECT name FROM account WHERE id = $1 UNION ALL SELECT name FROM vendor WHERE id = $2 LIMIT 1`,
    [account, vendorId ?? null],
  );
  return row?.name;
}
