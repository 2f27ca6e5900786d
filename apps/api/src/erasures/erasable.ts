/** What an erasure is about, as the act finds it under its lock. */
import type { EntryTypeName, ErasableAccount, ErasableEntry, WaitingErasure } from '@segel/evidence';
import { demand, type TenderState } from '@segel/procurement';
import type { EntityManager } from 'typeorm';
import { Account } from '../accounts/account.entity.js';
import { ErasureDecline } from './erasure-decline.entity.js';
import { ErasureRequest } from './erasure-request.entity.js';
import { Erasure } from './erasure.entity.js';

export type EntryToErase = ErasableEntry & { readonly commitment: Uint8Array | null; readonly erased: boolean };

type Row = {
  readonly type: EntryTypeName;
  readonly at: Date;
  readonly actor_id: string;
  readonly subject_id: string | null;
  readonly commitment: Buffer | null;
  readonly state: TenderState | null;
  readonly idx: number | null;
  readonly erased: boolean;
};

/** The entry of this id. Throws `not_found`. */
export async function entryToErase(manager: EntityManager, entryId: string): Promise<EntryToErase> {
  const [row] = await manager.query<Row[]>(
    `SELECT t.type, t.at, t.actor_id, t.subject_id, t.commitment, n.state, e.idx, x.request_id IS NOT NULL AS erased
     FROM trail t LEFT JOIN tender n ON n.id = t.tender_id
     LEFT JOIN tlog.entry e ON sha256(e.data) = t.leaf_sha256
     LEFT JOIN erasure x ON x.commitment = t.commitment
     WHERE t.id = $1`,
    [entryId],
  );
  demand(row, 'not_found', 'There is no such entry.');
  return {
    type: row.type,
    at: row.at,
    people: [row.actor_id, ...(row.subject_id === null ? [] : [row.subject_id])],
    tenderState: row.state,
    inOpenPeriod: await isInOpenPeriod(manager, row.idx),
    commitment: row.commitment,
    erased: row.erased,
  };
}

/** From the publication of a tender to the close of its box, until the box is opened. An entry without a place in the
 *  log could still come to lie there. */
async function isInOpenPeriod(manager: EntityManager, index: number | null): Promise<boolean> {
  if (index === null) return true;
  const [row] = await manager.query<{ open: boolean }[]>(
    `SELECT EXISTS (
       SELECT FROM lot l JOIN tender_publication p ON p.tender_id = l.tender_id
       JOIN tlog.entry n ON sha256(n.data) = p.leaf_sha256
       LEFT JOIN box x ON x.lot_id = l.id
       WHERE l.state IN ('tendering', 'closing', 'closed') AND n.idx <= $1 AND (x.id IS NULL OR $1 < x.cut_size)) AS open`,
    [index],
  );
  return row?.open !== false;
}

/** The account, and whether its personal data were erased already. Throws `not_found`. */
export async function accountToErase(
  manager: EntityManager,
  accountId: string,
): Promise<ErasableAccount & { readonly erased: boolean }> {
  const account = await manager.findOneBy(Account, { id: accountId });
  demand(account, 'not_found', 'There is no such account.');
  const [row] = await manager.query<{ answers: boolean }[]>(
    `SELECT EXISTS (SELECT FROM signing_key WHERE account_id = $1)
       OR EXISTS (SELECT FROM role_assignment WHERE account_id = $1 AND role <> 'vendor') AS answers`,
    [accountId],
  );
  const erased = await manager.existsBy(Erasure, { accountId });
  return { id: accountId, revokedAt: account.revokedAt, answers: row?.answers !== false, erased };
}

/** The request, and what happened to it and to who made it. Throws `not_found`. */
export async function waitingErasure(
  manager: EntityManager,
  requestId: string,
): Promise<{ readonly request: ErasureRequest; readonly waiting: WaitingErasure }> {
  const request = await manager.findOneBy(ErasureRequest, { id: requestId });
  demand(request, 'not_found', 'There is no such request.');
  const requester = await manager.findOneByOrFail(Account, { id: request.requestedBy });
  const decided =
    (await manager.existsBy(Erasure, { requestId })) || (await manager.existsBy(ErasureDecline, { requestId }));
  const { requestedBy, requestedAt } = request;
  return { request, waiting: { requestedBy, requestedAt, requesterRevoked: requester.revokedAt !== null, decided } };
}

/** True when the same was asked for after `since` and nobody has decided it. */
export async function isAskedFor(
  manager: EntityManager,
  object: { readonly entryId?: string | undefined; readonly accountId?: string | undefined },
  since: Date,
): Promise<boolean> {
  const [row] = await manager.query<{ asked: boolean }[]>(
    `SELECT EXISTS (
       SELECT FROM erasure_request r JOIN account a ON a.id = r.requested_by AND a.revoked_at IS NULL
       WHERE (r.entry_id = $1 OR r.account_id = $2) AND r.requested_at > $3
         AND NOT EXISTS (SELECT FROM erasure_decline d WHERE d.request_id = r.id)) AS asked`,
    [object.entryId ?? null, object.accountId ?? null, since],
  );
  return row?.asked === true;
}
