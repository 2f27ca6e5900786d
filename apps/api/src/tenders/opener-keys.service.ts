/** Openers' keys of one tender, each signed by the opener's own registered key (protocol section 6). */
import { fromBase64, toBase64, type Signature } from '@segel/encoding';
import { decodeRecipient } from '@segel/sealing';
import { demand, demandRole, Refusal } from '@segel/procurement';
import type { TenderTerms } from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { Account } from '../accounts/account.entity.js';
import { demandOwnSignature } from '../platform/auth/own-signature.js';
import type { Actor } from '../platform/auth/actor.js';
import type { Tx } from '../platform/journal/act.js';
import { Journal } from '../platform/journal/journal.js';
import { OpenerKey } from './opener-key.entity.js';
import { newestVersion, teamOf, tenderUnderLock, versionOf, type TenderRow } from './tender-rows.js';

export type OpenerKeyInput = {
  readonly suite: TenderTerms['suite'];
  readonly recipient: string;
  readonly key: string;
  readonly sig: string;
};
export type RegisteredOpenerKey = OpenerKeyInput & { readonly openerId: string; readonly entrySha256: string };

export type RevokedOpenerKey = { readonly recipient: string; readonly revokedAt: string };

@Injectable()
export class OpenerKeysService {
  constructor(private readonly journal: Journal) {}

  /** Registers the key, or replaces it while nothing pins it. In the place of a pinned key that its opener revoked, it
   *  holds from the addendum on that pins it. */
  async register(actor: Actor, tenderId: string, input: OpenerKeyInput): Promise<RegisteredOpenerKey> {
    const { suite, recipient, key, sig } = input;
    return this.journal.commit(actor, { on: 'tender', id: tenderId, mode: 'exclusive' }, async (tx) => {
      const tender = await tenderUnderLock(tx, tenderId);
      demandRole(await teamOf(tx.manager, tenderId), actor.id, 'opener');
      demandOpen(tender);
      await demandNotPinned(tx, tender, actor.id);
      const { suite: wanted } = (await newestVersion(tx.manager, tenderId)).content;
      demand(suite === wanted, 'opener_groups_invalid', `The terms ask for keys of the suite ${wanted}.`, {
        suite: wanted,
      });
      demandRecipient(suite, recipient);
      const known = await tx.manager.existsBy(OpenerKey, { recipient });
      demand(!known, 'key_already_registered', 'This key was registered before; each tender has keys of its own.');
      const body = { tender_id: tenderId, opener_id: actor.id, suite, recipient, key };
      await demandOwnSignature(tx.manager, actor.id, 'key.opener.registered', body, { key, sig });
      const type = 'key.opener.registered';
      const { entrySha256 } = await tx.record({ type, tenderId, subjectId: actor.id, body, bodySig: [{ key, sig }] });
      await tx.manager.update(OpenerKey, { tenderId, openerId: actor.id, revokedAt: IsNull() }, { revokedAt: tx.now });
      await tx.manager.insert(OpenerKey, {
        id: tx.newId(),
        tenderId,
        openerId: actor.id,
        ...input,
        entrySha256: fromBase64(entrySha256),
        registeredAt: tx.now,
      });
      return { ...input, openerId: actor.id, entrySha256 };
    });
  }

  /** The opener lost the key, or somebody else has it. The officers hear of it: bids are sealed to it until an addendum
   *  names another. */
  async revoke(actor: Actor, tenderId: string, { key, sig }: Signature): Promise<RevokedOpenerKey> {
    return this.journal.commit(actor, { on: 'tender', id: tenderId, mode: 'exclusive' }, async (tx) => {
      const tender = await tenderUnderLock(tx, tenderId);
      const team = await teamOf(tx.manager, tenderId);
      demandRole(team, actor.id, 'opener');
      demandOpen(tender);
      const row = await tx.manager.findOneBy(OpenerKey, { tenderId, openerId: actor.id, revokedAt: IsNull() });
      demand(row, 'opener_key_missing', 'You have no key for this tender.');
      const { recipient } = row;
      const body = { tender_id: tenderId, opener_id: actor.id, recipient, key };
      await demandOwnSignature(tx.manager, actor.id, 'key.opener.revoked', body, { key, sig });
      await tx.manager.update(OpenerKey, { id: row.id }, { revokedAt: tx.now });
      const { title } = (await newestVersion(tx.manager, tenderId)).content;
      const { name: opener } = await tx.manager.findOneByOrFail(Account, { id: actor.id });
      for (const { accountId, role } of team)
        if (role === 'preparer' || role === 'approver')
          await tx.notify({ accountId, code: 'opener_key_revoked', params: { tenderId, title, opener } });
      const bodySig = [{ key, sig }];
      await tx.record({ type: 'key.opener.revoked', tenderId, subjectId: actor.id, body, bodySig });
      return { recipient, revokedAt: tx.now.toISOString() };
    });
  }
}

export function openerKeyView(row: OpenerKey): RegisteredOpenerKey {
  const { openerId, suite, recipient, key, sig, entrySha256 } = row;
  return { openerId, suite: suite as TenderTerms['suite'], recipient, key, sig, entrySha256: toBase64(entrySha256) };
}

function demandOpen({ state }: TenderRow): void {
  const open = state === 'draft' || state === 'tendering';
  demand(open, 'wrong_state', 'Keys are not registered in this state.', { state });
}

/** What the notice in force pins, bids are sealed to: a lost key is revoked first, or another person takes the seat. By
 *  the addendum that follows, every bid is sealed again. */
async function demandNotPinned(tx: Tx, { state, id, version }: TenderRow, openerId: string): Promise<void> {
  if (state === 'draft') return;
  const { content } = await versionOf(tx.manager, id, version);
  const pinned = content.groups.some((group) => group.openerIds.includes(openerId));
  const holds = pinned && (await tx.manager.existsBy(OpenerKey, { tenderId: id, openerId, revokedAt: IsNull() }));
  demand(!holds, 'wrong_state', 'The notice in force pins the key of this opener: revoke it first.', { state });
}

function demandRecipient(suite: TenderTerms['suite'], recipient: string): void {
  try {
    decodeRecipient(suite, recipient);
  } catch {
    throw new Refusal('request_malformed', `The recipient is not a usable public key of the suite ${suite}.`);
  }
}
