/** Whom the close of a box concerns. Notices name accounts, never numbers or other vendors. */
import type { EnvelopeKind } from '@segel/procurement';
import type { EntityManager } from 'typeorm';
import type { Tx } from '../platform/journal/act.js';
import type { FrozenBox } from './box-freeze.js';
import type { PublishedTender } from './bid-window.js';

/** Tells the vendors whether they are in, the auditors to attest, and the openers to release: later, while sealed files
 *  may still come.
 *  @param awaits vendors in the box whose sealed files are still owed */
export async function notifyClosed(
  tx: Tx,
  published: PublishedTender,
  place: { readonly lotId: string; readonly envelope: EnvelopeKind },
  boxId: string,
  box: FrozenBox,
  awaits?: { readonly dueAt: Date; readonly vendorIds: readonly string[] },
): Promise<void> {
  const due: Readonly<Record<string, string>> = awaits === undefined ? {} : { due: awaits.dueAt.toISOString() };
  const params = { tenderId: published.id, title: published.title, lotId: place.lotId, boxId };
  const tell = async (code: string, accountIds: readonly string[]): Promise<void> => {
    const dated = code.startsWith('ciphertext_') ? { ...params, ...due } : params;
    for (const accountId of accountIds) await tx.notify({ accountId, code, params: dated });
  };
  await tell(
    'bid_in_box',
    await peopleOf(
      tx.manager,
      'vendor',
      box.valid.map(({ vendorId }) => vendorId),
    ),
  );
  await tell('bid_not_in_box', await peopleOf(tx.manager, 'vendor', box.leftOut));
  if (awaits !== undefined) await tell('ciphertext_owed', await peopleOf(tx.manager, 'vendor', awaits.vendorIds));
  if (box.valid.length === 0) return;
  if (published.pack.attestation === 'required') {
    await tell('attestation_requested', await peopleOf(tx.manager, 'auditor'));
  }
  await tell(
    awaits === undefined ? 'release_requested' : 'ciphertext_then_release',
    published.groups.flatMap(({ openers }) => openers.map(({ opener_id }) => opener_id)),
  );
}

/** Accounts that hold a role in these organisations, or in any. */
export async function peopleOf(
  manager: EntityManager,
  role: 'vendor' | 'auditor',
  organisationIds?: readonly string[],
): Promise<readonly string[]> {
  const rows = await manager.query<{ account_id: string }[]>(
    `SELECT DISTINCT r.account_id FROM role_assignment r JOIN account a ON a.id = r.account_id
     WHERE r.role = $1 AND r.revoked_at IS NULL AND a.revoked_at IS NULL
       AND ($2::uuid[] IS NULL OR r.organisation_id = ANY ($2)) ORDER BY r.account_id`,
    [role, organisationIds ?? null],
  );
  return rows.map((row) => row.account_id);
}
