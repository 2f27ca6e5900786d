/** A tender whose box was opened, straight into the database: what the specs of the evaluation and the award begin
 *  with. The bids' entries are real: their places in the log matter. */
import { fromBase64, signDocument, toBase64, toDocument, utf8, sha256, uuidV7 } from '@segel/encoding';
import type { CanonicalObject, Signature } from '@segel/encoding';
import { ed25519PublicKey } from '@segel/encoding';
import { freezeDocument, rulePack, type Offer, type Role, type TenderTerms } from '@segel/procurement';
import { randomBytes } from 'node:crypto';
import { Journal } from '../../apps/api/src/platform/journal/journal.js';
import type { Answer, Harness, Person } from './harness.js';

/** Somebody with a registered signing key. */
export type Signer = Person & { readonly secret: Uint8Array };

export type OfferGiven = {
  readonly unitPrice: string;
  /** Where it is not three times the unit price. */
  readonly lineTotal?: string;
  readonly outcome?: 'opened' | 'undecryptable';
};

export type BidOpened = { readonly id: string; readonly vendorId: string; readonly user: Person };

export type LotToEvaluate = {
  readonly tenderId: string;
  readonly lotId: string;
  readonly path: string;
  readonly evaluators: readonly Signer[];
  readonly authority: Signer;
  readonly preparer: Signer;
  readonly bids: readonly BidOpened[];
};

export const CRITERION = 'criterion-technical';

const newId = (harness: Harness): string => uuidV7(harness.clock.now().getTime(), randomBytes(10));

/** A person on the tender who can sign. */
export async function signer(
  harness: Harness,
  ...roles: readonly { role: Role; tenderId?: string; organisationId?: string }[]
): Promise<Signer> {
  const person = await harness.person(...roles);
  const secret = new Uint8Array(randomBytes(32));
  await harness.owner.query(
    'INSERT INTO signing_key (id, account_id, public_key, entry_sha256, leaf_sha256, registered_at) VALUES ($1, $2, $3, $4, $4, $5)',
    [newId(harness), person.id, ed25519PublicKey(secret), randomBytes(32), harness.clock.now()],
  );
  return { ...person, secret };
}

/** The signature of somebody over a document of a kind. */
export function signed(by: Signer, kind: string, body: unknown): Signature {
  return signDocument(kind, body as CanonicalObject, by.secret);
}

/** Makes the lot. Estimate 1000.00 EUR for three pieces. */
export async function lotToEvaluate(
  harness: Harness,
  offers: readonly OfferGiven[],
  given: { readonly evaluators?: number; readonly pack?: string } = {},
): Promise<LotToEvaluate> {
  const { owner, clock } = harness;
  const [tenderId, lotId, boxId] = [newId(harness), newId(harness), newId(harness)];
  const buyerId = await harness.organisation('buyer', 'City of Example');
  const preparer = await signer(harness);
  const packId = given.pack ?? 'generic/open';
  const terms = termsOf({ lotId, buyerId, packId, now: clock.now() });
  const now = clock.now();
  await owner.query(
    `INSERT INTO tender (id, ocid, buyer_id, title, state, version, deadline_at, rule_pack, notice_sha256, created_by, created_at, published_at)
     VALUES ($1, $2, $3, $4, 'opened', 1, $5, $6, $7, $8, $5, $5)`,
    [tenderId, `ocds-${tenderId}`, buyerId, terms.title, now, rulePack(packId), randomBytes(32), preparer.id],
  );
  await owner.query(
    "INSERT INTO tender_version (id, tender_id, version, content, terms_sha256, kind, prepared_by, prepared_at) VALUES ($1, $2, 1, $3, $4, 'draft', $5, $6)",
    [newId(harness), tenderId, terms, fromBase64(freezeDocument(terms).sha256), preparer.id, now],
  );
  const noticeId = newId(harness);
  await owner.query(
    "INSERT INTO tender_notice (id, tender_id, version, body, preparer_id, preparer_key, preparer_sig, submitted_at) VALUES ($1, $2, 1, '{}', $3, '', '', $4)",
    [noticeId, tenderId, preparer.id, now],
  );
  await owner.query(
    "INSERT INTO tender_publication (id, tender_id, version, entry_sha256, leaf_sha256, notice_id, approver_id, approver_key, approver_sig, reseal_required, published_at) VALUES ($1, $2, 1, $3, $3, $4, $5, '', '', false, $6)",
    [newId(harness), tenderId, randomBytes(32), noticeId, preparer.id, now],
  );
  await owner.query("INSERT INTO lot (id, tender_id, state) VALUES ($1, $2, 'opened')", [lotId, tenderId]);
  await owner.query(
    "INSERT INTO box (id, tender_id, lot_id, envelope, cut_size, count, set_root, entry_sha256, leaf_sha256, closed_at) VALUES ($1, $2, $3, 'single', 1, $4, $5, $6, $6, $7)",
    [boxId, tenderId, lotId, offers.length, sha256(utf8('a set root')), randomBytes(32), now],
  );
  await harness.grant(preparer, { role: 'preparer', tenderId });
  const evaluators: Signer[] = [];
  for (let i = 0; i < (given.evaluators ?? 3); i++)
    evaluators.push(await signer(harness, { role: 'evaluator', tenderId }));
  const authority = await signer(harness, { role: 'award_authority', tenderId });
  const bids: BidOpened[] = [];
  for (const offer of offers) bids.push(await bidOpened(harness, { tenderId, lotId, boxId }, offer));
  await harness.published();
  return { tenderId, lotId, path: `/api/tenders/${tenderId}/lots/${lotId}`, evaluators, authority, preparer, bids };
}

function termsOf(given: { lotId: string; buyerId: string; packId: string; now: Date }): TenderTerms {
  const { lotId, buyerId, packId, now } = given;
  return {
    title: 'School furniture',
    description: 'Desks, delivered and assembled.',
    category: 'goods',
    language: 'en',
    buyer: { id: buyerId, name: 'City of Example' },
    currency: 'EUR',
    estimate: { amount: '1000.00', currency: 'EUR' },
    rulePackId: packId,
    suite: 'pq1',
    enquiryEndAt: now.toISOString(),
    deadlineAt: now.toISOString(),
    maxBidBytes: 1_000_000,
    lots: [{ id: lotId, title: 'Furniture' }],
    items: [{ id: 'item-1', lotId, description: 'Desk', quantity: '3', unit: 'piece' }],
    documents: [],
    criteria: [{ id: CRITERION, title: 'Meets the requirements', kind: 'technical' }],
    slots: [
      { id: 'slot-1', lotId, envelope: 'single', label: 'Desk', required: true, kind: 'price', itemId: 'item-1' },
    ],
    groups: [],
  };
}

async function bidOpened(
  harness: Harness,
  { tenderId, lotId, boxId }: { tenderId: string; lotId: string; boxId: string },
  given: OfferGiven,
): Promise<BidOpened> {
  const { owner, clock } = harness;
  const [id, vendorId, offerId] = [newId(harness), newId(harness), newId(harness)];
  const user = await harness.person({ role: 'vendor', organisationId: vendorId });
  const now = clock.now();
  await owner.query(
    "INSERT INTO vendor (id, name, country, identifier_scheme, identifier, address, record, registered_by, registered_at, state) VALUES ($1, $2, 'ID', 'test', $2, 'Road 1', '{}', $3, $4, 'approved')",
    [vendorId, `Vendor ${vendorId.slice(-12)}`, user.id, now],
  );
  const hash = (): Buffer => randomBytes(32);
  const [manifest, ctRoot, notice] = [hash(), hash(), hash()];
  const body = {
    lot_id: lotId,
    envelope: 'single',
    offer_id: offerId,
    bid_id: id,
    vendor_id: vendorId,
    manifest_sha256: toBase64(manifest),
    ct_root: toBase64(ctRoot),
    notice_sha256: toBase64(notice),
  };
  const bodySig = [signDocument('bid.submitted', body, new Uint8Array(randomBytes(32)))];
  const actor = { kind: 'person', id: user.id, roles: [] } as const;
  const recorded = await harness.app
    .get(Journal)
    .commit(actor, { on: 'none' }, (tx) => tx.record({ type: 'bid.submitted', tenderId, lotId, body, bodySig }));
  const commitment = fromBase64(recorded.commitment!);
  const leaf = fromBase64(recorded.leafSha256);
  await owner.query(
    `INSERT INTO bid (id, tender_id, lot_id, envelope, offer_id, vendor_id, submitted_by, manifest_sha256, manifest_object, ct_root, recipient, size_bytes, notice_sha256, commitment, leaf_sha256, submitted_at)
     VALUES ($1, $2, $3, 'single', $4, $5, $6, $7, $8, $9, $10, 1, $11, $12, $13, $14)`,
    [id, tenderId, lotId, offerId, vendorId, user.id, manifest, hash(), ctRoot, id, notice, commitment, leaf, now],
  );
  await owner.query('INSERT INTO box_bid (box_id, bid_id) VALUES ($1, $2)', [boxId, id]);
  const outcome = given.outcome ?? 'opened';
  const offer = outcome === 'opened' ? toDocument(offerOf({ tenderId, lotId, bidId: id }, given)) : null;
  await owner.query(
    'INSERT INTO opened_bid (bid_id, box_id, outcome, offer, commitment, leaf_sha256, opened_at) VALUES ($1, $2, $3, $4, $5, $6, $7)',
    [id, boxId, outcome, offer, hash(), hash(), now],
  );
  return { id, vendorId, user };
}

function offerOf(place: { tenderId: string; lotId: string; bidId: string }, given: OfferGiven): Offer {
  const lineTotal = given.lineTotal ?? (Number(given.unitPrice) * 3).toFixed(2);
  return {
    v: 1,
    ...place,
    currency: 'EUR',
    answers: [],
    documents: [],
    prices: [{ slotId: 'slot-1', itemId: 'item-1', unitPrice: given.unitPrice, lineTotal }],
    total: lineTotal,
  };
}

/** A signed declaration of an evaluator. */
export function declare(harness: Harness, lot: LotToEvaluate, by: Signer, conflict = false): Promise<Answer> {
  const body = { tender_id: lot.tenderId, account_id: by.id, conflict };
  const signature = signed(by, 'evaluation.conflict_declared', body);
  return harness.post(`/api/tenders/${lot.tenderId}/conflict-declarations`, { conflict, ...signature }, by);
}

/** An evaluator's signature over a result. */
export function signResult(harness: Harness, lot: LotToEvaluate, by: Signer, resultSha256: string): Promise<Answer> {
  const signature = signed(by, 'evaluation.consensus', { lot_id: lot.lotId, sha256: resultSha256 });
  return harness.post(`${lot.path}/evaluation`, { resultSha256, ...signature }, by);
}

/** The rejection that every finding of a rejecting evaluator states. */
export const REJECTION = {
  admitted: false,
  criterionId: CRITERION,
  evidence: 'proposal.pdf, page 3',
  reason: 'The desks are made of cardboard.',
};

/** Everybody declares no conflict and commits findings on every opened bid; `rejects` says which they reject. */
export async function judged(harness: Harness, lot: LotToEvaluate, rejects: readonly string[] = []): Promise<void> {
  for (const by of lot.evaluators) await declare(harness, lot, by);
  const { rows } = await harness.owner.query<{ id: string }>(
    "SELECT b.id FROM bid b JOIN opened_bid o ON o.bid_id = b.id WHERE b.lot_id = $1 AND o.outcome = 'opened'",
    [lot.lotId],
  );
  for (const by of lot.evaluators) {
    for (const { id } of rows) {
      const finding = rejects.includes(id) ? REJECTION : { admitted: true };
      const answer = await harness.post(`${lot.path}/findings`, { bidId: id, ...finding }, by);
      if (answer.status !== 201) throw new Error(answer.text);
    }
  }
}

/** The majority signs the computed result; the jobs that follow run. Returns the result's hash. */
export async function evaluated(harness: Harness, lot: LotToEvaluate, rejects?: readonly string[]): Promise<string> {
  await judged(harness, lot, rejects);
  const preview = await harness.get<{ resultSha256: string }>(`${lot.path}/evaluation`, lot.evaluators[0]);
  for (const by of lot.evaluators.slice(0, 2)) {
    const answer = await signResult(harness, lot, by, preview.body.resultSha256);
    if (answer.status !== 201) throw new Error(answer.text);
  }
  await harness.runDueJobs();
  return preview.body.resultSha256;
}
