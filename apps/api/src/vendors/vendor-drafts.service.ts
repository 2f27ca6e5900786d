/** The draft of a company's registration: saved task by task, so that a cut line or a closed page loses nothing. */
import { canonicalBytes, formatInstant, sha256, toBase64, type CanonicalObject } from '@segel/encoding';
import { demand, demandRoleBeside, Refusal } from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/journal/act.js';
import { Journal } from '../platform/journal/journal.js';
import { VendorDraft } from './vendor-draft.entity.js';
import type { VendorDraftView } from './vendors.dto.js';

export const RECORD_BYTES = 16 * 1024;

@Injectable()
export class VendorDraftsService {
  constructor(
    private readonly journal: Journal,
    private readonly database: Database,
  ) {}

  /** Saves the whole draft in place of the one before; what is missing in it is said when it is sent. */
  async save(actor: Actor, record: object): Promise<VendorDraftView> {
    const bytes = bytesOf(record);
    return this.journal.commit(actor, { on: 'account', id: actor.id }, async (tx) => {
      demand(actor.vendorId === undefined, 'wrong_state', 'The registration was sent already.');
      demandRoleBeside(
        actor.roles.map(({ role }) => role),
        'vendor',
      );
      // Under the account's lock nobody else inserts it between the two.
      const content = { record: record as object, savedAt: tx.now };
      const saved = await tx.manager.update(VendorDraft, { accountId: actor.id }, content);
      if (saved.affected === 0) await tx.manager.insert(VendorDraft, { accountId: actor.id, ...content });
      await tx.record({ type: 'vendor.draft_saved', body: { draft_sha256: toBase64(sha256(bytes)) } });
      return { record, savedAt: formatInstant(tx.now) };
    });
  }

  /** The own draft. @throws Refusal `not_found` */
  async read(actor: Actor): Promise<VendorDraftView> {
    const draft = await this.database.manager.findOneBy(VendorDraft, { accountId: actor.id });
    if (draft === null) throw new Refusal('not_found', 'Nothing is saved yet.');
    return { record: draft.record, savedAt: formatInstant(draft.savedAt) };
  }
}

/** What was sent is the company's record from now on; nothing personal stays here twice. */
export async function emptyDraft(tx: Tx, accountId: string): Promise<void> {
  await tx.manager.update(VendorDraft, { accountId }, { record: {} as object, savedAt: tx.now });
}

function bytesOf(record: object): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = canonicalBytes(record as CanonicalObject);
  } catch (error) {
    throw new Refusal('request_malformed', `record: ${(error as Error).message}`);
  }
  demand(bytes.length <= RECORD_BYTES, 'payload_too_large', 'The draft is too long.');
  return bytes;
}
