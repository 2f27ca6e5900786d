/** The opening itself: once every group has released, bid by bid, each in its own transaction, so that a crash
 *  anywhere goes on where it stopped (protocol section 6). */
import { fromBase64, sha256, toBase64, type CanonicalObject } from '@segel/encoding';
import {
  everyGroupReleased,
  mayCombine,
  tenderState,
  transition,
  type LotState,
  type TenderState,
} from '@segel/procurement';
import { decodeRecipient, escrowSeed, SUITES, type Manifest } from '@segel/sealing';
import { Injectable, Logger } from '@nestjs/common';
import { BidPart } from '../bids/bid-part.entity.js';
import type { Bid } from '../bids/bid.entity.js';
import { SYSTEM } from '../platform/auth/actor.js';
import { ClockWatch } from '../platform/clock/clock-watch.js';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import { failpoint } from '../platform/failpoint.js';
import type { Tx } from '../platform/journal/act.js';
import { Jobs } from '../platform/jobs/jobs.js';
import { Journal } from '../platform/journal/journal.js';
import { ObjectStore } from '../platform/object-store/object-store.js';
import { Lot } from '../tenders/lot.entity.js';
import { Tender } from '../tenders/tender.entity.js';
import { openSealedBid, type BidOpening } from './bid-opener.js';
import { coverageOf, keyOf, type Coverage } from './coverage.js';
import { OpenedBid } from './opened-bid.entity.js';
import { OpenedDocument } from './opened-document.entity.js';
import { Opening } from './opening.entity.js';
import { peopleToTell } from './people-to-tell.js';
import { gateOf, SealedBoxes, windowsOf, type SealedBox } from './sealed-boxes.js';
import { ShareRelease } from './share-release.entity.js';

/** Of a void bid nothing is opened, whatever parts of it came and whatever shares were released. */
const MISSING = { outcome: 'ciphertext_missing', detail: 'the sealed files did not come in time' } as const;

/** Another run was faster, or the lot was cancelled meanwhile: nothing is left to do, and nothing was done. */
class AlreadyDone extends Error {}

@Injectable()
export class Combine {
  private readonly logger = new Logger('Opening');

  constructor(
    private readonly database: Database,
    private readonly journal: Journal,
    private readonly boxes: SealedBoxes,
    private readonly store: ObjectStore,
    private readonly jobs: Jobs,
    private readonly clock: Clock,
    private readonly clockWatch: ClockWatch,
  ) {}

  /** Opens the box if every bid is covered, or cannot be any more; does nothing before. Runs any number of times to
   *  the same end. Throws when a bid's stored bytes are damaged: the others are decrypted then and this one waits, and with
   *  it the box. Nobody sees a document or a price before, so its vendor cannot choose by them whether to send it again;
   *  no clock ever voids it. When the bytes are gone for good, two people may cancel the lot. */
  async combine(boxId: string): Promise<void> {
    const sealed = await this.boxes.ofId(boxId);
    if (sealed === undefined) return;
    if (!(await this.isDue(sealed, await coverageOf(this.database, sealed)))) return;
    // Before it is authorised only: what was begun is finished, whatever the clock says.
    const begun = await this.database.manager.existsBy(Opening, { boxId });
    if (
      !begun &&
      (await this.clockWatch.defers({ name: 'opening.combine', payload: { boxId }, key: `clock:${boxId}` }))
    )
      return;
    await this.once(async (tx) => this.authorise(tx, sealed), sealed);
    failpoint('opening.authorised');
    if (!(await this.database.manager.existsBy(Opening, { boxId }))) return;
    // Read again: no seed is disclosed any more, and one that came meanwhile counts.
    const coverage = await coverageOf(this.database, sealed);
    const failed: string[] = [];
    for (const bid of sealed.bids) {
      if (await this.database.manager.existsBy(OpenedBid, { bidId: bid.id })) continue;
      await this.openOne(sealed, bid, coverage).catch((error: unknown) => {
        // No message of the sealing library carries a secret.
        this.logger.error(`ALARM bid ${bid.id} of box ${boxId} is not opened: ${String(error)}`);
        failed.push(bid.id);
      });
      // Damage is found by reading, not by guessing from the error: then vendor and operators hear of it at once.
      if (failed.at(-1) === bid.id)
        await this.jobs.plan('storage.examine', this.clock.now(), {
          payload: { bidId: bid.id },
          key: `storage.examine:${bid.id}`,
        });
    }
    if (failed.length > 0) throw new Error(`${failed.length} bid(s) of box ${boxId} wait for their bytes`);
    await this.once(async (tx) => this.complete(tx, sealed), sealed);
    failpoint('opening.completed');
  }

  private async isDue(sealed: SealedBox, coverage: Coverage): Promise<boolean> {
    const { box, tender, notice, bids } = sealed;
    const { manager } = this.database;
    const lot = await manager.findOneByOrFail(Lot, { id: box.lotId });
    const now = this.clock.now();
    // A cancelled lot's bids stay sealed, whoever released.
    if (lot.state !== 'closed' || now < tender.deadlineAt) return false;
    // What was authorised is finished, whatever the clock says now.
    if (await manager.existsBy(Opening, { boxId: box.id })) return true;
    const { awaited, attestation, attestations } = await gateOf(manager, sealed);
    return mayCombine({
      awaited,
      attested: attestation === 'waived' || attestations > 0,
      everyBidCovered: bids.every(({ id }) => coverage.get(id)?.covered === true),
      everyGroupReleased: everyGroupReleased(notice.groups, await manager.findBy(ShareRelease, { boxId: box.id })),
      disclosureEndAt: windowsOf(sealed).disclosureEndAt,
      now,
    });
  }

  private async once(act: (tx: Tx) => Promise<void>, { tender }: SealedBox): Promise<void> {
    try {
      await this.journal.commit(SYSTEM, { on: 'tender', id: tender.id, mode: 'exclusive' }, act);
    } catch (error) {
      if (!(error instanceof AlreadyDone)) throw error;
    }
  }

  private async authorise(tx: Tx, { box }: SealedBox): Promise<void> {
    if (await tx.manager.existsBy(Opening, { boxId: box.id })) throw new AlreadyDone();
    const { state } = await tx.manager.findOneByOrFail(Lot, { id: box.lotId });
    if (state !== 'closed') throw new AlreadyDone();
    const { tenderId, lotId, envelope, count } = box;
    await tx.manager.insert(Opening, { boxId: box.id, authorisedAt: tx.now });
    const body = { lot_id: lotId, envelope, set_root: toBase64(box.setRoot), count };
    await tx.record({ type: 'opening.authorised', tenderId, lotId, body });
  }

  private async openOne(sealed: SealedBox, bid: Bid, coverage: Coverage): Promise<void> {
    const given = coverage.get(bid.id);
    if (given?.voided === true) return this.once(async (tx) => this.keep(tx, sealed, bid, MISSING, null), sealed);
    if (given?.covered !== true) {
      const failed = {
        outcome: 'openers_failed',
        detail: 'too few valid shares, and the vendor disclosed no seed',
      } as const;
      return this.once(async (tx) => this.keep(tx, sealed, bid, failed, null), sealed);
    }
    const { manifest } = await this.boxes.manifest(bid, sealed.tender);
    const parts = await this.database.manager.find(BidPart, { where: { bidId: bid.id }, order: { position: 'ASC' } });
    const opening = await openSealedBid(this.store, {
      manifest,
      parts: parts.map((part) => part.sha256),
      key: keyOf(given, manifest),
    });
    failpoint('opening.documents_stored');
    const escrow = await this.escrow(manifest, opening.seed);
    await this.once(async (tx) => this.keep(tx, sealed, bid, opening, escrow), sealed);
    failpoint('opening.recorded');
  }

  /** The seed for the auditors, who alone can deal and decrypt again; null when nobody registered a recipient. */
  private async escrow({ context, ctx }: Manifest, seed: Uint8Array): Promise<Uint8Array | null> {
    const rows = await this.database.query<{ recipient: string }>(
      `SELECT DISTINCT k.escrow_recipient AS recipient FROM signing_key k
       JOIN role_assignment r ON r.account_id = k.account_id AND r.role = 'auditor' AND r.revoked_at IS NULL
       WHERE k.escrow_recipient IS NOT NULL AND k.revoked_at IS NULL ORDER BY 1`,
    );
    const recipients = rows.map(({ recipient }) => recipient).filter(isRecipient);
    if (recipients.length === 0) {
      this.logger.error(`ALARM no auditor has an escrow recipient: the seed of bid ${context.bid_id} is not kept`);
      return null;
    }
    const kept = { tenderId: context.tender_id, bidId: context.bid_id, ctx: fromBase64(ctx), seed };
    return escrowSeed(kept, recipients);
  }

  private async keep(
    tx: Tx,
    { box }: SealedBox,
    bid: Bid,
    opening: BidOpening | { readonly outcome: 'openers_failed' | 'ciphertext_missing'; readonly detail: string },
    seedEscrow: Uint8Array | null,
  ): Promise<void> {
    if (await tx.manager.existsBy(OpenedBid, { bidId: bid.id })) throw new AlreadyDone();
    const { tenderId, lotId } = box;
    const { outcome, detail = null } = opening;
    const opened = outcome === 'opened' ? opening : undefined;
    const recorded = await tx.record({
      type: 'bid.opened',
      tenderId,
      lotId,
      subjectId: bid.submittedBy,
      body: {
        bid_commitment: toBase64(bid.commitment),
        bid_id: bid.id,
        lot_id: lotId,
        outcome,
        ...(opened === undefined ? {} : { plaintext_root: toBase64(opened.plaintextRoot) }),
        ...(detail === null ? {} : { detail }),
        ...(seedEscrow === null ? {} : { seed_escrow_sha256: toBase64(sha256(seedEscrow)) }),
      },
    });
    const row: OpenedBid = {
      bidId: bid.id,
      boxId: box.id,
      outcome,
      detail,
      plaintextRoot: bytesOrNull(opened?.plaintextRoot),
      seal: (opened?.seal as CanonicalObject | undefined) ?? null,
      offer: opened?.offer ?? null,
      seedEscrow: bytesOrNull(seedEscrow),
      commitment: Buffer.from(fromBase64(recorded.commitment!)),
      leafSha256: Buffer.from(fromBase64(recorded.leafSha256)),
      openedAt: tx.now,
    };
    await tx.manager.insert(OpenedBid, row as object);
    for (const [position, file] of (opened?.seal.files ?? []).entries()) {
      const { path, size: sizeBytes } = file;
      const document = { bidId: bid.id, position, path, sha256: Buffer.from(fromBase64(file.sha256)), sizeBytes };
      await tx.manager.insert(OpenedDocument, document);
    }
  }

  private async complete(tx: Tx, { box, tender }: SealedBox): Promise<void> {
    const { tenderId, lotId, envelope } = box;
    const opening = await tx.manager.findOneByOrFail(Opening, { boxId: box.id });
    if (opening.completedAt !== null) throw new AlreadyDone();
    const outcomes = await tx.manager.findBy(OpenedBid, { boxId: box.id });
    const opened = outcomes.filter(({ outcome }) => outcome === 'opened').length;
    const counts = { opened, rejected: outcomes.length - opened };
    await tx.manager.update(Opening, { boxId: box.id }, { completedAt: tx.now, ...counts });
    await moveLot(tx, tenderId, lotId);
    const { title } = tender;
    const params = { tenderId, lotId, title, opened: String(opened), rejected: String(counts.rejected) };
    for (const accountId of await peopleToTell(tx.manager, box.id, tenderId)) {
      await tx.notify({ accountId, code: 'opening_completed', params });
    }
    await tx.enqueue('documents.scan', {}, { key: 'documents.scan' });
    const body = { lot_id: lotId, envelope, ...counts };
    await tx.record({ type: 'opening.completed', tenderId, lotId, body });
  }
}

async function moveLot(tx: Tx, tenderId: string, lotId: string): Promise<void> {
  const tender = await tx.manager.findOneByOrFail(Tender, { id: tenderId });
  const lots = await tx.manager.findBy(Lot, { tenderId });
  const state = transition(lots.find(({ id }) => id === lotId)!.state as LotState, 'open');
  await tx.manager.update(Lot, { id: lotId }, { state });
  const states = lots.map((lot) => (lot.id === lotId ? state : (lot.state as LotState)));
  await tx.manager.update(Tender, { id: tenderId }, { state: tenderState(tender.state as TenderState, states) });
}

function bytesOrNull(bytes: Uint8Array | null | undefined): Buffer | null {
  return bytes === null || bytes === undefined ? null : Buffer.from(bytes);
}

/** A recipient that is none would keep every bid from being opened: one auditor's slip must not. */
function isRecipient(text: string): boolean {
  return SUITES.some((suite) => {
    try {
      decodeRecipient(suite, text);
      return true;
    } catch {
      return false;
    }
  });
}
