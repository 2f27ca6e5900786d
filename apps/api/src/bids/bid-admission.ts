/** Admission of a sealed bid (protocol section 5): the object first, then its record, under the tender's shared lock. */
import {
  fromBase64,
  toBase64,
  verifyDocument,
  type CanonicalObject,
  type Envelope,
  type Signature,
} from '@segel/encoding';
import { Refusal, admitBid, ciphertextDueAt, demand, demandRoom } from '@segel/procurement';
import { PART_BYTES, SealError, checkManifest, openManifest, type Manifest } from '@segel/sealing';
import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import type { Actor } from '../platform/auth/actor.js';
import { Clock } from '../platform/clock/clock.js';
import { Config } from '../platform/config/config.js';
import { Database } from '../platform/database/database.js';
import { failpoint } from '../platform/failpoint.js';
import type { CommitOptions, Recorded, Tx } from '../platform/journal/act.js';
import { Journal } from '../platform/journal/journal.js';
import { verifyEd25519 } from '../platform/log/ed25519.js';
import { Receipts } from '../platform/log/receipts.js';
import { sha256WithNode } from '../platform/log/sha256.js';
import { groundsAhead, groundsOf, type Grounds } from './bid-grounds.js';
import { BidParts } from './bid-parts.js';
import { commitOrProveRefusal } from './bid-refusals.js';
import { demandSigned, insertBid, lockVendorsBids, vendorOf } from './bid-rows.js';
import type { PublishedTender } from './bid-window.js';
import { InTurn } from './in-turn.js';

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
  readonly manifestObject: Envelope;
  /** The entry's body, and whether the vendor's signature over it holds. */
  readonly body: CanonicalObject;
  readonly signed: boolean;
  /** The ciphertext, when it came with its bid. */
  readonly whole: Uint8Array | undefined;
};

/** The hash the manifest is stored under, or why nothing is stored that could be admitted. */
type Stored = Uint8Array | Refusal;

@Injectable()
export class BidAdmission {
  private readonly wholeBids = new InTurn();

  constructor(
    private readonly journal: Journal,
    private readonly database: Database,
    private readonly parts: BidParts,
    private readonly receipts: Receipts,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** Admits the bid or refuses it with a signed refusal. Malformed junk is refused before the journal.
   *  @param whole the ciphertext, when it comes with its bid instead of ahead of it */
  async submit(actor: Actor, tenderId: string, submission: Submission, whole?: Uint8Array): Promise<SubmittedBid> {
    const sealed = this.open(tenderId, submission, whole);
    const vendorId = vendorOf(actor);
    const submit = async (): Promise<SubmittedBid> => {
      const stored = await this.store(vendorId, sealed);
      const act = { tenderId, manifestSha256: toBase64(sealed.manifestSha256) };
      let grounds: Promise<Grounds>;
      const prepare: CommitOptions['prepare'] = (tx) => {
        lockVendorsBids(tx, tenderId, vendorId);
        grounds = groundsOf(tx, { tenderId, vendorId, parts: submission.parts }, sealed.manifest);
        grounds.catch(() => undefined); // Awaited once the lock is taken, which may fail first.
      };
      const decide = async (tx: Tx): Promise<SubmittedBid> => this.admit(tx, actor, sealed, stored, await grounds);
      return commitOrProveRefusal(this.journal, this.receipts, actor, act, decide, prepare);
    };
    // Of a vendor who sends a hundred at once, one is admitted: the bytes of the others must not have been stored by then.
    const submitted = await (whole === undefined ? submit() : this.wholeBids.run(`${tenderId} ${vendorId}`, submit));
    failpoint('bid.answering');
    return submitted;
  }

  /** The manifest's form and its signatures, which need nothing but the bytes. */
  private open(tenderId: string, submission: Submission, whole?: Uint8Array): Sealed {
    const { payload_type, payload, signatures } = submission.manifest;
    const manifestObject = { payload_type, payload, signatures: signatures.map(({ key, sig }) => ({ key, sig })) };
    const { manifest, manifestSha256 } = openOrRefuse(manifestObject);
    const body = bodyOf(manifest, manifestSha256, submission);
    const kind = manifest.context.replaces === undefined ? 'bid.submitted' : 'bid.replaced';
    const signed = verifyDocument(kind, body, submission.bodySig, verifyEd25519);
    return { tenderId, manifest, manifestSha256, submission, manifestObject, body, signed, whole };
  }

  /** The objects before the record. What comes before its parts, or with them, is stored only when the bid would be admitted
   *  as things stand: nobody could keep account of it otherwise. */
  private async store(vendorId: string, sealed: Sealed): Promise<Stored> {
    const { tenderId, manifest, submission, whole } = sealed;
    const bidder = { tenderId, vendorId, parts: submission.parts };
    const grounds = await groundsAhead(this.database, bidder, manifest, sealed.manifestSha256);
    demandSpareOpener(manifest, grounds.published);
    if (this.clock.now() >= grounds.published.deadlineAt) return new Refusal('bid_late', 'The deadline has passed.');
    const mayFollow = submission.precommit === true || whole !== undefined;
    const problem = await this.parts.problemOf(manifest.ciphertext, submission.parts, { mayFollow });
    if (problem !== undefined) return problem;
    if (!mayFollow) return this.parts.keepManifest(sealed.manifestObject);
    try {
      if (whole !== undefined) demandWhole(sealed, whole);
      this.decide(grounds, vendorId, sealed, this.clock.now());
      demand(!grounds.seen, 'bid_exists', 'This bid was submitted before.');
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
    if (whole === undefined) return this.parts.keepManifest(sealed.manifestObject);
    const [manifestSha256] = await Promise.all([
      this.parts.keepManifest(sealed.manifestObject),
      this.parts.keepPart(fromBase64(submission.parts[0]!), whole),
    ]);
    return manifestSha256;
  }

  private async admit(tx: Tx, actor: Actor, sealed: Sealed, stored: Stored, grounds: Grounds): Promise<SubmittedBid> {
    const { manifest, tenderId, submission, body } = sealed;
    const { type } = this.decide(grounds, vendorOf(actor), sealed, tx.now);
    if (stored instanceof Refusal) throw stored;
    const recorded = await tx.record({
      type,
      tenderId,
      lotId: manifest.context.lot_id,
      subjectId: actor.id,
      body,
      bodySig: [{ key: submission.bodySig.key, sig: submission.bodySig.sig }],
    });
    this.insert(tx, actor, sealed, stored, recorded);
    const { deadlineAt, precommit } = grounds.published;
    const dueAt = submission.precommit ? ciphertextDueAt(deadlineAt, precommit) : undefined;
    return {
      bidId: manifest.context.bid_id,
      leafSha256: recorded.leafSha256,
      commitment: recorded.commitment!,
      submittedAt: recorded.at,
      ...(dueAt === undefined ? {} : { ciphertextDueAt: dueAt.toISOString() }),
      promise: this.receipts.promise(recorded),
    };
  }

  private decide(grounds: Grounds, vendorId: string, sealed: Sealed, now: Date): ReturnType<typeof admitBid> {
    const { published, vendor, existing, keys, usedBytes } = grounds;
    const { manifest, submission, whole } = sealed;
    const summary = { ...summaryOf(manifest), precommit: submission.precommit === true };
    const decision = admitBid({ window: published, vendorId, vendor, manifest: summary, existing, now });
    this.demandContext(manifest, published);
    const { bodySig } = submission;
    demand(bodySig.key === manifest.context.vendor_key, 'manifest_mismatch', 'Another key submits than sealed.', {
      path: 'vendor_key',
    });
    demandSigned(keys, bodySig, sealed.signed);
    // Parts that were announced were asked for room then; others take it with their bid, as they come or as they will come.
    if (whole !== undefined || submission.precommit === true)
      demandRoom({ window: published, usedBytes, sizes: partSizes(manifest.ciphertext) });
    return decision;
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

  private insert(
    tx: Tx,
    actor: Actor,
    { tenderId, manifest, manifestSha256, submission }: Sealed,
    manifestObject: Uint8Array,
    recorded: Recorded,
  ): void {
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
    const twice = new Refusal('bid_exists', 'This bid was submitted before.');
    insertBid(tx, row, submission.parts.map(fromBase64), twice);
  }
}

/** The bytes must be what the manifest, by the hash of its one part, says they are. */
function demandWhole({ manifest, submission }: Sealed, whole: Uint8Array): void {
  demand(submission.precommit !== true, 'request_malformed', 'Sealed files that follow do not come with their bid.');
  const digest = createHash('sha256').update(whole).digest('base64');
  const isPart = submission.parts.length === 1 && digest === submission.parts[0];
  demand(isPart && whole.length === manifest.ciphertext.size, 'part_digest_mismatch', 'These bytes are not the bid.');
}

/** Bytes of each part of the ciphertext. */
function partSizes({ size, parts }: Manifest['ciphertext']): readonly number[] {
  return Array.from({ length: parts }, (_, i) => Math.min(PART_BYTES, size - i * PART_BYTES));
}

/** Whether the tender is a demonstration is known only when it was asked for. */
function openOrRefuse(envelope: Envelope): ReturnType<typeof openManifest> {
  try {
    return openManifest(envelope, { demonstration: true }, verifyEd25519, sha256WithNode);
  } catch (error) {
    if (error instanceof SealError) throw new Refusal('manifest_malformed', error.message);
    throw error;
  }
}

/** Only a demonstration may do without a spare opener. */
function demandSpareOpener({ context }: Manifest, { pack }: PublishedTender): void {
  const spare = context.groups.every(({ k, openers }) => k < openers.length);
  demand(spare || pack.demonstration, 'manifest_malformed', 'A group has no opener to spare.');
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

function bodyOf(
  { context, ciphertext }: Manifest,
  manifestSha256: Uint8Array,
  submission: Submission,
): CanonicalObject {
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
