/** Signing a notice: the preparer signs and submits, another person approves with a second signature. */
import { noticeKind, termsOfNotice, type KeyRing, type NoticeDraft } from '@segel/acts';
import { parseCanonicalObject, signDocument, type Signature } from '@segel/encoding';
import type { TenderTerms } from '@segel/procurement';
import type { ApiClient } from '../api-client.js';

export type { NoticeDraft } from '@segel/acts';

export const fetchNoticeDraft = (client: ApiClient, tenderId: string): Promise<NoticeDraft> =>
  client.get<NoticeDraft>(`/api/tenders/${tenderId}/notice-draft`);

/** The signature over a notice: the first version is the publication, later ones are addenda. */
export const signNotice = (keys: KeyRing, draft: NoticeDraft): Signature =>
  signDocument(noticeKind(draft), draft.body, keys.signingSecret);

/** The terms behind a notice, checked against it. Throws CheckFailed `terms_differ`. */
export async function fetchTerms(client: ApiClient, tenderId: string, draft: NoticeDraft): Promise<TenderTerms> {
  const bytes = await client.bytes(`/api/tenders/${tenderId}/terms/${draft.version}`);
  return termsOfNotice(draft, parseCanonicalObject(bytes));
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
