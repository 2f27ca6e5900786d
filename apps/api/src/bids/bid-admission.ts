/** Admission of a sealed bid (protocol section 5): the object first, then its record, under the tender's shared lock. */
import { fromBase64, toBase64, type CanonicalObject, type Envelope, type Signature } from '@segel/encoding';
import { Refusal, admitBid, ciphertextDueAt, demand } from '@segel/procurement';
import { SealError, checkManifest, openManifest, type Manifest } from '@segel/sealing';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { Clock } from '../platform/clock/clock.js';
import { Config } from '../platform/config/config.js';
import { Database } from '../platform/database/database.js';
import { failpoint } from '../platform/failpoint.js';
import type { Recorded, Tx } from '../platform/journal/act.js';
import { Journal } from '../platform/journal/journal.js';
import { verifyEd25519 } from '../platform/log/ed25519.js';
import { Receipts } from '../platform/log/receipts.js';
import { BidPart } from './bid-part.entity.js';
import { BidParts } from './bid-parts.js';
import { commitOrProveRefusal } from './bid-refusals.js';
import { demandVendorSignature, lockVendorsBids, once, vendorOf, versionsAt } from './bid-rows.js';
import { publishedTender, standingOf, type PublishedTender } from './bid-window.js';
import { Bid } from './bid.entity.js';

export type Submission = {
  readonly manifest: Envelope;
  /** Base64 SHA-256 of the ciphertext's parts, in order. */
  readonly parts: readonly string[];
  readonly bodySig: Signature;
  /** The sealed files follow; the vendor signs it with the bid. */
  readonly precommit?: boolean | undefined;
};

export type SubmittedBid = {
  readonly bidId: string;
  readonly leafSha256: string;
  readonly commitment: string;
  readonly submittedAt: string;
  readonly ciphertextDueAt?: string;
  readonly promise: Envelope;
};

type Sealed = {
  readonly tenderId: string;
  readonly manifest: Manifest;
  readonly manifestSha256: Uint8Array;
  readonly submission: Submission;
  /** Why the stored parts are not the bid's, or the stored manifest's hash. */
  readonly stored: Refusal | Uint8Array;
};

@Injectable()
export class BidAdmission {
  constructor(
    private readonly journal: Journal,
    private readonly database: Database,
    private readonly parts: BidParts,
    private readonly receipts: Receipts,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** Admits the bid or refuses it with a signed refusal. Malformed junk is refused before the journal. */
  async submit(actor: Actor, tenderId: string, submission: Submission): Promise<SubmittedBid> {
    const sealed = await this.examine(tenderId, submission);
    const act = { tenderId, manifestSha256: toBase64(sealed.manifestSha256) };
    const submitted = await commitOrProveRefusal(this.journal, this.receipts, actor, act, (tx) =>
      this.admit(tx, actor, sealed),
    );
    failpoint('bid.answering');
    return submitted;
  }

  /** What needs no lock: the manifest's form and signature, and whether the store holds the ciphertext. */
  private async examine(tenderId: string, submission: Submission): Promise<Sealed> {
    const published = await publishedTender(this.database.manager, tenderId);
    const { payload_type, payload, signatures } = submission.manifest;
    const envelope = { payload_type, payload, signatures: signatures.map(({ key, sig }) => ({ key, sig })) };
    const { manifest, manifestSha256 } = openOrRefuse(envelope, published.pack.demonstration);
    const late = this.clock.now() >= published.deadlineAt;
    const problem = late
      ? new Refusal('bid_late', 'The deadline has passed.')
      : await this.parts.problemOf(manifest.ciphertext, submission.parts, { mayFollow: submission.precommit === true });
    const stored = problem ?? (await this.parts.keepManifest(envelope));
    return { tenderId, manifest, manifestSha256, submission, stored };
  }

  private async admit(tx: Tx, actor: Actor, sealed: Sealed): Promise<SubmittedBid> {
    const { manifest, tenderId, submission, stored } = sealed;
    const vendorId = vendorOf(actor);
    await lockVendorsBids(tx.manager, tenderId, vendorId);
    const published = await publishedTender(tx.manager, tenderId);
    const { lot_id: lotId, envelope } = manifest.context;
    const decision = admitBid({
      window: published,
      vendorId,
      vendor: await standingOf(tx.manager, vendorId),
      manifest: { ...summaryOf(manifest), precommit: submission.precommit === true },
      existing: await versionsAt(tx.manager, { vendorId, lotId, envelope }),
      now: tx.now,
    });
    this.demandContext(manifest, published);
    const body = bodyOf(sealed);
    await this.demandSealersKey(tx, vendorId, decision.type, body, sealed);
    if (stored instanceof Refusal) throw stored;
    const recorded = await tx.record({
      type: decision.type,
      tenderId,
      lotId,
      subjectId: actor.id,
      body,
      bodySig: [{ key: submission.bodySig.key, sig: submission.bodySig.sig }],
    });
    await this.insert(tx, actor, sealed, stored, recorded);
    const dueAt = submission.precommit ? ciphertextDueAt(published.deadlineAt, published.precommit) : undefined;
    return {
      bidId: manifest.context.bid_id,
      leafSha256: recorded.leafSha256,
      commitment: recorded.commitment!,
      submittedAt: recorded.at,
      ...(dueAt === undefined ? {} : { ciphertextDueAt: dueAt.toISOString() }),
      promise: this.receipts.promise(recorded),
    };
  }

  /** Everything the keys of the bid are bound to must be as the latest notice pins it. */
  private demandContext(manifest: Manifest, published: PublishedTender): void {
    const [finding] = checkManifest(manifest, {
      suite: published.terms.suite,
      log_origin: this.config.settings.LOG_ORIGIN,
      tender_id: published.id,
      groups: published.groups.map(({ name, k, openers }) => ({
        name,
        k,
        openers: openers.map(({ opener_id, recipient }) => ({ opener_id, recipient })),
      })),
    });
    if (finding === undefined) return;
    throw new Refusal('manifest_mismatch', 'The bid is sealed for something else than this tender.', {
      path: finding.field,
    });
  }

  private async demandSealersKey(
    tx: Tx,
    vendorId: string,
    kind: string,
    body: CanonicalObject,
    { manifest, submission }: Sealed,
  ): Promise<void> {
    const { key } = submission.bodySig;
    demand(key === manifest.context.vendor_key, 'manifest_mismatch', 'Another key submits the bid than sealed it.', {
      path: 'vendor_key',
    });
    await demandVendorSignature(tx.manager, vendorId, kind, body, submission.bodySig);
  }

  private async insert(
    tx: Tx,
    actor: Actor,
    { tenderId, manifest, manifestSha256, submission }: Sealed,
    manifestObject: Uint8Array,
    recorded: Recorded,
  ): Promise<void> {
    const { context, ciphertext, recipient } = manifest;
    const row = {
      id: context.bid_id,
      tenderId,
      lotId: context.lot_id,
      envelope: context.envelope,
      offerId: context.offer_id,
      vendorId: context.vendor_id,
      submittedBy: actor.id,
      replaces: context.replaces ?? null,
      manifestSha256,
      manifestObject,
      ctRoot: fromBase64(ciphertext.root),
      recipient,
      sizeBytes: ciphertext.size,
      precommit: submission.precommit === true,
      noticeSha256: fromBase64(context.notice_sha256),
      commitment: fromBase64(recorded.commitment!),
      leafSha256: fromBase64(recorded.leafSha256),
      submittedAt: tx.now,
    };
    await once(tx.manager.insert(Bid, row), new Refusal('bid_exists', 'This bid was submitted before.'));
    const parts = submission.parts.map((part, position) => ({ bidId: row.id, position, sha256: fromBase64(part) }));
    await tx.manager.insert(BidPart, parts);
  }
}

function openOrRefuse(envelope: Envelope, demonstration: boolean): ReturnType<typeof openManifest> {
  try {
    return openManifest(envelope, { demonstration }, verifyEd25519);
  } catch (error) {
    if (error instanceof SealError) throw new Refusal('manifest_malformed', error.message);
    throw error;
  }
}

function summaryOf({ context, ciphertext, sealed_at: sealedAt }: Manifest): Parameters<typeof admitBid>[0]['manifest'] {
  return {
    bidId: context.bid_id,
    vendorId: context.vendor_id,
    lotId: context.lot_id,
    envelope: context.envelope,
    noticeSha256: context.notice_sha256,
    ...(context.replaces === undefined ? {} : { replaces: context.replaces }),
    ciphertextBytes: ciphertext.size,
    sealedAt: new Date(sealedAt),
  };
}

function bodyOf({ manifest: { context, ciphertext }, manifestSha256, submission }: Sealed): CanonicalObject {
  return {
    lot_id: context.lot_id,
    envelope: context.envelope,
    offer_id: context.offer_id,
    bid_id: context.bid_id,
    vendor_id: context.vendor_id,
    manifest_sha256: toBase64(manifestSha256),
    ct_root: ciphertext.root,
    notice_sha256: context.notice_sha256,
    ...(context.replaces === undefined ? {} : { replaces: context.replaces }),
    ...(submission.precommit === true ? { precommit: true } : {}),
  };
}
