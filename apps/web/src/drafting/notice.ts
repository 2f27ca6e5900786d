/** What is up for signature, checked against the terms that the page shows: nobody signs a hash unseen. */
import { CheckFailed, noticeKind, termsOfNotice, type NoticeDraft } from '@segel/acts';
import { Problem } from '@segel/client';
import { canonicalize, verifyDocument, type CanonicalObject } from '@segel/encoding';
import { freezeDocument } from '@segel/procurement';
import type { Visitor } from '../http/visitor.js';
import { termsDocument, type Draft } from './draft.js';

export type Candidate =
  | { readonly draft: NoticeDraft; readonly kind: 'tender.published' | 'tender.addendum' }
  /** Why there is nothing to sign: the code of the API's refusal, or of our own check. */
  | { readonly refused: string };

/** The notice draft, when it binds exactly the newest terms. */
export async function candidateOf(visitor: Visitor, { tender, approval, terms }: Draft): Promise<Candidate> {
  const path = { tenderId: tender.id };
  try {
    const { version, kind, body } = await visitor.api.call('get', '/api/tenders/{tenderId}/notice-draft', { path });
    const draft: NoticeDraft = { version, kind, body: body as CanonicalObject };
    if (version !== approval.version) return { refused: 'terms_changed' };
    termsOfNotice(draft, await termsDocument(visitor, tender.id, version));
    // The page shows the terms as the tender's own address gave them: those are the ones that must be bound.
    if (freezeDocument(terms).sha256 !== draft.body['terms_sha256']) return { refused: 'terms_differ' };
    return { draft, kind: noticeKind(draft) };
  } catch (error) {
    if (error instanceof CheckFailed) return { refused: 'terms_differ' };
    if (error instanceof Problem && [409, 422].includes(error.document.status)) return { refused: error.document.code };
    throw error;
  }
}

export type Checked = {
  /** The notice is the very one that the preparer signed. */
  readonly same: boolean;
  /** The preparer's signature holds over it. */
  readonly holds: boolean;
  /** Its key is registered for the preparer. */
  readonly registered: boolean;
};

/** What an approver can be told about the preparer's signature. */
export async function checkSubmission(visitor: Visitor, { approval }: Draft, candidate: Candidate): Promise<Checked> {
  const { submission } = approval;
  if (submission === undefined || 'refused' in candidate) return { same: false, holds: false, registered: false };
  const { key, sig, preparerId } = submission;
  const body = submission.body as CanonicalObject;
  const keys = await visitor.api.call('get', '/api/keys', { query: { accountId: preparerId, limit: 200 } });
  return {
    same: canonicalize(body) === canonicalize(candidate.draft.body),
    holds: verifyDocument(candidate.kind, body, { key, sig }),
    registered: keys.items.some((one) => one.key === key && one.revokedAt === undefined),
  };
}
