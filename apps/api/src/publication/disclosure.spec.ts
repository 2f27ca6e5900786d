import { describe, expect, it } from '@jest/globals';
import { toBase64, type CanonicalObject } from '@segel/encoding';
import { encodeEntry, ENTRY_TYPES, type EntryTypeName } from '@segel/evidence';
import { isDisclosed, type LotStage, type Stage, type TrailEntry } from './disclosure.js';

const [LOT, OTHER] = ['019abc00-0000-7000-8000-00000000000a', '019abc00-0000-7000-8000-00000000000b'];
const DOCUMENT = '019abc00-0000-7000-8000-00000000000d';

const lot = (state: string, reached: Partial<LotStage> = {}, id = LOT): LotStage => ({
  id,
  state,
  opened: false,
  intended: false,
  decided: false,
  ...reached,
});
const stage = (lots: readonly LotStage[], version = 1): Stage => ({
  lots,
  version,
  documents: new Set(version > 0 ? [DOCUMENT] : []),
  everything: false,
});

/** The stages of a tender of one lot, in order. */
const STAGES = {
  draft: stage([lot('tendering')], 0),
  published: stage([lot('tendering')]),
  closing: stage([lot('closing')]),
  closed: stage([lot('closed')]),
  opened: stage([lot('opened', { opened: true })]),
  evaluating: stage([lot('evaluating', { opened: true })]),
  intended: stage([lot('standstill', { opened: true, intended: true })]),
  awarded: stage([lot('awarded', { opened: true, intended: true, decided: true })]),
} as const;
type StageName = keyof typeof STAGES;

/** When the public may first read each blinded entry. Written by hand, beside the catalogue and not from it. */
const FIRST: Readonly<Partial<Record<EntryTypeName, StageName | 'never'>>> = {
  chaff: 'never',
  'erasure.requested': 'never',
  'erasure.declined': 'never',
  'refusal.recorded': 'never',
  'access.denied': 'never',
  'secret.read': 'never',
  'admin.acted': 'never',
  'account.opened': 'never',
  'account.link_sent': 'never',
  'account.invitation_requested': 'never',
  'account.invited': 'never',
  'account.signed_in': 'never',
  'account.credential_changed': 'never',
  'account.revoked': 'never',
  'role.granted': 'never',
  'role.revoked': 'never',
  'vendor.draft_saved': 'never',
  'vendor.registered': 'never',
  'vendor.document_added': 'never',
  'vendor.approved': 'never',
  'vendor.rejected': 'never',
  'vendor.blacklisting_requested': 'never',
  'tender.drafted': 'published',
  'tender.document_added': 'published',
  'tender.submitted': 'published',
  'tender.approved': 'published',
  'tender.cancellation_proposed': 'awarded',
  'tender.draft_cancelled': 'never',
  'question.asked': 'never',
  'bid.upload_announced': 'never',
  'bid.parts_discarded': 'never',
  'bid.submitted': 'opened',
  'bid.replaced': 'opened',
  'bid.withdrawn': 'never',
  'bid.reconfirmed': 'opened',
  'bid.delivered': 'opened',
  'bid.voided': 'opened',
  'bid.refused': 'never',
  'opening.readiness': 'opened',
  'opening.documents_scanned': 'never',
  'opening.seed_disclosed': 'opened',
  'bid.opened': 'opened',
  'evaluation.conflict_declared': 'intended',
  'evaluation.score_committed': 'intended',
  'evaluation.consensus': 'intended',
  'evaluation.completed': 'intended',
  'objection.filed': 'awarded',
  'complaint.filed': 'never',
};

const NAMES = Object.keys(ENTRY_TYPES) as EntryTypeName[];
const BLINDED = NAMES.filter((type) => ENTRY_TYPES[type].form === 'blinded');
/** Entries that are about no single lot. */
const OF_TENDER: readonly EntryTypeName[] = ['opening.readiness', 'evaluation.conflict_declared'];

/** An entry of the type, of version 1 of the terms. */
function entryOf(type: EntryTypeName, given: Partial<TrailEntry> = {}): TrailEntry {
  const lotId = type.startsWith('tender.') || OF_TENDER.includes(type) ? null : LOT;
  return { type, lotId, inBox: true, entryBytes: bytesOf(type), ...given };
}

function bytesOf(type: EntryTypeName, version = 1, document = DOCUMENT): Uint8Array | null {
  const hash = toBase64(new Uint8Array(32));
  const bodies: Readonly<Record<string, CanonicalObject>> = {
    'tender.drafted': { version, terms_sha256: hash },
    'tender.submitted': { version, terms_sha256: hash },
    'tender.approved': { version, decision: 'approve' },
    'tender.document_added': { document_id: document, sha256: hash, size_bytes: 1 },
  };
  const body = bodies[type];
  const actor = { kind: 'person', id: LOT } as const;
  return body === undefined ? null : encodeEntry({ type, id: OTHER, at: new Date(0), actor, body });
}

function firstStage(entry: TrailEntry): StageName | 'never' {
  const shown = Object.entries(STAGES).map(([name, at]) => [name, isDisclosed(entry, at)] as const);
  const first = shown.findIndex(([, disclosed]) => disclosed);
  if (first < 0) return 'never';
  // What is public once stays public.
  expect([entry.type, shown.slice(first).every(([, disclosed]) => disclosed)]).toEqual([entry.type, true]);
  return shown[first]![0] as StageName;
}

describe('disclosure', () => {
  it('has a point in this table for every blinded type of the catalogue', () => {
    expect(Object.keys(FIRST).sort()).toEqual([...BLINDED].sort());
  });

  it.each(BLINDED)('shows %s to the public exactly at its point', (type) => {
    expect(firstStage(entryOf(type))).toBe(FIRST[type]);
  });

  it.each(NAMES.filter((type) => ENTRY_TYPES[type].form === 'clear'))('hides nothing of %s, which is clear', (type) => {
    expect(firstStage(entryOf(type))).toBe('draft');
  });

  it.each(BLINDED)('shows %s to auditors at every stage', (type) => {
    for (const at of Object.values(STAGES)) expect(isDisclosed(entryOf(type), { ...at, everything: true })).toBe(true);
  });

  it.each(BLINDED.filter((type) => ['bid.submitted', 'bid.replaced', 'bid.reconfirmed'].includes(type)))(
    'never shows %s of a bid outside the frozen box',
    (type) => {
      expect(firstStage(entryOf(type, { inBox: false }))).toBe('never');
    },
  );

  it.each(BLINDED.filter((type) => !['never', 'published', 'awarded'].includes(FIRST[type]!)))(
    'shows nothing of %s in a tender that was cancelled while it was open for bids',
    (type) => {
      expect(isDisclosed(entryOf(type), stage([lot('cancelled')]))).toBe(false);
    },
  );

  it('keeps what is about no lot until the last living lot is there, and about a lot until its own', () => {
    const half = stage([lot('opened', { opened: true }), lot('closed', {}, OTHER)]);
    expect(isDisclosed(entryOf('bid.opened'), half)).toBe(true);
    expect(isDisclosed(entryOf('bid.opened', { lotId: OTHER }), half)).toBe(false);
    expect(isDisclosed(entryOf('opening.readiness'), half)).toBe(false);
    const rest = stage([lot('opened', { opened: true }), lot('cancelled', {}, OTHER)]);
    expect(isDisclosed(entryOf('opening.readiness'), rest)).toBe(true);
  });

  it('keeps drafts and documents of an addendum with the team until it is published', () => {
    const { published } = STAGES;
    for (const type of ['tender.drafted', 'tender.submitted', 'tender.approved'] as const) {
      const addendum = entryOf(type, { entryBytes: bytesOf(type, 2) });
      expect(isDisclosed(addendum, published)).toBe(false);
      expect(isDisclosed(addendum, { ...published, version: 2 })).toBe(true);
    }
    const unused = entryOf('tender.document_added', { entryBytes: bytesOf('tender.document_added', 1, OTHER) });
    expect(isDisclosed(unused, STAGES.awarded)).toBe(false);
  });

  it('shows who asked for a cancellation when every lot has ended, however it ended', () => {
    const proposal = entryOf('tender.cancellation_proposed');
    const decided = { opened: true, intended: true, decided: true };
    expect(isDisclosed(proposal, stage([lot('cancelled'), lot('failed', {}, OTHER)]))).toBe(true);
    expect(isDisclosed(proposal, stage([lot('awarded', decided), lot('cancelled', {}, OTHER)]))).toBe(true);
    expect(isDisclosed(proposal, stage([lot('awarded', decided), lot('closed', {}, OTHER)]))).toBe(false);
    expect(isDisclosed(proposal, stage([], 0))).toBe(false);
  });

  it('shows nothing whose opening was erased before it could be read', () => {
    expect(isDisclosed(entryOf('tender.drafted', { entryBytes: null }), STAGES.awarded)).toBe(false);
  });
});
