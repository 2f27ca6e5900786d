/** What acts on bids decide on: the published tender and the vendor as they are in one transaction. */
import { toBase64 } from '@segel/encoding';
import { demand, envelopesOf } from '@segel/procurement';
import type {
  BidWindow,
  LotState,
  Notice,
  RulePack,
  TenderState,
  TenderTerms,
  VendorStanding,
} from '@segel/procurement';
import type { ContextGroup } from '@segel/sealing';
import type { EntityManager } from 'typeorm';
import { Lot } from '../tenders/lot.entity.js';
import { OpenerKey } from '../tenders/opener-key.entity.js';
import { TenderNotice } from '../tenders/tender-notice.entity.js';
import { TenderPublication } from '../tenders/tender-publication.entity.js';
import { TenderVersion } from '../tenders/tender-version.entity.js';
import { Tender } from '../tenders/tender.entity.js';
import { VendorExclusion } from '../vendors/vendor-exclusion.entity.js';
import { Vendor } from '../vendors/vendor.entity.js';

export type PinnedOpener = ContextGroup['openers'][number] & { readonly key_entry_sha256: string };
export type PinnedGroup = Omit<ContextGroup, 'openers'> & { readonly openers: readonly PinnedOpener[] };

/** A published tender under its latest notice. Hashes are base64. */
export type PublishedTender = BidWindow & {
  readonly id: string;
  readonly title: string;
  readonly terms: TenderTerms;
  readonly termsVersion: number;
  readonly termsSha256: string;
  readonly pack: RulePack;
  readonly noticeLeafSha256: string;
  /** In log order, the publication first. */
  readonly notices: readonly Notice[];
  /** As the latest notice pins them. */
  readonly groups: readonly PinnedGroup[];
  readonly lots: readonly { readonly id: string; readonly state: LotState }[];
};

/** The tender under its latest notice. Throws `not_found` when it is not published. */
export async function publishedTender(manager: EntityManager, tenderId: string): Promise<PublishedTender> {
  const tender = await manager.findOneBy(Tender, { id: tenderId });
  const publications = await manager.find(TenderPublication, { where: { tenderId }, order: { version: 'ASC' } });
  const latest = publications.at(-1);
  demand(tender?.deadlineAt && tender.noticeSha256 && latest, 'not_found', 'There is no such tender.');
  const { version } = latest;
  const terms = await manager.findOneByOrFail(TenderVersion, { tenderId, version });
  const lots = await manager.find(Lot, { where: { tenderId }, order: { id: 'ASC' } });
  return {
    id: tenderId,
    title: tender.title,
    state: tender.state as TenderState,
    deadlineAt: tender.deadlineAt,
    noticeSha256: toBase64(tender.noticeSha256),
    noticeLeafSha256: toBase64(latest.leafSha256),
    notices: publications.map((row) => ({
      noticeSha256: toBase64(row.entrySha256),
      resealRequired: row.resealRequired,
    })),
    terms: terms.content,
    termsVersion: version,
    termsSha256: toBase64(terms.termsSha256),
    pack: tender.rulePack,
    lotIds: lots.map((lot) => lot.id),
    lots: lots.map((lot) => ({ id: lot.id, state: lot.state as LotState })),
    envelopes: envelopesOf(tender.rulePack),
    maxBidBytes: terms.content.maxBidBytes,
    precommit: terms.content.precommit,
    groups: await pinnedGroups(manager, tenderId, latest.noticeId),
  };
}

/** What the rules need to know of the vendor now. */
export async function standingOf(manager: EntityManager, vendorId: string): Promise<VendorStanding> {
  const vendor = await manager.findOneBy(Vendor, { id: vendorId });
  const exclusions = await manager.findBy(VendorExclusion, { vendorId });
  const ends = exclusions.map(({ untilAt, endedAt }) => endedAt ?? untilAt).sort((a, b) => a.getTime() - b.getTime());
  const status = vendor?.state === 'approved' || vendor?.state === 'rejected' ? vendor.state : 'pending';
  return { status, blacklistedUntil: ends.at(-1) ?? null };
}

type NoticeGroup = {
  readonly name: string;
  readonly k: number;
  readonly openers: readonly { readonly opener_id: string; readonly key_entry_sha256: string }[];
};

/** The notice pins each opener's key by the entry that registered it. */
async function pinnedGroups(
  manager: EntityManager,
  tenderId: string,
  noticeId: string,
): Promise<readonly PinnedGroup[]> {
  // The notice that was published: a version that was returned and submitted again has several.
  const notice = await manager.findOneByOrFail(TenderNotice, { id: noticeId });
  const keys = await manager.findBy(OpenerKey, { tenderId });
  const recipients = new Map(keys.map((key) => [toBase64(key.entrySha256), key.recipient]));
  const groups = notice.body['groups'] as unknown as readonly NoticeGroup[];
  return groups.map(({ name, k, openers }) => ({
    name,
    k,
    openers: openers.map(({ opener_id, key_entry_sha256 }) => {
      const recipient = recipients.get(key_entry_sha256);
      if (recipient === undefined) throw new Error(`the notice pins a key that opener ${opener_id} does not have`);
      return { opener_id, recipient, key_entry_sha256 };
    }),
  }));
}
