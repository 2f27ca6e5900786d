/** Vendors and their sealed bids, made from the kit as a real client makes them: for tests of what comes after. */
import {
  canonicalBytes,
  ed25519PublicKey,
  sha256,
  signDocument,
  toBase64,
  toDocument,
  toHex,
  utf8,
  uuidV7,
  type CanonicalObject,
  type Envelope,
  type Signature,
} from '@segel/encoding';
import type { Offer, TenderTerms } from '@segel/procurement';
import {
  PART_BYTES,
  PRICE_FORM_PATH,
  drawSealRandomness,
  fileOf,
  sealBidInMemory,
  signManifest,
  type Manifest,
  type SealContext,
  type Suite,
} from '@segel/sealing';
import { randomBytes } from 'node:crypto';
import type { Answer, Harness } from './harness.js';
import { registerKey, type Signer } from './tender-people.js';

/** Somebody of an approved company, with a registered key. */
export type VendorUser = Signer & { readonly vendorId: string; readonly key: string };

/** A company that may bid, straight into the database. */
export async function approvedVendor(harness: Harness, name = 'Vendor Ltd'): Promise<VendorUser> {
  const vendorId = newId(harness);
  const person = await harness.person({ role: 'vendor', organisationId: vendorId });
  await harness.owner.query(
    `INSERT INTO vendor (id, name, country, identifier_scheme, identifier, address, record, registered_by, registered_at, state)
     VALUES ($1, $2, 'NL', 'XX-TEST', $3, 'Example street 1', '{}', $4, $5, 'approved')`,
    [vendorId, name, vendorId, person.id, harness.clock.now()],
  );
  const signer = await registerKey(harness, person, { vendorId });
  return { ...signer, vendorId, key: toBase64(ed25519PublicKey(signer.secret)) };
}

export type BidOptions = {
  /** Price of one piece, and of a lump-sum item; two digits after the point. */
  readonly unitPrice?: string;
  readonly lumpSum?: string;
  readonly lotId?: string;
  /** The bid this one replaces. */
  readonly replaces?: string;
  /** The sealed files follow: the vendor signs so. */
  readonly precommit?: boolean;
  /** Members of the context that are not what the tender pins. */
  readonly context?: Partial<SealContext>;
  /** More files, for large bids. */
  readonly files?: readonly { readonly path: string; readonly bytes: Uint8Array }[];
  /** The offer instead of the one made from the terms. */
  readonly offer?: Offer;
};

export type SealedBid = {
  readonly bidId: string;
  readonly lotId: string;
  readonly offer: Offer;
  readonly manifest: Manifest;
  readonly manifestSha256: string;
  readonly envelope: Envelope;
  readonly ciphertext: Uint8Array;
  /** Base64 SHA-256 of the parts. */
  readonly parts: readonly string[];
  /** `bid.submitted` or `bid.replaced`, its body and the vendor's signature. */
  readonly kind: 'bid.submitted' | 'bid.replaced';
  readonly body: CanonicalObject;
  readonly bodySig: Signature;
  /** S: the vendor keeps it. */
  readonly seed: Uint8Array;
};

export type SubmittedAnswer = {
  readonly bidId: string;
  readonly leafSha256: string;
  readonly commitment: string;
  readonly submittedAt: string;
  readonly ciphertextDueAt?: string;
  readonly promise: Envelope;
};

export type KitAnswer = {
  readonly title: string;
  readonly logOrigin: string;
  readonly noticeSha256: string;
  readonly noticeReceipt?: string;
  readonly suite: Suite;
  readonly lots: readonly { readonly id: string }[];
  readonly groups: readonly {
    readonly name: string;
    readonly k: number;
    readonly openers: readonly { readonly openerId: string; readonly recipient: string }[];
  }[];
};

/** Seals, uploads and submits a bid; throws unless it is admitted. */
export async function sealAndSubmit(
  harness: Harness,
  published: { readonly tenderId: string },
  vendor: VendorUser,
  options: BidOptions = {},
): Promise<SealedBid & { readonly submitted: SubmittedAnswer }> {
  const sealed = await sealFor(harness, published.tenderId, vendor, options);
  await uploadParts(harness, published.tenderId, vendor, sealed);
  const answer = await submitBid(harness, published.tenderId, vendor, sealed);
  if (answer.status !== 201) throw new Error(`the bid was refused: ${answer.status} ${answer.text}`);
  return { ...sealed, submitted: answer.body };
}

/** A bid sealed with the tender's kit as it is now. */
export async function sealFor(
  harness: Harness,
  tenderId: string,
  vendor: VendorUser,
  options: BidOptions = {},
): Promise<SealedBid> {
  const kit = (await harness.get<KitAnswer>(`/api/tenders/${tenderId}/kit`)).body;
  const lotId = options.lotId ?? kit.lots[0]!.id;
  const bidId = options.context?.bid_id ?? newId(harness);
  const offer = options.offer ?? offerFor(await termsOf(harness, tenderId), tenderId, lotId, bidId, options);
  const context: SealContext = {
    v: 1,
    suite: kit.suite,
    log_origin: kit.logOrigin,
    tender_id: tenderId,
    notice_sha256: kit.noticeSha256,
    lot_id: lotId,
    envelope: 'single',
    vendor_id: vendor.vendorId,
    vendor_key: vendor.key,
    offer_id: newId(harness),
    bid_id: bidId,
    ...(options.replaces === undefined ? {} : { replaces: options.replaces }),
    groups: kit.groups.map(({ name, k, openers }) => ({
      name,
      k,
      openers: openers.map(({ openerId, recipient }) => ({ opener_id: openerId, recipient })),
    })),
    ...options.context,
  };
  const documents = offer.documents.map(({ path }) => ({ path, bytes: utf8('%PDF-1.7 proposal') }));
  const randomness = drawSealRandomness(context.suite, (length) => new Uint8Array(randomBytes(length)));
  const sealed = await sealBidInMemory({
    context,
    files: [
      fileOf(PRICE_FORM_PATH, canonicalBytes(toDocument(offer))),
      ...[...documents, ...(options.files ?? [])].map(({ path, bytes }) => fileOf(path, bytes)),
    ],
    randomness,
    client: { name: 'segel-test', version: '1.0.0', bundle_sha256: toBase64(sha256(utf8('client'))) },
    sealedAt: harness.clock.now().toISOString(),
  });
  const manifestSha256 = toBase64(sealed.manifestSha256);
  return {
    bidId,
    lotId,
    offer,
    manifest: sealed.manifest,
    manifestSha256,
    envelope: signManifest(sealed.manifest, vendor.secret),
    ciphertext: sealed.ciphertext,
    parts: sealed.partHashes.map(toBase64),
    ...signedBody(sealed.manifest, manifestSha256, vendor.secret, options.precommit),
    seed: randomness.seed,
  };
}

/** The body of the entry that submits the manifest, signed. */
export function signedBody(
  { context, ciphertext }: Manifest,
  manifestSha256: string,
  secret: Uint8Array,
  precommit = false,
): Pick<SealedBid, 'kind' | 'body' | 'bodySig'> {
  const kind = context.replaces === undefined ? 'bid.submitted' : 'bid.replaced';
  const body = {
    lot_id: context.lot_id,
    envelope: context.envelope,
    offer_id: context.offer_id,
    bid_id: context.bid_id,
    vendor_id: context.vendor_id,
    manifest_sha256: manifestSha256,
    ct_root: ciphertext.root,
    notice_sha256: context.notice_sha256,
    ...(context.replaces === undefined ? {} : { replaces: context.replaces }),
    ...(precommit ? { precommit } : {}),
  };
  return { kind, body, bodySig: signDocument(kind, body, secret) };
}

/** Announces every part and sends it; throws when one is refused. */
export async function uploadParts(
  harness: Harness,
  tenderId: string,
  vendor: VendorUser,
  { ciphertext }: Pick<SealedBid, 'ciphertext'>,
): Promise<void> {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < ciphertext.length; at += PART_BYTES) parts.push(ciphertext.subarray(at, at + PART_BYTES));
  const announced = await announce(harness, tenderId, vendor, parts);
  if (announced.status !== 200) throw new Error(`the parts were refused: ${announced.status} ${announced.text}`);
  for (const body of parts) {
    const answer = await sendPart(harness, tenderId, vendor, body);
    if (answer.status !== 201) throw new Error(`the part was refused: ${answer.status} ${answer.text}`);
  }
}

export type MissingParts = { readonly missing: readonly { readonly sha256: string; readonly stagedBytes: number }[] };

/** Says which parts will come. */
export async function announce(
  harness: Harness,
  tenderId: string,
  vendor: VendorUser,
  parts: readonly Uint8Array[],
): Promise<Answer<MissingParts & { readonly code?: string }>> {
  const body = { parts: parts.map((part) => ({ sha256: toBase64(sha256(part)), sizeBytes: part.length })) };
  return harness.call('POST', `/api/tenders/${tenderId}/uploads`, { as: vendor, body });
}

/** A part in one request. */
export async function sendPart(
  harness: Harness,
  tenderId: string,
  vendor: VendorUser,
  body: Uint8Array,
): Promise<Answer<{ readonly code?: string }>> {
  const headers = {
    'content-type': 'application/offset+octet-stream',
    'tus-resumable': '1.0.0',
    'upload-length': String(body.length),
  };
  return harness.call('POST', partRoute(tenderId, body), { as: vendor, body, headers });
}

/** Where a part goes. */
export function partRoute(tenderId: string, part: Uint8Array): string {
  return `/api/tenders/${tenderId}/uploads/${toHex(sha256(part))}`;
}

/** The one request that submits. */
export async function submitBid(
  harness: Harness,
  tenderId: string,
  vendor: VendorUser,
  { envelope, parts, bodySig, body }: Pick<SealedBid, 'envelope' | 'parts' | 'bodySig' | 'body'>,
  headers: Record<string, string> = {},
): Promise<Answer<SubmittedAnswer>> {
  return harness.call('POST', `/api/tenders/${tenderId}/bids`, {
    as: vendor,
    body: { manifest: envelope, parts, bodySig, ...(body['precommit'] === true ? { precommit: true } : {}) },
    headers,
  });
}

/** The vendor signs the withdrawal of a bid, or its confirmation under a notice, and sends it. */
export async function withdraw(
  harness: Harness,
  tenderId: string,
  vendor: VendorUser,
  { bidId, lotId, manifestSha256 }: Pick<SealedBid, 'bidId' | 'lotId' | 'manifestSha256'>,
): Promise<Answer<{ leafSha256: string; code?: string }>> {
  const body = {
    lot_id: lotId,
    envelope: 'single',
    bid_id: bidId,
    vendor_id: vendor.vendorId,
    manifest_sha256: manifestSha256,
  };
  const signature = signDocument('bid.withdrawn', body, vendor.secret);
  return harness.post(`/api/tenders/${tenderId}/bids/${bidId}/withdrawal`, signature, vendor);
}

export async function reconfirm(
  harness: Harness,
  tenderId: string,
  vendor: VendorUser,
  { bidId, manifestSha256 }: Pick<SealedBid, 'bidId' | 'manifestSha256'>,
): Promise<Answer<{ leafSha256: string; code?: string }>> {
  const kit = (await harness.get<KitAnswer>(`/api/tenders/${tenderId}/kit`)).body;
  const body = { bid_id: bidId, manifest_sha256: manifestSha256, notice_sha256: kit.noticeSha256 };
  const signature = signDocument('bid.reconfirmed', body, vendor.secret);
  return harness.post(`/api/tenders/${tenderId}/bids/${bidId}/reconfirmation`, signature, vendor);
}

/** An offer that fills every slot of the lot. Quantities must be whole numbers. */
export function offerFor(
  terms: TenderTerms,
  tenderId: string,
  lotId: string,
  bidId: string,
  { unitPrice = '100.00', lumpSum = '50.00' }: Pick<BidOptions, 'unitPrice' | 'lumpSum'> = {},
): Offer {
  const slots = terms.slots.filter((slot) => slot.lotId === undefined || slot.lotId === lotId);
  const prices = slots.flatMap((slot) => {
    if (slot.kind !== 'price') return [];
    const item = terms.items.find(({ id }) => id === slot.itemId)!;
    if (item.lotId !== lotId) return [];
    const place = { slotId: slot.id, itemId: item.id };
    return item.unit === 'lump'
      ? [{ ...place, unitPrice: '0', lineTotal: lumpSum, lumpSum: true }]
      : [{ ...place, unitPrice, lineTotal: amount(cents(unitPrice) * BigInt(item.quantity)) }];
  });
  return {
    v: 1,
    tenderId,
    lotId,
    bidId,
    currency: terms.currency,
    answers: slots.flatMap((slot) => (slot.kind === 'answer' ? [{ slotId: slot.id, value: 'yes' }] : [])),
    documents: slots.flatMap((slot, i) =>
      slot.kind === 'document' ? [{ slotId: slot.id, path: `document-${i}.pdf` }] : [],
    ),
    prices,
    total: amount(prices.reduce((sum, { lineTotal }) => sum + cents(lineTotal), 0n)),
  };
}

async function termsOf(harness: Harness, tenderId: string): Promise<TenderTerms> {
  const { rows } = await harness.owner.query<{ content: TenderTerms }>(
    'SELECT v.content FROM tender t JOIN tender_version v ON v.tender_id = t.id AND v.version = t.version WHERE t.id = $1',
    [tenderId],
  );
  return rows[0]!.content;
}

function cents(text: string): bigint {
  return BigInt(text.replace('.', ''));
}

function amount(value: bigint): string {
  return `${value / 100n}.${String(value % 100n).padStart(2, '0')}`;
}

function newId(harness: Harness): string {
  return uuidV7(harness.clock.now().getTime(), new Uint8Array(randomBytes(10)));
}

/** The one request that submits, with these bytes as the ciphertext. */
export async function submitWhole(
  harness: Harness,
  tenderId: string,
  vendor: VendorUser,
  { envelope, parts, bodySig, body: { precommit } }: Pick<SealedBid, 'envelope' | 'parts' | 'bodySig' | 'body'>,
  bytes: Uint8Array,
  headers: Record<string, string> = {},
): Promise<Answer<{ readonly code?: string }>> {
  const document = utf8(JSON.stringify({ manifest: envelope, parts, bodySig, ...(precommit ? { precommit } : {}) }));
  const body = new Uint8Array(4 + document.length + bytes.length);
  new DataView(body.buffer).setUint32(0, document.length);
  body.set(document, 4);
  body.set(bytes, 4 + document.length);
  return harness.call('POST', `/api/tenders/${tenderId}/bids`, {
    as: vendor,
    body,
    headers: { 'content-type': 'application/vnd.segel.framed', ...headers },
  });
}
