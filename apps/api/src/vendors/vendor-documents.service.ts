/** Documents of a registration: licences, deeds, tax papers. */
import { formatInstant, sha256, toBase64, type CanonicalObject } from '@segel/encoding';
import { demand, Refusal } from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { holdsRole, type Actor } from '../platform/auth/actor.js';
import { Database } from '../platform/database/database.js';
import { Journal } from '../platform/journal/journal.js';
import { contentKey, ObjectStore } from '../platform/object-store/object-store.js';
import { VendorDocument } from './vendor-document.entity.js';
import { vendorOf } from './vendor-rows.js';
import type { VendorDocumentQuery, VendorDocumentView } from './vendors.dto.js';

/** What a file of an allowed type begins with: a name alone would let anything in. */
const BEGINNINGS: Readonly<Record<string, readonly number[]>> = {
  'application/pdf': [0x25, 0x50, 0x44, 0x46, 0x2d],
  'image/jpeg': [0xff, 0xd8, 0xff],
  'image/png': [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
};
const DOCUMENTS_MAX = 100;

@Injectable()
export class VendorDocumentsService {
  constructor(
    private readonly journal: Journal,
    private readonly database: Database,
    private readonly store: ObjectStore,
  ) {}

  /** Stores the bytes, then their row: no row without bytes. */
  async add(actor: Actor, vendorId: string, query: VendorDocumentQuery, bytes: unknown): Promise<VendorDocumentView> {
    demand(actor.vendorId === vendorId, 'not_found', 'There is no such company.');
    demand(bytes instanceof Uint8Array && bytes.length > 0, 'request_malformed', 'Send the bytes as octet-stream.');
    const { kind, fileName, mediaType, expiresOn = null } = query;
    const begins = BEGINNINGS[mediaType]?.every((byte, i) => bytes[i] === byte) === true;
    demand(begins, 'request_malformed', 'The file is not of the type it says.', { mediaType });
    demand(expiresOn === null || isDay(expiresOn), 'request_malformed', 'expiresOn is not a day.');
    const digest = sha256(bytes);
    // The store forgets nothing: a full registration must not go on filling it. The act below refuses.
    const full = (await this.database.manager.countBy(VendorDocument, { vendorId })) >= DOCUMENTS_MAX;
    if (!full) await this.store.put(contentKey(digest), bytes);
    return this.journal.commit(actor, { on: 'vendor', id: vendorId }, async (tx) => {
      const vendor = await vendorOf(tx, vendorId);
      demand(vendor.state !== 'rejected', 'wrong_state', 'The registration was rejected; the decision is final.');
      const count = await tx.manager.countBy(VendorDocument, { vendorId });
      demand(count < DOCUMENTS_MAX, 'payload_too_large', 'A registration holds at most one hundred documents.');
      const row = {
        id: tx.newId(),
        vendorId,
        kind,
        fileName,
        mediaType,
        sha256: Buffer.from(digest),
        sizeBytes: bytes.length,
        expiresOn,
        addedAt: tx.now,
      };
      await tx.manager.insert(VendorDocument, row);
      const expires: CanonicalObject = expiresOn === null ? {} : { expires_on: expiresOn };
      const described = { file_name: fileName, media_type: mediaType, size_bytes: bytes.length, ...expires };
      const body = { vendor_id: vendorId, document_id: row.id, kind, sha256: toBase64(digest), ...described };
      await tx.record({ type: 'vendor.document_added', subjectId: actor.id, body });
      return viewOf(row);
    });
  }

  /** The bytes of a document; who is not of the company leaves an entry by reading. */
  async read(actor: Actor, vendorId: string, documentId: string): Promise<{ row: VendorDocument; bytes: Readable }> {
    const own = actor.vendorId === vendorId;
    const may = own || holdsRole(actor, 'operator', 'auditor');
    const row = may ? await this.database.manager.findOneBy(VendorDocument, { id: documentId, vendorId }) : null;
    if (row === null) throw new Refusal('not_found', 'There is no such document.');
    if (!own) {
      // Each reading is an act of its own, also when a client repeats the request under one key.
      await this.journal.commit({ ...actor, request: undefined }, { on: 'none' }, async (tx) => {
        await tx.record({ type: 'secret.read', body: { what: 'vendor_document', subject: documentId } });
      });
    }
    return { row, bytes: await this.store.read(contentKey(row.sha256)) };
  }
}

export function viewOf(row: VendorDocument): VendorDocumentView {
  const { id, kind, fileName, mediaType, sizeBytes, expiresOn } = row;
  return {
    id,
    kind,
    fileName,
    mediaType,
    sizeBytes,
    sha256: toBase64(row.sha256),
    addedAt: formatInstant(row.addedAt),
    ...(expiresOn === null ? {} : { expiresOn }),
  };
}

function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00.000Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
