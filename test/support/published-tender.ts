/** A tender published over HTTP by real people with real keys, for tests of what comes after. */
import { formatInstant, signDocument, uuidV7, type CanonicalObject } from '@segel/encoding';
import type { OpenerGroup, TenderTerms } from '@segel/procurement';
import type { Suite } from '@segel/sealing';
import { randomBytes } from 'node:crypto';
import type { Answer, Harness, Person } from './harness.js';
import {
  openerIdentity,
  publicKeyOf,
  tenderPeople,
  type OpenerIdentity,
  type Signer,
  type TenderPeople,
} from './tender-people.js';

export type PublishOptions = {
  /** Milliseconds from now to the deadline; 20 s, ten days of the pack `demo/fast`, unless told. */
  readonly deadlineInMs?: number;
  /** `x1` unless told: its keys and wraps are small, and tests wait less. */
  readonly suite?: Suite;
  /** Members of the terms that differ from the defaults. */
  readonly terms?: Partial<TenderTerms>;
  /** Openers, by place, who register a key by themselves. */
  readonly keyless?: readonly number[];
};

export type DraftedTender = {
  readonly tenderId: string;
  readonly lotIds: readonly string[];
  readonly terms: TenderTerms;
  readonly buyerId: string;
  readonly people: TenderPeople;
  /** Ed25519 secrets by account id. */
  readonly keys: Readonly<Record<string, Uint8Array>>;
  /** In the order of `people.openers`. */
  readonly openerIdentities: readonly OpenerIdentity[];
};

export type PublishedTender = DraftedTender & {
  readonly version: number;
  /** Entry hash of the notice in force, base64. */
  readonly noticeSha256: string;
};

/** Everything up to the tender being open for bids. */
export async function publishTender(harness: Harness, options: PublishOptions = {}): Promise<PublishedTender> {
  const drafted = await draftTender(harness, options);
  const { version, noticeSha256 } = await signAndApprove(harness, drafted);
  return { ...drafted, version, noticeSha256 };
}

/** A complete draft: terms, team and opener keys. */
export async function draftTender(harness: Harness, options: PublishOptions = {}): Promise<DraftedTender> {
  const [buyerName, auditName] = ['City of Example', 'Audit Office'];
  const buyerId = await harness.organisation('buyer', buyerName);
  const people = await tenderPeople(harness, buyerId, await harness.organisation('oversight', auditName));
  const suite = options.suite ?? 'x1';
  const terms = {
    ...exampleTerms(harness, { id: buyerId, name: buyerName }, people, options),
    suite,
    ...options.terms,
  };
  const created = await harness.post<{ id: string }>('/api/tenders', { buyerId, terms }, people.preparer);
  const tenderId = expectStatus(created, 201).id;
  const openerIdentities = people.openers.map(({ id }) => openerIdentity(suite, id));
  const drafted = {
    tenderId,
    lotIds: terms.lots.map(({ id }) => id),
    terms,
    buyerId,
    people,
    keys: Object.fromEntries(everybody(people).map((person) => [person.id, person.secret])),
    openerIdentities,
  };
  await gatherTeam(harness, drafted);
  for (const [i, opener] of people.openers.entries())
    if (options.keyless?.includes(i) !== true)
      expectStatus(await registerOpenerKey(harness, tenderId, opener, openerIdentities[i]!), 201);
  return drafted;
}

/** The preparer signs what is up for signature, the approver approves it: publication, or an addendum. */
export async function signAndApprove(
  harness: Harness,
  { tenderId, people }: Pick<DraftedTender, 'tenderId' | 'people'>,
): Promise<{ readonly version: number; readonly noticeSha256: string }> {
  const { version } = expectStatus(await submit(harness, tenderId, people.preparer), 200);
  const approved = expectStatus(await approve(harness, tenderId, people.approver), 200);
  return { version, noticeSha256: approved.noticeSha256 };
}

type Decision = { readonly version: number; readonly noticeSha256: string; readonly leafSha256: string };

/** The preparer's signature over the notice draft, and the request that carries it. */
export async function submit(harness: Harness, tenderId: string, signer: Signer): Promise<Answer<Decision>> {
  const { version, signature } = await signDraft(harness, tenderId, signer);
  return harness.post(`/api/tenders/${tenderId}/submission`, { version, ...signature }, signer);
}

export async function approve(harness: Harness, tenderId: string, signer: Signer): Promise<Answer<Decision>> {
  const { version, signature } = await signDraft(harness, tenderId, signer);
  return harness.post(`/api/tenders/${tenderId}/approval`, { version, decision: 'approve', ...signature }, signer);
}

export async function signDraft(
  harness: Harness,
  tenderId: string,
  signer: Signer,
): Promise<{
  readonly version: number;
  readonly body: CanonicalObject;
  readonly signature: { key: string; sig: string };
}> {
  const draft = await harness.get<{ version: number; kind: string; body: CanonicalObject }>(
    `/api/tenders/${tenderId}/notice-draft`,
    signer,
  );
  const { version, kind, body } = expectStatus(draft, 200);
  return { version, body, signature: signDocument(kind, body, signer.secret) };
}

/** An opener registers the key of this tender. */
export async function registerOpenerKey(
  harness: Harness,
  tenderId: string,
  opener: Signer,
  { suite, recipient }: OpenerIdentity,
): Promise<Answer<{ entrySha256: string }>> {
  const key = publicKeyOf(opener);
  const body = { tender_id: tenderId, opener_id: opener.id, suite, recipient, key };
  const { sig } = signDocument('key.opener.registered', body, opener.secret);
  return harness.post(`/api/tenders/${tenderId}/opener-keys`, { suite, recipient, key, sig }, opener);
}

/** One lot, two priced items, one document, one declaration; two groups of three openers of whom two are needed. */
export function exampleTerms(
  harness: Harness,
  buyer: TenderTerms['buyer'],
  { openers }: Pick<TenderPeople, 'openers'>,
  { deadlineInMs = 20_000, terms }: PublishOptions = {},
): TenderTerms {
  const estimate = terms?.estimate ?? { amount: '1000.00', currency: 'EUR' };
  const now = harness.clock.now().getTime();
  const newId = (): string => uuidV7(now, randomBytes(10));
  const [lotId, deskId, assemblyId] = [newId(), newId(), newId()];
  const group = (name: string, institution: string, external: boolean, members: readonly Person[]): OpenerGroup => ({
    name,
    institution,
    external,
    k: 2,
    openerIds: members.map(({ id }) => id),
  });
  const slot = { envelope: 'single', required: true } as const;
  return {
    title: 'School furniture for three schools',
    description: 'Desks and chairs, delivered and assembled.',
    category: 'goods',
    language: 'en',
    buyer,
    currency: estimate.currency,
    estimate,
    rulePackId: 'demo/fast',
    suite: 'x1',
    enquiryEndAt: formatInstant(now + Math.floor(deadlineInMs / 2)),
    deadlineAt: formatInstant(Math.ceil((now + deadlineInMs) / 1000) * 1000),
    maxBidBytes: 64 * 2 ** 20,
    lots: [{ id: lotId, title: 'Furniture', estimate }],
    items: [
      { id: deskId, lotId, description: 'Desk', quantity: '3', unit: 'piece' },
      { id: assemblyId, lotId, description: 'Assembly', quantity: '1', unit: 'lump' },
    ],
    documents: [],
    criteria: [
      { id: newId(), title: 'The bid is complete', kind: 'administrative' },
      { id: newId(), title: 'The desks meet the requirements', kind: 'technical' },
    ],
    slots: [
      { ...slot, id: newId(), label: 'Proposal', kind: 'document', mediaTypes: ['application/pdf'], maxBytes: 2 ** 20 },
      { ...slot, id: newId(), label: 'We accept the terms', kind: 'answer', answer: 'yes_no' },
      { ...slot, id: newId(), lotId, label: 'Desk', kind: 'price', itemId: deskId },
      { ...slot, id: newId(), lotId, label: 'Assembly', kind: 'price', itemId: assemblyId },
    ],
    groups: [
      group('buyer', buyer.name, false, openers.slice(0, 3)),
      group('audit', 'Audit Office', true, openers.slice(3, 6)),
    ],
  };
}

async function gatherTeam(
  harness: Harness,
  { tenderId, people }: Pick<DraftedTender, 'tenderId' | 'people'>,
): Promise<void> {
  const members = [
    { role: 'approver', people: [people.approver] },
    { role: 'opener', people: people.openers },
    { role: 'evaluator', people: people.evaluators },
    { role: 'award_authority', people: [people.awardAuthority] },
  ];
  for (const { role, people: persons } of members)
    for (const { id: accountId } of persons)
      expectStatus(await harness.post(`/api/tenders/${tenderId}/team`, { accountId, role }, people.preparer), 201);
}

function everybody(people: TenderPeople): readonly Signer[] {
  const { preparer, approver, openers, evaluators, awardAuthority, auditor } = people;
  return [preparer, approver, ...openers, ...evaluators, awardAuthority, auditor];
}

/** The body of an answer with the status, or an error that says what came instead. */
export function expectStatus<T>(answer: Answer<T>, status: number): T {
  if (answer.status !== status) throw new Error(`expected ${status}, got ${answer.status}: ${answer.text}`);
  return answer.body;
}
