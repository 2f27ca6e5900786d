/** A tender as its team works on it: the newest terms, and whether a change of them is a draft or an addendum. */
import type { Schemas } from '@segel/client';
import { fromDocument, toDocument, type CanonicalObject } from '@segel/encoding';
import { rulePack, type RulePack, type TenderTerms } from '@segel/procurement';
import { ForbiddenException, UnauthorizedException } from '@nestjs/common';
import { attempt, text, type Form, type Wrong } from '../http/form.js';
import type { Visitor } from '../http/visitor.js';

export type Draft = {
  readonly tender: Schemas['TenderView'];
  readonly approval: Schemas['ApprovalStateView'];
  /** The newest version: the draft, the addendum in preparation, or what is in force. */
  readonly terms: TenderTerms;
  /** The terms that are in force; undefined before the publication. */
  readonly inForce: TenderTerms | undefined;
  readonly pack: RulePack;
  /** What a change of the terms is at this stage. */
  readonly mode: 'draft' | 'addendum' | 'fixed';
  readonly prepares: boolean;
  readonly approves: boolean;
};

export async function loadDraft(visitor: Visitor, tenderId: string): Promise<Draft> {
  const { api, me, now } = visitor;
  if (me === undefined) throw new UnauthorizedException();
  const holds = (wanted: string): boolean =>
    me.roles.some((held) => held.role === wanted && held.tenderId === tenderId);
  const path = { tenderId };
  const tender = await api.call('get', '/api/tenders/{tenderId}', { path });
  if (tender.team === undefined) throw new ForbiddenException();
  const approval = await api.call('get', '/api/tenders/{tenderId}/approval', { path });
  const published = tender.publishedAt !== undefined;
  const shown = fromDocument<TenderTerms>(toDocument(tender.terms));
  // An outage may have moved the deadline since.
  const inForce = published ? { ...shown, deadlineAt: tender.deadlineAt ?? shown.deadlineAt } : undefined;
  const terms =
    approval.version === tender.termsVersion
      ? (inForce ?? shown)
      : fromDocument<TenderTerms>(await termsDocument(visitor, tenderId, approval.version));
  const open = tender.state === 'tendering' && new Date(tender.deadlineAt ?? 0) > now;
  return {
    tender,
    approval,
    terms,
    inForce,
    pack: rulePack(terms.rulePackId),
    mode: tender.state === 'draft' ? 'draft' : open ? 'addendum' : 'fixed',
    prepares: holds('preparer'),
    approves: holds('approver'),
  };
}

/** The terms document of a version, as the server shows it. */
export async function termsDocument({ api }: Visitor, tenderId: string, version: number): Promise<CanonicalObject> {
  const path = { tenderId, version };
  // The client has parsed what came as JSON; whoever signs compares its hash with the notice.
  return (await api.call('get', '/api/tenders/{tenderId}/terms/{version}', { path })) as unknown as CanonicalObject;
}

/** Who changes a tender's terms. */
export async function loadForChange(visitor: Visitor, tenderId: string): Promise<Draft> {
  const draft = await loadDraft(visitor, tenderId);
  if (!draft.prepares) throw new ForbiddenException();
  return draft;
}

/** Stores changed terms: as the next draft, or as the next proposal of an addendum. Who has not seen the newest version
 *  is refused, so that nobody's change is lost unseen. */
export async function saveTerms(
  visitor: Visitor,
  { tender, mode }: Draft,
  form: Form,
  terms: TenderTerms,
): Promise<{ readonly wrong: Wrong } | undefined> {
  const path = { tenderId: tender.id };
  const version = Number(text(form, 'version'));
  const saved = await attempt<unknown>(visitor, () =>
    mode === 'addendum'
      ? visitor.api.call('put', '/api/tenders/{tenderId}/addendum', {
          path,
          body: { version, terms, reason: text(form, 'reason') },
        })
      : visitor.api.call('put', '/api/tenders/{tenderId}/terms', { path, body: { version, terms } }),
  );
  return 'wrong' in saved ? saved : undefined;
}

/** Everybody who holds a role in an organisation. */
export async function officials(
  { api }: Visitor,
  role: Schemas['Official']['role'],
): Promise<readonly Schemas['Official'][]> {
  const found: Schemas['Official'][] = [];
  for (let after: string | undefined; ;) {
    const page = await api.call('get', '/api/officials', {
      query: { role, limit: 200, ...(after === undefined ? {} : { after }) },
    });
    found.push(...page.items);
    after = page.next;
    if (after === undefined || found.length >= 2000) return found;
  }
}
