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

type TenderRow = {
  readonly title: string;
  readonly state: TenderState;
  readonly deadline_at: Date;
  readonly notice_sha256: Buffer;
  readonly rule_pack: RulePack;
  readonly version: number;
  readonly content: TenderTerms;
  readonly terms_sha256: Buffer;
  readonly leaf_sha256: Buffer;
  /** Hashes in base64. */
  readonly notices: readonly Notice[];
  readonly lots: PublishedTender['lots'];
  readonly groups: readonly NoticeGroup[];
  /** Recipients by the hash of the entry that registered them. */
  readonly recipients: Readonly<Record<string, string>> | null;
};

/** In one statement: it is asked several times for every bid. The notice is the one that was published: a version that
 *  was returned and submitted again has several. */
const PUBLISHED = `
  SELECT t.title, t.state, t.deadline_at, t.notice_sha256, t.rule_pack, latest.version, v.content, v.terms_sha256,
    latest.leaf_sha256, n.body -> 'groups' AS groups,
    (SELECT json_agg(json_build_object('noticeSha256', encode(p.entry_sha256, 'base64'), 'resealRequired', p.reseal_required)
       ORDER BY p.version) FROM tender_publication p WHERE p.tender_id = t.id) AS notices,
    (SELECT coalesce(json_agg(json_build_object('id', l.id, 'state', l.state) ORDER BY l.id), '[]')
       FROM lot l WHERE l.tender_id = t.id) AS lots,
    (SELECT json_object_agg(encode(k.entry_sha256, 'base64'), k.recipient)
       FROM opener_key k WHERE k.tender_id = t.id) AS recipients
  FROM tender t
  JOIN LATERAL (SELECT * FROM tender_publication p WHERE p.tender_id = t.id ORDER BY p.version DESC LIMIT 1) latest ON true
  JOIN tender_version v ON v.tender_id = t.id AND v.version = latest.version
  JOIN tender_notice n ON n.id = latest.notice_id
  WHERE t.id = $1 AND t.deadline_at IS NOT NULL AND t.notice_sha256 IS NOT NULL`;

/** The tender under its latest notice. Throws `not_found` when it is not published. */
export async function publishedTender(manager: EntityManager, tenderId: string): Promise<PublishedTender> {
  const [row] = await manager.query<TenderRow[]>(PUBLISHED, [tenderId]);
  demand(row, 'not_found', 'There is no such tender.');
  return {
    id: tenderId,
    title: row.title,
    state: row.state,
    deadlineAt: row.deadline_at,
    noticeSha256: toBase64(row.notice_sha256),
    noticeLeafSha256: toBase64(row.leaf_sha256),
    notices: row.notices,
    terms: row.content,
    termsVersion: row.version,
    termsSha256: toBase64(row.terms_sha256),
    pack: row.rule_pack,
    lotIds: row.lots.map((lot) => lot.id),
    lots: row.lots,
    envelopes: envelopesOf(row.rule_pack),
    maxBidBytes: row.content.maxBidBytes,
    precommit: row.content.precommit,
    groups: pinnedGroups(row),
  };
}

type StandingRow = { readonly state: string | null; readonly ends_at: Date | null };

/** What the rules need to know of the vendor now. */
export async function standingOf(manager: EntityManager, vendorId: string): Promise<VendorStanding> {
  const [row] = await manager.query<StandingRow[]>(
    `SELECT (SELECT state FROM vendor WHERE id = $1) AS state,
       (SELECT max(coalesce(ended_at, until_at)) FROM vendor_exclusion WHERE vendor_id = $1) AS ends_at`,
    [vendorId],
  );
  const state = row?.state;
  const status = state === 'approved' || state === 'rejected' ? state : 'pending';
  return { status, blacklistedUntil: row?.ends_at ?? null };
}

type NoticeGroup = {
  readonly name: string;
  readonly k: number;
  readonly openers: readonly { readonly opener_id: string; readonly key_entry_sha256: string }[];
};

/** The notice pins each opener's key by the entry that registered it. */
function pinnedGroups({ groups, recipients }: TenderRow): readonly PinnedGroup[] {
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
