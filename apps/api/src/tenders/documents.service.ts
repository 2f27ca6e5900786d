/** Files of a tender: stored first, then named by the terms. */
import { equalBytes, sha256, toBase64 } from '@segel/encoding';
import { demand, demandRole } from '@segel/procurement';
import type { TenderDocument } from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { Database } from '../platform/database/database.js';
import { Journal } from '../platform/journal/journal.js';
import { ObjectStore, contentKey } from '../platform/object-store/object-store.js';
import { looksLike } from './media-types.js';
import { TenderFile } from './tender-document.entity.js';
import { teamOf, tenderUnderLock, type TenderRow } from './tender-rows.js';
import { isOnTeam } from './visible.js';

const MAX_FILES = 200;

export type FileDescription = Pick<TenderDocument, 'kind' | 'title' | 'fileName' | 'mediaType'>;

@Injectable()
export class DocumentsService {
  constructor(
    private readonly journal: Journal,
    private readonly database: Database,
    private readonly store: ObjectStore,
  ) {}

  async add(actor: Actor, tenderId: string, about: FileDescription, bytes: Uint8Array): Promise<TenderDocument> {
    demand(looksLike(about.mediaType, bytes), 'request_malformed', `The file is not ${about.mediaType}.`);
    const hash = sha256(bytes);
    // The store forgets nothing: a tender that is full must not go on filling it. The act below refuses.
    const full = (await this.database.manager.countBy(TenderFile, { tenderId })) >= MAX_FILES;
    if (!full) await this.store.put(contentKey(hash), bytes);
    return this.journal.commit(actor, { on: 'tender', id: tenderId, mode: 'exclusive' }, async (tx) => {
      const { state } = await tenderUnderLock(tx, tenderId);
      demandRole(await teamOf(tx.manager, tenderId), actor.id, 'preparer');
      const open = state === 'draft' || state === 'tendering';
      demand(open, 'wrong_state', 'Files are added to a draft or for an addendum.', { state });
      const count = await tx.manager.countBy(TenderFile, { tenderId });
      demand(count < MAX_FILES, 'payload_too_large', `A tender holds at most ${MAX_FILES} files.`);
      const id = tx.newId();
      const sizeBytes = bytes.length;
      const row = { id, tenderId, ...about, sha256: hash, sizeBytes, addedBy: actor.id, addedAt: tx.now };
      await tx.manager.insert(TenderFile, row);
      const { kind, title, fileName, mediaType } = about;
      const described = { kind, title, file_name: fileName, media_type: mediaType };
      const body = { document_id: id, sha256: toBase64(hash), size_bytes: sizeBytes, ...described };
      await tx.record({ type: 'tender.document_added', tenderId, body });
      return { id, ...about, sha256: toBase64(hash), sizeBytes };
    });
  }

  /** The bytes of a file. The public reads those that a published version of the terms names, the team all.
   *  @throws Refusal `not_found` */
  async read(
    actor: Actor,
    tender: TenderRow,
    documentId: string,
  ): Promise<{ readonly file: TenderFile; readonly bytes: Uint8Array }> {
    const file = await this.database.manager.findOneBy(TenderFile, { id: documentId, tenderId: tender.id });
    const may = file !== null && (isOnTeam(actor, tender.id) || (await this.isPublished(file)));
    demand(may, 'not_found', 'The tender has no such document.');
    const bytes = await this.store.bytes(contentKey(file.sha256));
    if (!equalBytes(sha256(bytes), file.sha256)) throw new Error(`object of document ${file.id} has other bytes`);
    return { file, bytes };
  }

  private async isPublished(file: TenderFile): Promise<boolean> {
    const rows = await this.database.query(
      `SELECT FROM tender_publication p JOIN tender_version v USING (tender_id, version)
       WHERE p.tender_id = $1 AND v.content -> 'documents' @> $2::jsonb LIMIT 1`,
      [file.tenderId, JSON.stringify([{ id: file.id }])],
    );
    return rows.length > 0;
  }
}
