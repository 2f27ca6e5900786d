/** Signing keys of people: made and kept by their own clients, registered here with a proof that they hold them. */
import { fromBase64, verifyDocument, type CanonicalObject } from '@segel/encoding';
import { demand, Refusal } from '@segel/procurement';
import { decodeRecipient, type Suite } from '@segel/sealing';
import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { holdsRole, type Actor } from '../platform/auth/actor.js';
import type { Tx } from '../platform/journal/act.js';
import { Journal } from '../platform/journal/journal.js';
import { verifyEd25519 } from '../platform/log/ed25519.js';
import type { KeyRegistration } from './keys.dto.js';
import { SigningKey } from './signing-key.entity.js';

type Registered = { readonly id: string; readonly entrySha256: string; readonly leafSha256: string };
type Plan = { readonly type: 'key.vendor.registered' | 'key.authority.registered'; readonly body: CanonicalObject };

/** Keys of one person, revoked ones too: each registration is a clear entry that everybody reads for ever. */
const KEYS_MAX = 50;

@Injectable()
export class KeysService {
  constructor(private readonly journal: Journal) {}

  /** Registers the key of a vendor (for its user) or of an official. The signature is the key's own over the body of
   *  the entry, so that nobody registers a key that somebody else holds. */
  async register(actor: Actor, request: KeyRegistration): Promise<Registered> {
    const { key, sig, escrowRecipient } = request;
    return this.journal.commit(actor, { on: 'platform', id: `key:${key}` }, async (tx) => {
      const { type, body } = planOf(actor, key, escrowRecipient);
      const holds = verifyDocument(type, body, { key, sig }, verifyEd25519);
      demand(holds, 'signature_invalid', 'The signature is not the key’s own over this registration.');
      const publicKey = fromBase64(key);
      const known = await tx.manager.existsBy(SigningKey, { publicKey: Buffer.from(publicKey) });
      demand(!known, 'key_already_registered', 'This key was registered already.');
      const count = await tx.manager.countBy(SigningKey, { accountId: actor.id });
      demand(count < KEYS_MAX, 'too_many_requests', `One person registers at most ${KEYS_MAX} keys.`);
      await tx.notify({ accountId: actor.id, code: 'key_registered', params: {} });
      const recorded = await tx.record({ type, subjectId: actor.id, body, bodySig: [{ key, sig }] });
      const id = tx.newId();
      await tx.manager.insert(SigningKey, {
        id,
        accountId: actor.id,
        vendorId: actor.vendorId ?? null,
        publicKey: Buffer.from(publicKey),
        escrowRecipient: escrowRecipient ?? null,
        entrySha256: Buffer.from(recorded.entrySha256, 'base64'),
        leafSha256: Buffer.from(recorded.leafSha256, 'base64'),
        registeredAt: tx.now,
        revokedAt: null,
      });
      return { id, entrySha256: recorded.entrySha256, leafSha256: recorded.leafSha256 };
    });
  }

  /** Revokes an own key, or one of the own company. */
  async revoke(actor: Actor, keyId: string): Promise<void> {
    await this.journal.commit(actor, { on: 'platform', id: `key:${keyId}` }, async (tx) => {
      const row = await tx.manager.findOneBy(SigningKey, { id: keyId });
      const own =
        row !== null && (row.accountId === actor.id || (row.vendorId !== null && row.vendorId === actor.vendorId));
      if (!own) throw new Refusal('not_found', 'You have no such key.');
      demand(row.revokedAt === null, 'wrong_state', 'The key is revoked already.');
      await revokeKey(tx, row);
    });
  }
}

/** The key of a revoked account; nothing to do when it was revoked meanwhile. */
export async function revokeKey(tx: Tx, row: SigningKey): Promise<void> {
  await tx.manager.update(SigningKey, { id: row.id, revokedAt: IsNull() }, { revokedAt: tx.now });
  const body = { account_id: row.accountId, key: Buffer.from(row.publicKey).toString('base64') };
  const subjectId = row.accountId;
  if (row.vendorId === null) await tx.record({ type: 'key.authority.revoked', subjectId, body });
  else await tx.record({ type: 'key.vendor.revoked', subjectId, body: { ...body, vendor_id: row.vendorId } });
}

function planOf(actor: Actor, key: string, escrowRecipient: string | undefined): Plan {
  demand(actor.roles.length > 0, 'not_allowed', 'Only officials and vendors’ people register keys.');
  demand(
    escrowRecipient === undefined || (holdsRole(actor, 'auditor') && isRecipient(escrowRecipient)),
    escrowRecipient !== undefined && holdsRole(actor, 'auditor') ? 'request_malformed' : 'not_allowed',
    'Only auditors give an age recipient, and it has to be one.',
  );
  if (actor.vendorId !== undefined)
    return { type: 'key.vendor.registered', body: { account_id: actor.id, vendor_id: actor.vendorId, key } };
  const escrow: CanonicalObject = escrowRecipient === undefined ? {} : { escrow_recipient: escrowRecipient };
  return { type: 'key.authority.registered', body: { account_id: actor.id, key, ...escrow } };
}

function isRecipient(text: string): boolean {
  return (['pq1', 'x1'] satisfies Suite[]).some((suite) => {
    try {
      return decodeRecipient(suite, text).length > 0;
    } catch {
      return false;
    }
  });
}
