/** Every bid of a box: its manifest, its signatures, its context, its place before the cut. */
import { fromBase64, toBase64 } from '@segel/encoding';
import { checkManifest, openManifest, type ExpectedContext, type Manifest } from '@segel/sealing';
import { verifyWithNode } from '../../primitives.js';
import type { Findings, Where } from '../report.js';
import { text, type Box, type TenderView } from '../tender-view.js';
import type { LogEntry } from './entries.js';
import { contextGroups } from './openers.js';

export function bidsCheck(view: TenderView, found: Findings): void {
  const recipients = new Map<string, string>();
  for (const box of view.boxes) {
    if (!view.isOpened(box.lotId)) {
      found.cannot(`bids of lot ${box.lotId}`, 'bids stay sealed, and undisclosed, until the opening');
      continue;
    }
    for (const bid of view.bidsOf(box)) {
      const manifest = checkBid(view, box, bid, found);
      if (manifest === undefined) continue;
      const bidId = text(bid.entry.body, 'bid_id');
      const other = recipients.get(manifest.recipient);
      if (other !== undefined)
        found.error('bid_copied', `The bid is sealed to the same key as ${other}.`, { bid: bidId });
      recipients.set(manifest.recipient, bidId);
    }
  }
}

function checkBid(view: TenderView, box: Box, bid: LogEntry, found: Findings): Manifest | undefined {
  const { body, at, bodySig } = bid.entry;
  const bidId = text(body, 'bid_id');
  const where: Where = { entry: bid.index, bid: bidId };
  if (bid.index >= box.cutSize) found.error('bid_after_cut', 'The bid was appended after the box was cut.', where);
  if (at >= box.deadline) found.error('bid_late', 'The bid came after the deadline.', where);
  const vendorId = text(body, 'vendor_id');
  const signer = bodySig?.[0]?.key;
  if (view.keys.holder(signer, bid.index)?.vendorId !== vendorId) {
    found.error('bid_signer', 'The bid is not signed by a key its vendor had registered.', where);
  }
  const manifest = readManifest(view, bidId, found, where);
  if (manifest === undefined) return undefined;
  const { document, sha256 } = manifest;
  if (sha256 !== body['manifest_sha256'])
    found.error('manifest_hash', 'The manifest is not the one in the log.', where);
  if (document.ciphertext.root !== body['ct_root']) {
    found.error('ct_root', 'Manifest and log name different ciphertexts.', where);
  }
  if (view.keys.holder(document.context.vendor_key, bid.index)?.vendorId !== vendorId) {
    found.error('manifest_signer', 'The manifest is not signed by a key its vendor had registered.', where);
  }
  checkContext(view, bid, document, found, where);
  checkProgram(view, bid, document, found, where);
  return document;
}

function readManifest(
  view: TenderView,
  bidId: string,
  found: Findings,
  where: Where,
): { readonly document: Manifest; readonly sha256: string } | undefined {
  const given = view.manifest(bidId);
  if (given === undefined) {
    found.error('manifest_missing', 'The manifest of the bid was not published.', where);
    return undefined;
  }
  try {
    const rules = { demonstration: view.pack?.demonstration === true };
    const { manifest, manifestSha256 } = openManifest(given.envelope, rules, verifyWithNode);
    return { document: manifest, sha256: toBase64(manifestSha256) };
  } catch (error) {
    found.error('manifest_invalid', `The manifest does not hold: ${(error as Error).message}.`, where);
    return undefined;
  }
}

function checkContext(view: TenderView, bid: LogEntry, manifest: Manifest, found: Findings, where: Where): void {
  const { body } = bid.entry;
  const notice = view.notices.find(({ entrySha256 }) => entrySha256 === body['notice_sha256']);
  if (notice === undefined || notice !== view.noticeAt(bid.index)) {
    found.error('bid_notice', 'The bid does not name the notice that was in force.', where);
    return;
  }
  const groups = contextGroups(view, notice);
  const expected: ExpectedContext = {
    suite: notice.entry.body['suite'] as 'pq1' | 'x1',
    log_origin: view.log.checkpoint.origin,
    tender_id: view.tenderId,
    notice_sha256: notice.entrySha256,
    lot_id: text(body, 'lot_id'),
    envelope: body['envelope'] as Manifest['context']['envelope'],
    vendor_id: text(body, 'vendor_id'),
    offer_id: text(body, 'offer_id'),
    bid_id: text(body, 'bid_id'),
    ...(groups === undefined ? {} : { groups }),
  };
  for (const { field } of checkManifest(manifest, expected)) {
    found.error('context_mismatch', `The bid was sealed for another ${field}.`, { ...where, field });
  }
  if (manifest.context.replaces !== body['replaces']) {
    found.error('context_mismatch', 'Manifest and log differ on what the bid replaces.', {
      ...where,
      field: 'replaces',
    });
  }
}

/** Warns only: a vendor may seal with a program of its own, and the bid is as good. Whoever was given a program that
 *  nobody else has learns of it here, unless that program names another one's hash, which no manifest can rule out. */
function checkProgram({ log }: TenderView, bid: LogEntry, { client }: Manifest, found: Findings, where: Where): void {
  const released = log.programs.get(client.bundle_sha256) ?? Infinity;
  if (released < bid.index) return;
  const when = released === Infinity ? 'no entry names it' : `entry ${released} names it only after the bid`;
  found.warn(
    'program_unreleased',
    `The bid was sealed by ${client.name} ${client.version}, ${client.bundle_sha256}, which was not released: ${when}.`,
    where,
  );
}

/** Bytes of a commitment, for sorting. */
export function commitmentBytes(bid: LogEntry): Uint8Array {
  return fromBase64(bid.commitment ?? '');
}
