/** Signing a notice: the preparer signs and submits, another person approves with a second signature. */
import { check, type KeyRing } from '@segel/acts';
import {
  fromDocument,
  parseCanonicalObject,
  sha256,
  signDocument,
  toBase64,
  type CanonicalObject,
  type Signature,
} from '@segel/encoding';
import type { TenderTerms } from '@segel/procurement';
import type { ApiClient } from '../api-client.js';

/** The body that both officials sign, exactly as it will stand in the log. */
export type NoticeDraft = {
  readonly version: number;
  /** A draft that was changed is published with a version above 1. */
  readonly kind?: 'tender.published' | 'tender.addendum';
  readonly body: CanonicalObject;
};

export const fetchNoticeDraft = (client: ApiClient, tenderId: string): Promise<NoticeDraft> =>
  client.get<NoticeDraft>(`/api/tenders/${tenderId}/notice-draft`);

/** The signature over a notice: the first version is the publication, later ones are addenda. */
export function signNotice(keys: KeyRing, draft: NoticeDraft): Signature {
  check(draft.body['version'] === draft.version, 'notice_differs', 'The draft names two versions.');
  // Only an addendum gives a reason: the body itself says which of the two it is.
  const kind = draft.body['reason'] === undefined ? 'tender.published' : 'tender.addendum';
  check((draft.kind ?? kind) === kind, 'notice_differs', 'The draft is of another kind than its body.');
  return signDocument(kind, draft.body, keys.signingSecret);
}

/** The terms behind a notice. The notice names them by hash only: nobody should sign a hash unseen. Throws CheckFailed
 *  `terms_differ` when they are not the ones that would be signed. */
export async function fetchTerms(
  client: ApiClient,
  tenderId: string,
  { version, body }: NoticeDraft,
): Promise<TenderTerms> {
  const bytes = await client.bytes(`/api/tenders/${tenderId}/terms/${version}`);
  const same = toBase64(sha256(bytes)) === body['terms_sha256'];
  check(same, 'terms_differ', 'The terms that the server shows are not those that the notice would bind.');
  const terms = fromDocument<TenderTerms>(parseCanonicalObject(bytes));
  const stated = [terms.title, terms.deadlineAt, terms.suite, terms.groups.map(({ name, k }) => `${name} ${k}`).join()];
  const groups = body['groups'] as readonly { readonly name: string; readonly k: number }[];
  const signed = [body['title'], body['deadline'], body['suite'], groups.map(({ name, k }) => `${name} ${k}`).join()];
  const agrees = stated.every((member, i) => member === signed[i]);
  check(agrees, 'terms_differ', 'Title, deadline, suite or opener groups of the notice are not those of the terms.');
  return terms;
}

/** The preparer's signature, and the request for approval. Without a draft the current one is signed: show it before. */
export async function submitForApproval(
  client: ApiClient,
  keys: KeyRing,
  tenderId: string,
  shown?: NoticeDraft,
): Promise<NoticeDraft> {
  const draft = shown ?? (await fetchNoticeDraft(client, tenderId));
  await fetchTerms(client, tenderId, draft);
  await client.post(`/api/tenders/${tenderId}/submission`, { version: draft.version, ...signNotice(keys, draft) });
  return draft;
}

/** The approver's signature, which publishes. */
export async function approve(
  client: ApiClient,
  keys: KeyRing,
  tenderId: string,
  shown?: NoticeDraft,
): Promise<NoticeDraft> {
  const draft = shown ?? (await fetchNoticeDraft(client, tenderId));
  await fetchTerms(client, tenderId, draft);
  const signature = signNotice(keys, draft);
  const decision = { version: draft.version, decision: 'approve', ...signature };
  await client.post(`/api/tenders/${tenderId}/approval`, decision);
  return draft;
}

/** Sends the draft back to the preparer with a reason. */
export async function returnDraft(client: ApiClient, tenderId: string, version: number, reason: string): Promise<void> {
  await client.post(`/api/tenders/${tenderId}/approval`, { version, decision: 'return', reason });
}
