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

/** What changes between notices; `row` names the versions of the rows that all else was read from. */
export type Standing = {
  readonly row: string;
  readonly state: TenderState;
  readonly deadline_at: Date;
  readonly lots: PublishedTender['lots'];
};

type NoticeRow = Standing & {
  readonly title: string;
  readonly notice_sha256: Buffer;
  readonly rule_pack: RulePack;
  readonly version: number;
  readonly content: TenderTerms;
  readonly terms_sha256: Buffer;
  readonly leaf_sha256: Buffer;
  /** Hashes in base64. */
  readonly notices: readonly Notice[];
  readonly groups: readonly NoticeGroup[];
  /** Recipients by the hash of the entry that registered them. */
  readonly recipients: Readonly<Record<string, string>> | null;
};

/** Of the tender `t` and its latest publication: no version of a row has both the place and the transaction of another, and
 *  publications stay as they are. */
const ROW = "concat_ws(' ', t.id, t.xmin, t.ctid, latest.notice_id) AS row";
/** Columns of a {@link Standing}. */
export const STANDING = `${ROW}, t.state, t.deadline_at,
    (SELECT coalesce(json_agg(json_build_object('id', l.id, 'state', l.state) ORDER BY l.id), '[]')
       FROM lot l WHERE l.tender_id = t.id) AS lots`;
const FROM_LATEST = `
  FROM tender t
  JOIN LATERAL (SELECT * FROM tender_publication p WHERE p.tender_id = t.id ORDER BY p.version DESC LIMIT 1) latest ON true`;
const WHERE_PUBLISHED = 'WHERE t.id = $1 AND t.deadline_at IS NOT NULL AND t.notice_sha256 IS NOT NULL';
/** The tender $1, when it is published, with its latest publication. */
export const FROM_PUBLISHED = `${FROM_LATEST} ${WHERE_PUBLISHED}`;

/** The notice is the one that was published: a version that was returned and submitted again has several. */
const NOTICE = `
  SELECT ${STANDING}, t.title, t.notice_sha256, t.rule_pack, latest.version, v.content, v.terms_sha256,
    latest.leaf_sha256, n.body -> 'groups' AS groups,
    (SELECT json_agg(json_build_object('noticeSha256', encode(p.entry_sha256, 'base64'), 'resealRequired', p.reseal_required)
       ORDER BY p.version) FROM tender_publication p WHERE p.tender_id = t.id) AS notices,
    (SELECT json_object_agg(encode(k.entry_sha256, 'base64'), k.recipient)
       FROM opener_key k WHERE k.tender_id = t.id) AS recipients
  ${FROM_LATEST}
  JOIN tender_version v ON v.tender_id = t.id AND v.version = latest.version
  JOIN tender_notice n ON n.id = latest.notice_id
  ${WHERE_PUBLISHED}`;

/** The tender under its latest notice, read anew: what is shown or bound must be what lies in the database. Throws
 *  `not_found` when it is not published. */
export async function publishedTender(manager: EntityManager, tenderId: string): Promise<PublishedTender> {
  const row = await noticeRow(manager, tenderId);
  return withStanding(noticeOf(tenderId, row), row);
}

type Notices = Omit<PublishedTender, 'state' | 'deadlineAt' | 'lotIds' | 'lots'>;

/** Notices read last, by their rows: asked twice for every bid, and the longest answer of all. */
const KEPT_NOTICES = 100;
const kept = new Map<string, Notices>();

/** The tender whose standing was asked for in this transaction, under a notice that may be kept: for what decides about a
 *  bid. Throws `not_found` when there is none. */
export async function publishedAs(
  manager: EntityManager,
  tenderId: string,
  standing: Standing | undefined,
): Promise<PublishedTender> {
  demand(standing, 'not_found', 'There is no such tender.');
  return withStanding(kept.get(standing.row) ?? (await keptNotice(manager, tenderId)), standing);
}

async function keptNotice(manager: EntityManager, tenderId: string): Promise<Notices> {
  const row = await noticeRow(manager, tenderId);
  const notice = noticeOf(tenderId, row);
  if (kept.size >= KEPT_NOTICES) kept.delete(kept.keys().next().value!);
  kept.set(row.row, notice);
  return notice;
}

function withStanding(notice: Notices, { state, deadline_at: deadlineAt, lots }: Standing): PublishedTender {
  return { ...notice, state, deadlineAt, lotIds: lots.map(({ id }) => id), lots };
}

async function noticeRow(manager: EntityManager, tenderId: string): Promise<NoticeRow> {
  const [row] = await manager.query<NoticeRow[]>(NOTICE, [tenderId]);
  demand(row, 'not_found', 'There is no such tender.');
  return row;
}

function noticeOf(tenderId: string, row: NoticeRow): Notices {
  return {
    id: tenderId,
    title: row.title,
    noticeSha256: toBase64(row.notice_sha256),
    noticeLeafSha256: toBase64(row.leaf_sha256),
    notices: row.notices,
    terms: row.content,
    termsVersion: row.version,
    termsSha256: toBase64(row.terms_sha256),
    pack: row.rule_pack,
    envelopes: envelopesOf(row.rule_pack),
    maxBidBytes: row.content.maxBidBytes,
    precommit: row.content.precommit,
    groups: pinnedGroups(row),
  };
}

export type VendorRow = { readonly vendor_state: string | null; readonly excluded_until: Date | null };

/** What the rules need to know of the vendor now. */
export async function standingOf(manager: EntityManager, vendorId: string): Promise<VendorStanding> {
  const [row] = await manager.query<VendorRow[]>(`SELECT ${vendorRow('$1')}`, [vendorId]);
  return vendorStanding(row!);
}

/** Columns of a {@link VendorRow} of this vendor. */
export const vendorRow = (id: string): string => `
  (SELECT state FROM vendor WHERE id = ${id}) AS vendor_state,
  (SELECT max(coalesce(ended_at, until_at)) FROM vendor_exclusion WHERE vendor_id = ${id}) AS excluded_until`;

export function vendorStanding({ vendor_state: state, excluded_until }: VendorRow): VendorStanding {
  const status = state === 'approved' || state === 'rejected' ? state : 'pending';
  return { status, blacklistedUntil: excluded_until };
}

type NoticeGroup = {
  readonly name: string;
  readonly k: number;
  readonly openers: readonly { readonly opener_id: string; readonly key_entry_sha256: string }[];
};

/** The notice pins each opener's key by the entry that registered it. */
function pinnedGroups({ groups, recipients }: NoticeRow): readonly PinnedGroup[] {
  return groups.map(({ name, k, openers }) => ({
    name,
    k,
    openers: openers.map(({ opener_id, key_entry_sha256 }) => {
      const recipient = recipients?.[key_entry_sha256];
      if (recipient === undefined) throw new Error(`the notice pins a key that opener ${opener_id} does not have`);
      return { opener_id, recipient, key_entry_sha256 };
    }),
  }));
}
