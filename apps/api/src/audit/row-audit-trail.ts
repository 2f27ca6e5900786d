/** The trail as the entries say it is: who may read which entry hangs on it. */
import type { EntryTypeName } from '@segel/evidence';
import type { ExpectedBids } from './row-audit-bids.js';
import type { Act } from './row-audit-log.js';
import { ExpectedTable, type Cell, type Row } from './row-audit-rows.js';
import type { ExpectedVendors } from './row-audit-vendors.js';

/** They are about nobody, and older versions had them in the trail. */
const UNTRAILED: readonly EntryTypeName[] = ['chaff', 'log.heartbeat'];

/** Entries whose subject the body names, by which member. */
const NAMED: Partial<Record<EntryTypeName, string>> = {
  'account.opened': 'account_id',
  'account.link_sent': 'account_id',
  'account.signed_in': 'account_id',
  'account.credential_changed': 'account_id',
  'account.revoked': 'account_id',
  'role.granted': 'account_id',
  'role.revoked': 'account_id',
  'key.vendor.registered': 'account_id',
  'key.vendor.revoked': 'account_id',
  'key.authority.registered': 'account_id',
  'key.authority.revoked': 'account_id',
  'key.opener.registered': 'opener_id',
  'key.opener.revoked': 'opener_id',
  'opening.readiness': 'opener_id',
};
/** Entries about who acted. */
const OWN: readonly EntryTypeName[] = [
  'vendor.registered',
  'vendor.document_added',
  'bid.upload_announced',
  'bid.submitted',
  'bid.replaced',
  'bid.withdrawn',
  'bid.reconfirmed',
  'bid.refused',
  'opening.seed_disclosed',
];
/** Entries about a company: whoever registered it. */
const OF_VENDOR: readonly EntryTypeName[] = [
  'vendor.approved',
  'vendor.rejected',
  'vendor.blacklisted',
  'vendor.reinstated',
];
/** Entries whose subject only the server knew. */
const UNNAMED: readonly EntryTypeName[] = ['access.denied', 'secret.read', 'admin.acted'];

export function expectedTrail(acts: readonly Act[], vendors: ExpectedVendors, bids: ExpectedBids): ExpectedTable {
  const trail = new ExpectedTable('trail');
  for (const { entry, at, index, entrySha256, leafSha256, commitment } of acts) {
    const subject = subjectOf(entry, vendors, bids);
    if (UNTRAILED.includes(entry.type)) continue;
    trail.add(
      { id: entry.id },
      {
        type: entry.type,
        at,
        actor_id: entry.actor.id,
        tender_id: entry.tenderId ?? null,
        lot_id: entry.lotId ?? null,
        entry_sha256: entrySha256,
        leaf_sha256: leafSha256,
        commitment,
        ...(subject === undefined ? {} : { subject_id: subject }),
      },
      index,
    );
  }
  return trail;
}

function subjectOf(
  { type, actor, body }: Act['entry'],
  vendors: ExpectedVendors,
  bids: ExpectedBids,
): Cell | undefined {
  const named = NAMED[type];
  if (named !== undefined) return (body as Row)[named] ?? null;
  if (OWN.includes(type)) return actor.id;
  if (UNNAMED.includes(type)) return undefined;
  const of = (cell: unknown): Cell | undefined => (typeof cell === 'string' ? cell : undefined);
  if (OF_VENDOR.includes(type))
    return of(vendors.vendor.find({ id: (body as Row)['vendor_id']! })?.cells['registered_by']);
  if (type === 'bid.opened') return of(bids.find(body['bid_id'] as string)?.cells['submitted_by']);
  return null;
}
