/** What a notice binds, checked before anybody signs it (protocol section 4). */
import { canonicalBytes, fromDocument, sha256, toBase64, type CanonicalObject } from '@segel/encoding';
import type { TenderTerms } from '@segel/procurement';
import { check } from './failure.js';

/** The body that both officials sign, exactly as it will stand in the log. */
export type NoticeDraft = {
  readonly version: number;
  /** A draft that was changed is published with a version above 1. */
  readonly kind?: 'tender.published' | 'tender.addendum';
  readonly body: CanonicalObject;
};

/** The type of the entry that a notice is signed as. Throws CheckFailed `notice_differs` when the draft contradicts
 *  itself. */
export function noticeKind(draft: NoticeDraft): 'tender.published' | 'tender.addendum' {
  check(draft.body['version'] === draft.version, 'notice_differs', 'The draft names two versions.');
  // Only an addendum gives a reason: the body itself says which of the two it is.
  const kind = draft.body['reason'] === undefined ? 'tender.published' : 'tender.addendum';
  check((draft.kind ?? kind) === kind, 'notice_differs', 'The draft is of another kind than its body.');
  return kind;
}

/** The terms behind a notice, from their document. The notice names them by hash only: nobody should sign a hash unseen.
 *  Throws CheckFailed `terms_differ` when they are not the ones that would be signed. */
export function termsOfNotice({ body }: NoticeDraft, document: CanonicalObject): TenderTerms {
  const same = toBase64(sha256(canonicalBytes(document))) === body['terms_sha256'];
  check(same, 'terms_differ', 'The terms that the server shows are not those that the notice would bind.');
  const terms = fromDocument<TenderTerms>(document);
  const stated = [terms.title, terms.deadlineAt, terms.suite, terms.groups.map(({ name, k }) => `${name} ${k}`).join()];
  const groups = body['groups'] as readonly { readonly name: string; readonly k: number }[];
  const signed = [body['title'], body['deadline'], body['suite'], groups.map(({ name, k }) => `${name} ${k}`).join()];
  const agrees = stated.every((member, i) => member === signed[i]);
  check(agrees, 'terms_differ', 'Title, deadline, suite or opener groups of the notice are not those of the terms.');
  return terms;
}
