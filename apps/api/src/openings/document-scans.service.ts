/** Looking for malware in the documents of opened bids. Nothing is ever deleted for it: what a bidder sealed is
 *  evidence. What is found only decides how a document is shown. */
import { freezeDocument } from '@segel/procurement';
import { Injectable, Logger } from '@nestjs/common';
import { Bid } from '../bids/bid.entity.js';
import { SYSTEM } from '../platform/auth/actor.js';
import { Database } from '../platform/database/database.js';
import { Journal } from '../platform/journal/journal.js';
import { contentKey, ObjectStore } from '../platform/object-store/object-store.js';
import { Scanner } from '../platform/scanner/scanner.js';
import { DocumentScan, type DocumentVerdict } from './document-scan.entity.js';
import { OpenedDocument } from './opened-document.entity.js';

/** `pending`: a scanner is set and has not looked yet. `unscanned`: there is none. */
export type ScanState = DocumentVerdict['state'] | 'pending' | 'unscanned';

/** So many bids are read from the list at a time. */
const BATCH = 100;

@Injectable()
export class DocumentScans {
  private readonly logger = new Logger('Scanner');

  constructor(
    private readonly database: Database,
    private readonly journal: Journal,
    private readonly store: ObjectStore,
    private readonly scanner: Scanner,
  ) {}

  get configured(): boolean {
    return this.scanner.configured;
  }

  /** Scans every opened bid that was not, bid by bid. Throws when the scanner is not there: the job comes again. */
  async scanAll(): Promise<void> {
    if (!this.scanner.configured) return;
    for (;;) {
      const bids = await this.database.query<{ bid_id: string }>(
        `SELECT o.bid_id FROM opened_bid o JOIN opening p ON p.box_id = o.box_id AND p.completed_at IS NOT NULL
         WHERE o.outcome = 'opened' AND NOT EXISTS (SELECT FROM document_scan s WHERE s.bid_id = o.bid_id)
         ORDER BY o.bid_id LIMIT ${BATCH}`,
      );
      for (const { bid_id: bidId } of bids) await this.scanOne(bidId);
      if (bids.length < BATCH) return;
    }
  }

  /** How one document is to be shown. */
  async stateOf(bidId: string, position: number): Promise<ScanState> {
    const scan = await this.database.manager.findOneBy(DocumentScan, { bidId });
    const verdict = scan?.verdicts.find((one) => one.position === position);
    return verdict?.state ?? (this.scanner.configured ? 'pending' : 'unscanned');
  }

  private async scanOne(bidId: string): Promise<void> {
    const engine = await this.scanner.engine();
    const documents = await this.database.manager.find(OpenedDocument, {
      where: { bidId },
      order: { position: 'ASC' },
    });
    const verdicts: DocumentVerdict[] = [];
    for (const document of documents) verdicts.push(await this.verdictOn(document));
    const { tenderId, lotId } = await this.database.manager.findOneByOrFail(Bid, { id: bidId });
    await this.journal.commit(SYSTEM, { on: 'tender', id: tenderId, mode: 'shared' }, async (tx) => {
      await tx.manager.insert<object>(DocumentScan, { bidId, engine, verdicts, scannedAt: tx.now });
      const body = { bid_id: bidId, lot_id: lotId, engine, ...countsOf(verdicts) };
      const verdicts_sha256 = freezeDocument({ verdicts }).sha256;
      await tx.record({ type: 'opening.documents_scanned', tenderId, lotId, body: { ...body, verdicts_sha256 } });
    });
    for (const { position, state, detail } of verdicts)
      if (state === 'infected') this.logger.error(`ALARM document ${bidId}/${position} is infected: ${detail}`);
  }

  private async verdictOn({ position, sha256, sizeBytes }: OpenedDocument): Promise<DocumentVerdict> {
    const key = contentKey(sha256);
    const verdict = await this.scanner.scan(await this.store.read(key), sizeBytes);
    if (verdict.state === 'clean') return { position, state: 'clean' };
    return { position, state: verdict.state, detail: 'signature' in verdict ? verdict.signature : verdict.reason };
  }
}

function countsOf(verdicts: readonly DocumentVerdict[]): Record<DocumentVerdict['state'], number> {
  const count = (state: DocumentVerdict['state']): number => verdicts.filter((one) => one.state === state).length;
  return { clean: count('clean'), infected: count('infected'), unscannable: count('unscannable') };
}
