/** Openers' keys of one tender, each signed by the opener's own registered key (protocol section 6). */
import { fromBase64, toBase64 } from '@segel/encoding';
import { decodeRecipient } from '@segel/sealing';
import { demand, demandRole, Refusal } from '@segel/procurement';
import type { TenderTerms } from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
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

@Injectable()
export class OpenerKeysService {
  constructor(private readonly journal: Journal) {}

  /** Registers the key, or replaces it while nothing pins it. */
  async register(actor: Actor, tenderId: string, input: OpenerKeyInput): Promise<RegisteredOpenerKey> {
    const { suite, recipient, key, sig } = input;
    return this.journal.commit(actor, { on: 'tender', id: tenderId, mode: 'exclusive' }, async (tx) => {
      const tender = await tenderUnderLock(tx, tenderId);
      demandRole(await teamOf(tx.manager, tenderId), actor.id, 'opener');
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
}

export function openerKeyView(row: OpenerKey): RegisteredOpenerKey {
  const { openerId, suite, recipient, key, sig, entrySha256 } = row;
  return { openerId, suite: suite as TenderTerms['suite'], recipient, key, sig, entrySha256: toBase64(entrySha256) };
}

/** A key that the notice in force pins is what bids are sealed to: an opener who lost it is replaced by an addendum
 *  that names another person, so that every bid is sealed again. */
async function demandNotPinned(tx: Tx, tender: TenderRow, openerId: string): Promise<void> {
  const { state, id, version } = tender;
  demand(state === 'draft' || state === 'tendering', 'wrong_state', 'Keys are not registered in this state.', {
    state,
  });
  if (state === 'draft') return;
  const { content } = await versionOf(tx.manager, id, version);
  const pinned = content.groups.some((group) => group.openerIds.includes(openerId));
  demand(!pinned, 'wrong_state', 'The notice in force pins the key of this opener.', { state });
}

function demandRecipient(suite: TenderTerms['suite'], recipient: string): void {
  try {
    decodeRecipient(suite, recipient);
  } catch {
    throw new Refusal('request_malformed', `The recipient is not a usable public key of the suite ${suite}.`);
  }
}
