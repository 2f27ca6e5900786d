/** The notice: what preparer and approver sign, exactly as it stands in the log (protocol section 4). */
import { canonicalBytes, sha256, toBase64, type CanonicalObject } from '@segel/encoding';
import type { TenderTerms } from '@segel/procurement';
import { demand, envelopesOf, packDocument, resealRequired } from '@segel/procurement';
import type { OpenerKey } from './opener-key.entity.js';
import type { Tender } from './tender.entity.js';
import type { TenderVersion } from './tender-version.entity.js';

export type NoticeKind = 'tender.published' | 'tender.addendum';

/** An entry holds 16 KiB (protocol section 4); two signatures, ids and instants take less than one of them. */
const NOTICE_MAX_BYTES = 15 * 1024;

export type NoticeParts = {
  readonly tender: Tender;
  readonly version: TenderVersion;
  readonly keys: readonly OpenerKey[];
  readonly policySha256: Uint8Array;
  readonly toleranceS: number;
  /** The terms in force, when this is an addendum. */
  readonly before: TenderTerms | undefined;
  readonly keysReplaced: boolean;
};

/** Builds the body. The same rows give the same bytes, so a signature over it holds until one of them changes.
 *  @throws Refusal `opener_key_missing`, `terms_invalid` when it does not fit an entry */
export function noticeBody(parts: NoticeParts): CanonicalObject {
  const { tender, version, keys, policySha256, toleranceS, before, keysReplaced } = parts;
  const terms = version.content;
  const pack = tender.rulePack;
  const body: CanonicalObject = {
    ocid: tender.ocid,
    version: version.version,
    terms_sha256: toBase64(version.termsSha256),
    title: terms.title,
    buyer_id: terms.buyer.id,
    buyer_name: terms.buyer.name,
    rule_pack: { id: pack.id, version: String(pack.version), sha256: packDocument(pack).sha256 },
    suite: terms.suite,
    deadline: terms.deadlineAt,
    enquiry_end: terms.enquiryEndAt,
    policy_sha256: toBase64(policySha256),
    tolerance_s: toleranceS,
    lots: terms.lots.map(({ id }) => ({ id, envelopes: envelopesOf(pack) })),
    groups: groupsOf(terms, keys),
    attestation_required: pack.attestation === 'required',
    ...(before === undefined
      ? {}
      : { reason: version.reason ?? '', reseal_required: keysReplaced || resealRequired(before, terms) }),
  };
  const fits = canonicalBytes(body).length <= NOTICE_MAX_BYTES;
  demand(fits, 'terms_invalid', 'A notice of so many lots and openers does not fit an entry of the log.');
  return body;
}

/** Equal exactly when the bodies are. */
export function noticeHash(body: CanonicalObject): string {
  return toBase64(sha256(canonicalBytes(body)));
}

function groupsOf(terms: TenderTerms, keys: readonly OpenerKey[]): CanonicalObject[] {
  return terms.groups.map(({ name, k, openerIds }) => ({
    name,
    k,
    openers: openerIds.map((openerId) => {
      const key = keys.find((row) => row.openerId === openerId);
      demand(key, 'opener_key_missing', 'An opener has not registered a key for this tender.', { openerId });
      return { opener_id: openerId, key_entry_sha256: toBase64(key.entrySha256) };
    }),
  }));
}
