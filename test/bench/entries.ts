/** Entries as large as a real bid's: the same fields, ids and hashes of the same lengths, one signature. */
import { toBase64, uuidV7 } from '@segel/encoding';
import { encodeEntry } from '@segel/evidence';
import { randomBytes } from 'node:crypto';
import type { Actor } from '../../apps/api/src/platform/auth/actor.js';
import type { EntryDraft } from '../../apps/api/src/platform/journal/act.js';

const id = (): string => uuidV7(Date.now(), randomBytes(10));
const hash = (): string => toBase64(randomBytes(32));

export const VENDOR: Actor = { kind: 'person', id: id(), roles: [] };
const TENDER = id();
const LOT = id();

/** A `bid.submitted` that no rule looked at: its signature has the right length and does not verify. */
export function bidDraft(): EntryDraft {
  return {
    type: 'bid.submitted',
    tenderId: TENDER,
    lotId: LOT,
    body: {
      lot_id: LOT,
      envelope: 'single',
      offer_id: id(),
      bid_id: id(),
      vendor_id: id(),
      manifest_sha256: hash(),
      ct_root: hash(),
      notice_sha256: hash(),
    },
    bodySig: [{ key: hash(), sig: toBase64(randomBytes(64)) }],
  };
}

const DRAFTS = Array.from({ length: 64 }, bidDraft);
let next = 0;

/** One of some drafts made beforehand, so that making them is not measured: id, time and salt make each entry another. */
export const readyDraft = (): EntryDraft => DRAFTS[next++ % DRAFTS.length]!;

/** The bytes of a bid's entry. */
export function bidEntryBytes(): Uint8Array {
  const { type, tenderId, lotId, body, bodySig } = bidDraft();
  const actor = { kind: VENDOR.kind, id: VENDOR.id };
  return encodeEntry({ type, id: id(), at: new Date(), actor, tenderId, lotId, body, bodySig });
}

export const TENDER_ID = TENDER;
export const newId = id;
