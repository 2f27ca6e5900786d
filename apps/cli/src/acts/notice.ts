/** Signing a notice: the preparer signs and submits, another person approves with a second signature. */
import { signDocument, type CanonicalObject, type Signature } from '@segel/encoding';
import type { ApiClient } from '../api-client.js';
import type { KeyRing } from '../keys/key-ring.js';
import { check } from '../problem.js';

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

/** The preparer's signature, and the request for approval. Without a draft the current one is signed: show it before. */
export async function submitForApproval(
  client: ApiClient,
  keys: KeyRing,
  tenderId: string,
  shown?: NoticeDraft,
): Promise<NoticeDraft> {
  const draft = shown ?? (await fetchNoticeDraft(client, tenderId));
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
  const signature = signNotice(keys, draft);
  const decision = { version: draft.version, decision: 'approve', ...signature };
  await client.post(`/api/tenders/${tenderId}/approval`, decision);
  return draft;
}

/** Sends the draft back to the preparer with a reason. */
export async function returnDraft(client: ApiClient, tenderId: string, version: number, reason: string): Promise<void> {
  await client.post(`/api/tenders/${tenderId}/approval`, { version, decision: 'return', reason });
}
