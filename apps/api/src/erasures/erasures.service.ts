/** Two people decide on an erasure; the entry that says so is in the same transaction. The rules are in libs/evidence. */
import { fromBase64, isUuidV7, toBase64, type CanonicalObject } from '@segel/encoding';
import {
  demandErasable,
  demandErasableAccount,
  demandSecondPerson,
  demandUninvolved,
  ERASURE_REQUEST_MS,
} from '@segel/evidence';
import { demand, demandReason } from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import type { Lock, Recorded, Tx } from '../platform/journal/act.js';
import { Journal } from '../platform/journal/journal.js';
import { accountToErase, entryToErase, isAskedFor, waitingErasure, type EntryToErase } from './erasable.js';
import { ErasureDecline } from './erasure-decline.entity.js';
import { ErasureRequest } from './erasure-request.entity.js';
import { Erasure } from './erasure.entity.js';
import type { NewErasure } from './erasures.dto.js';

/** Erasures are rare: they all wait for each other. */
const LOCK: Lock = { on: 'platform', id: 'erasures' };
type Decided = Pick<Erasure, 'commitment' | 'accountId'>;

@Injectable()
export class ErasuresService {
  constructor(private readonly journal: Journal) {}

  /** The first person asks. Returns the request's id.
   *  @throws Refusal `not_found`, `entry_erased`, `entry_kept`, `entry_needed`, `wrong_state`, `role_conflict` */
  async request(actor: Actor, { entryId, accountId, reason }: NewErasure): Promise<string> {
    const one = (entryId === undefined) !== (accountId === undefined);
    demand(one, 'request_malformed', 'An erasure is of one entry or of one account.');
    return this.journal.commit(actor, LOCK, async (tx) => {
      const since = new Date(tx.now.getTime() - ERASURE_REQUEST_MS);
      const entry = entryId === undefined ? undefined : await this.erasableEntry(tx, actor, entryId);
      if (accountId !== undefined) await this.erasableAccount(tx, actor, accountId);
      const asked = await isAskedFor(tx.manager, { entryId, accountId }, since);
      demand(!asked, 'wrong_state', 'This was asked for already, and waits for an auditor.');
      const id = tx.newId();
      const row = { id, entryId: entryId ?? null, accountId: accountId ?? null, reason };
      await tx.manager.insert(ErasureRequest, { ...row, requestedBy: actor.id, requestedAt: tx.now });
      if (entry !== undefined) await tell(tx, entry, 'erasure_requested', reason);
      const object: CanonicalObject =
        entry === undefined ? { account_id: accountId! } : { commitment: toBase64(entry.commitment) };
      await tx.record({ type: 'erasure.requested', body: { request_id: id, ...object, reason } });
      return id;
    });
  }

  /** The second person confirms: everything is looked at again, for time has passed.
   *  @throws Refusal as {@link request}, `same_person_twice` */
  async confirm(actor: Actor, requestId: string): Promise<string> {
    return this.journal.commit(actor, LOCK, async (tx) => {
      const { request, waiting } = await waitingErasure(tx.manager, requestId);
      demandSecondPerson(waiting, actor.id, tx.now);
      if (request.entryId !== null) await this.confirmEntry(tx, actor, request, request.entryId);
      else await this.confirmAccount(tx, actor, request, request.accountId!);
      await tx.enqueue('erasure.carry_out', { requestId }, { key: `erasure:${requestId}` });
      return requestId;
    });
  }

  /** An auditor says no; the request is over. */
  async decline(actor: Actor, requestId: string, given: string): Promise<string> {
    return this.journal.commit(actor, LOCK, async (tx) => {
      const { waiting } = await waitingErasure(tx.manager, requestId);
      demand(!waiting.decided, 'wrong_state', 'The request was decided already.');
      const note = demandReason(given);
      await tx.manager.insert(ErasureDecline, { requestId, declinedBy: actor.id, declinedAt: tx.now });
      await tx.record({ type: 'erasure.declined', body: { request_id: requestId, note } });
      return requestId;
    });
  }

  private async confirmEntry(tx: Tx, actor: Actor, request: ErasureRequest, entryId: string): Promise<void> {
    const entry = await this.erasableEntry(tx, actor, entryId);
    const { type, commitment } = entry;
    const { reason, requestedBy } = request;
    const body = { commitment: toBase64(commitment), type, reason, requested_by: requestedBy };
    const recorded = await tx.record({ type: 'opening.erased', body });
    await this.store(tx, actor, request, { commitment, accountId: null }, recorded);
    await tell(tx, entry, 'erasure_confirmed', reason);
  }

  private async confirmAccount(tx: Tx, actor: Actor, request: ErasureRequest, accountId: string): Promise<void> {
    await this.erasableAccount(tx, actor, accountId);
    const { reason, requestedBy } = request;
    const body = { account_id: accountId, reason, requested_by: requestedBy };
    const recorded = await tx.record({ type: 'account.erased', subjectId: accountId, body });
    await this.store(tx, actor, request, { commitment: null, accountId }, recorded);
  }

  private async store(tx: Tx, actor: Actor, request: ErasureRequest, what: Decided, recorded: Recorded): Promise<void> {
    await tx.manager.insert(Erasure, {
      ...what,
      requestId: request.id,
      requestedBy: request.requestedBy,
      leafSha256: fromBase64(recorded.leafSha256),
      confirmedBy: actor.id,
      confirmedAt: tx.now,
    });
  }

  private async erasableEntry(
    tx: Tx,
    actor: Actor,
    entryId: string,
  ): Promise<EntryToErase & { readonly commitment: Uint8Array }> {
    const entry = await entryToErase(tx.manager, entryId);
    demand(!entry.erased, 'entry_erased', 'The entry was erased already.');
    demandErasable(entry, tx.now);
    demandUninvolved(entry.people, actor.id);
    const { commitment } = entry;
    if (commitment === null) throw new Error('a blinded entry has a commitment');
    return { ...entry, commitment };
  }

  private async erasableAccount(tx: Tx, actor: Actor, accountId: string): Promise<void> {
    const account = await accountToErase(tx.manager, accountId);
    demand(!account.erased, 'entry_erased', 'The personal data of the account were erased already.');
    demandErasableAccount(account, tx.now);
    demandUninvolved([accountId], actor.id);
  }
}

/** Whom the entry is about may save it, or object, while it waits. */
async function tell(tx: Tx, { people, type }: EntryToErase, code: string, reason: string): Promise<void> {
  for (const accountId of new Set(people.filter(isUuidV7)))
    await tx.notify({ accountId, code, params: { type, reason } });
}
