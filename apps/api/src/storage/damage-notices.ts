/** Who hears of a damaged object: the operators, and the people of the vendor whose bid it is. */
import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/journal/act.js';
import type { Owner } from './stored-objects.js';

@Injectable()
export class DamageNotices {
  /** Operators hear what kind of object it is and no more: they must not learn who bids before the opening. */
  async send(tx: Tx, owners: readonly Owner[]): Promise<void> {
    const kind = owners[0]?.kind ?? 'unnamed';
    for (const accountId of await peopleOf(tx, 'operator', null))
      await tx.notify({ accountId, code: 'object_damaged', params: { kind } });
    // What was opened before is the operator's to recover: a vendor can send back what it sealed.
    const sealed = owners.filter(({ kind: one }) => one === 'bid_part' || one === 'bid_manifest');
    for (const { tenderId, bidId, vendorId } of sealed) {
      const [tender] = await tx.manager.query<{ title: string }[]>('SELECT title FROM tender WHERE id = $1', [
        tenderId,
      ]);
      const params = { tenderId: tenderId!, bidId: bidId!, title: tender!.title };
      for (const accountId of await peopleOf(tx, 'vendor', vendorId))
        await tx.notify({ accountId, code: 'bid_damaged', params });
    }
  }
}

async function peopleOf(
  tx: Tx,
  role: 'operator' | 'vendor',
  organisationId: string | null,
): Promise<readonly string[]> {
  const rows = await tx.manager.query<{ id: string }[]>(
    `SELECT DISTINCT r.account_id AS id FROM role_assignment r JOIN account a ON a.id = r.account_id
     WHERE r.role = $1 AND r.revoked_at IS NULL AND a.revoked_at IS NULL
       AND ($2::uuid IS NULL OR r.organisation_id = $2) ORDER BY 1`,
    [role, organisationId],
  );
  return rows.map(({ id }) => id);
}
