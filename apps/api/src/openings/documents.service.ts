/** Documents of opened bids: for the vendor itself, evaluators without a conflict, auditors. */
import { demand, Refusal } from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { Bid } from '../bids/bid.entity.js';
import { ConflictDeclaration } from '../evaluations/conflict-declaration.entity.js';
import { holdsOnTender, holdsRole, type Actor } from '../platform/auth/actor.js';
import { Database } from '../platform/database/database.js';
import { Journal } from '../platform/journal/journal.js';
import { contentKey, ObjectStore } from '../platform/object-store/object-store.js';
import { DocumentScans, type ScanState } from './document-scans.service.js';
import { OpenedBid } from './opened-bid.entity.js';
import { OpenedDocument } from './opened-document.entity.js';
import { Opening } from './opening.entity.js';

export type DocumentBytes = {
  readonly path: string;
  readonly sizeBytes: number;
  readonly scan: ScanState;
  readonly bytes: Readable;
};
type Wanted = { readonly position: number; readonly infected?: boolean | undefined };

@Injectable()
export class Documents {
  constructor(
    private readonly database: Database,
    private readonly journal: Journal,
    private readonly store: ObjectStore,
    private readonly scans: DocumentScans,
  ) {}

  /** One document as a stream. Who may not read it leaves a refusal in the log; an auditor's reading is logged, and so
   *  is anybody's of an infected document. Those are given only to who says that they know. */
  async read(actor: Actor, tenderId: string, bidId: string, { position, infected }: Wanted): Promise<DocumentBytes> {
    const bid = await this.database.manager.findOneBy(Bid, { id: bidId, tenderId });
    demand(bid, 'not_found', 'There is no such document.');
    await this.demandReader(actor, bid);
    const document = await this.document(bidId, position);
    const scan = await this.scans.stateOf(bidId, position);
    const known = scan !== 'infected' || infected === true;
    demand(known, 'document_quarantined', 'The scanner found malware in this document; ask for it with infected=true.');
    if (scan === 'infected') await this.recordReading(actor, bid, position, 'infected bid document');
    else if (holdsRole(actor, 'auditor')) await this.recordReading(actor, bid, position, 'bid document');
    const bytes = await this.store.read(contentKey(document.sha256));
    return { path: document.path, sizeBytes: document.sizeBytes, scan, bytes };
  }

  private async demandReader(actor: Actor, { tenderId, vendorId }: Bid): Promise<void> {
    if (actor.vendorId === vendorId || holdsRole(actor, 'auditor')) return;
    const refusal = holdsOnTender(actor, tenderId, 'evaluator')
      ? await this.conflictRefusal(actor, tenderId)
      : new Refusal('not_allowed', 'Documents of bids are for their vendor, the evaluators and the auditors.');
    if (refusal === undefined) return;
    await this.journal.commit({ ...actor }, { on: 'tender', id: tenderId, mode: 'shared' }, async () => {
      throw refusal;
    });
  }

  private async conflictRefusal(actor: Actor, tenderId: string): Promise<Refusal | undefined> {
    const declared = await this.database.manager.findBy(ConflictDeclaration, { tenderId, accountId: actor.id });
    if (declared.length === 0)
      return new Refusal('conflict_not_declared', 'Declare first whether you have a conflict.');
    // A conflict may be declared after a declaration of none, and is never taken back: any one of them counts.
    const conflicted = declared.some(({ conflict }) => conflict);
    return conflicted ? new Refusal('conflict_declared', 'You declared a conflict of interest.') : undefined;
  }

  /** Before the whole box is open there is no document, whoever asks. */
  private async document(bidId: string, position: number): Promise<OpenedDocument> {
    const { manager } = this.database;
    const opened = await manager.findOneBy(OpenedBid, { bidId });
    const opening = opened && (await manager.findOneBy(Opening, { boxId: opened.boxId }));
    const document = opening?.completedAt ? await manager.findOneBy(OpenedDocument, { bidId, position }) : null;
    demand(document, 'not_found', 'There is no such document.');
    return document;
  }

  private async recordReading(
    actor: Actor,
    { id, tenderId, lotId }: Bid,
    position: number,
    what: string,
  ): Promise<void> {
    await this.journal.commit({ ...actor, request: undefined }, { on: 'none' }, async (tx) => {
      const body = { what, subject: `${id}/${position}` };
      await tx.record({ type: 'secret.read', tenderId, lotId, body });
    });
  }
}
