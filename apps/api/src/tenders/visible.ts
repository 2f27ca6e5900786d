/** Who may see a tender: its team before the publication, everybody after. */
import { demand } from '@segel/procurement';
import type { Actor } from '../platform/auth/actor.js';
import type { Database } from '../platform/database/database.js';
import { Tender } from './tender.entity.js';
import type { TenderRow } from './tender-rows.js';

export function isOnTeam(actor: Actor, tenderId: string): boolean {
  return actor.roles.some((held) => held.tenderId === tenderId);
}

/** The tender, or `not_found`: that a draft exists is nobody else's business. */
export async function visibleTender(database: Database, actor: Actor, tenderId: string): Promise<TenderRow> {
  const row = await database.manager.findOneBy(Tender, { id: tenderId });
  const visible = row !== null && (row.publishedAt !== null || isOnTeam(actor, tenderId));
  demand(visible, 'not_found', 'There is no such tender.');
  return row as TenderRow;
}
