import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromBase64, toBase64, utf8, utf8Text, type CanonicalObject } from '@segel/encoding';
import type { Evidence } from './evidence.js';
import { DEADLINE, idOf, keyOf, type Alter, type Draft } from './fixtures.js';
import { reportJson, reportText, type Report } from './report.js';
import { buildTender, CLIENT, LOT, TENDER, type Change } from './tender-fixture.js';
import { saveTender } from './save-tender.js';
import { verifyTender } from './verify-tender.js';

const folders: string[] = [];
async function built(change: Change = {}): Promise<{ base: string; policy: string }> {
  const base = await mkdtemp(join(tmpdir(), 'segel-verify-'));
  folders.push(base);
  return { base, ...(await buildTender(base, change)) };
}
async function verified(change: Change = {}): Promise<Report> {
  const { base, policy } = await built(change);
  return verifyTender({ base, tenderId: TENDER, policy });
}
const errors = (report: Report): string[] =>
  report.findings.filter(({ severity }) => severity === 'error').map(({ check, code }) => `${check}/${code}`);

/** Changes the entry of this name. */
const on =
  (name: string, change: (draft: Draft) => Draft | undefined): Alter =>
  (given, draft) =>
    given === name ? change(draft) : draft;
const body =
  (name: string, members: (body: CanonicalObject) => CanonicalObject): Alter =>
  (given, draft) =>
    given === name ? { ...draft, body: { ...draft.body, ...members(draft.body) } } : draft;
const at = (name: string, seconds: number): Alter =>
  on(name, (draft) => ({ ...draft, at: new Date(DEADLINE.getTime() + seconds * 1000) }));
const without = (name: string): Alter => on(name, () => undefined);
const signedBy = (name: string, ...signers: string[]): Alter => on(name, (draft) => ({ ...draft, signers }));
const other = toBase64(new Uint8Array(32).fill(7));

afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

describe('the verifier of a tender', () => {
  it('finds nothing wrong with an honest tender, and says what it could not see', async () => {
    const report = await verified();
    expect(report.findings.map(({ code }) => code)).toEqual(['one_witness_suffices']);
    expect(report.holds).toBe(true);
    expect(report.unverified.map(({ what }) => what).join()).toMatch(/re-dealing.*undisclosed.*withdrawn/);
    expect(reportText(report)).toContain('everything that was checked holds');
    expect(JSON.parse(reportJson(report))).toMatchObject({ v: 1, subject: TENDER, holds: true });
  });

  it.each(['published', 'opened'] as const)('finds nothing wrong with a tender that is only %s', async (until) => {
    const report = await verified({ until });
    expect(errors(report)).toEqual([]);
    expect(report.unverified.length).toBeGreaterThan(3 - (until === 'published' ? 1 : 0));
  });

  describe('of the program that a bid was sealed by', () => {
    const released = { type: 'client.released', at: DEADLINE, body: CLIENT } as const;
    const insert: Change['insert'] = (name) => (name === 'bid bolt' ? [released] : []);
    const warned = async (change: Change): Promise<readonly unknown[]> => {
      const { holds, findings } = await verified(change);
      if (change.insert === undefined) expect(holds).toBe(true);
      return findings.filter(({ code }) => code === 'program_unreleased');
    };

    it('warns when no entry names its hash, and lets the tender hold', async () => {
      const [acme, bolt, ...more] = await warned({ alter: without('client released') });
      expect(acme).toMatchObject({ check: 'bids', severity: 'warning', where: { bid: idOf('bid acme') } });
      expect(acme).toMatchObject({ sentence: expect.stringContaining(CLIENT.bundle_sha256) });
      expect(bolt).toMatchObject({ where: { bid: idOf('bid bolt') } });
      expect(more).toEqual([]);
    });

    it('warns when it was released only after the bid', async () => {
      const late = await warned({ alter: without('client released'), insert });
      expect(late).toMatchObject([{ where: { bid: idOf('bid acme') } }]);
      expect(late).toMatchObject([{ sentence: expect.stringMatching(/names it only after the bid/) }]);
    });

    it('warns when the entry names another hash', async () => {
      expect(await warned({ alter: body('client released', () => ({ bundle_sha256: other })) })).toHaveLength(2);
    });
  });

  describe('of a share that was refused', () => {
    const report = async (wrongShare: 'wrong' | 'right', alter: Alter = (_, draft) => draft): Promise<Report> =>
      verified({ wrongShare, alter });
    const rejected = (change: (body: CanonicalObject) => CanonicalObject): Alter => body('rejected', change);

    it('shows that the opener signed it, and lets the tender hold', async () => {
      const found = await report('wrong');
      expect(errors(found)).toEqual([]);
      const [wrong] = found.findings.filter(({ code }) => code === 'share_wrong');
      expect(wrong).toMatchObject({ severity: 'warning', where: { field: idOf('b2') } });
    });

    it.each<readonly [string, 'wrong' | 'right', Alter]>([
      ['blames an opener for the committed share', 'right', (_, draft) => draft],
      [
        'says that an honest opener sent another share',
        'right',
        rejected(({ sent }) => ({ sent: { ...(sent as CanonicalObject), share_commitment: other } })),
      ],
      [
        'puts another root under the signature of an honest opener',
        'wrong',
        rejected(({ release }) => ({ release: { ...(release as CanonicalObject), shares_root: other } })),
      ],
      ['blames another opener for it', 'wrong', rejected(() => ({ opener_id: idOf('b1') }))],
      [
        'signs with a key of its own',
        'wrong',
        rejected(({ release }) => ({ release: { ...(release as CanonicalObject), key: keyOf('preparer') } })),
      ],
    ])('names a server that %s', async (_, how, alter) => {
      expect(errors(await report(how, alter))).toEqual(['releases/share_blame_unfounded']);
    });
  });

  const lies: readonly (readonly [string, string, Alter])[] = [
    ['a notice signed twice by one key', 'notices/one_signer', signedBy('published', 'preparer', 'preparer')],
    ['a notice signed by a stranger', 'notices/signer_unknown', signedBy('published', 'preparer', 'nobody')],
    ['a notice signed by a vendor', 'notices/signer_unknown', signedBy('published', 'preparer', 'acme')],
    ['another policy', 'notices/policy_hash', body('published', () => ({ policy_sha256: other }))],
    ['other terms', 'notices/terms_hash', body('published', () => ({ terms_sha256: other }))],
    ['a title that is not the terms’', 'notices/terms_differ', body('published', () => ({ title: 'Something else' }))],
    [
      'another rule pack',
      'notices/rule_pack_hash',
      body('published', ({ rule_pack: pack }) => ({ rule_pack: { ...(pack as CanonicalObject), sha256: other } })),
    ],
    [
      'an attestation waived by the notice alone',
      'notices/attestation_differs',
      body('published', () => ({ attestation_required: false })),
    ],
    [
      'an opener key of somebody else',
      'openers/opener_key_unsigned',
      on('opener a1', (draft) => ({ ...draft, body: { ...draft.body, key: keyOf('b1') }, signers: ['b1'] })),
    ],
    ['an opener key that is not in the log', 'openers/opener_key_unknown', without('opener a1')],
    [
      'an opener key of another tender',
      'openers/opener_key_foreign',
      body('opener a1', () => ({ tender_id: idOf('other') })),
    ],
    ['a bid signed by another vendor', 'bids/bid_signer', signedBy('bid acme', 'bolt')],
    ['a bid of a vendor without a key', 'bids/manifest_signer', without('key acme')],
    ['a bid with another manifest', 'bids/manifest_hash', body('bid acme', () => ({ manifest_sha256: other }))],
    ['a bid with another ciphertext', 'bids/ct_root', body('bid acme', () => ({ ct_root: other }))],
    ['a bid under an unknown notice', 'bids/bid_notice', body('bid acme', () => ({ notice_sha256: other }))],
    ['a bid for another vendor', 'bids/context_mismatch', body('bid acme', () => ({ vendor_id: idOf('bolt') }))],
    ['a late bid', 'bids/bid_late', at('bid acme', 1)],
    [
      'a cut below a bid',
      'bids/bid_after_cut',
      body('box', ({ cut_size: cut }) => ({ cut_size: (cut as number) - 6 })),
    ],
    ['a cut above the close', 'box/box_cut', body('box', ({ cut_size: cut }) => ({ cut_size: (cut as number) + 1 }))],
    ['a count that is wrong', 'box/box_count', body('box', () => ({ count: 3 }))],
    ['a set that is wrong', 'box/set_root', body('box', () => ({ set_root: other }))],
    ['a box closed early', 'box/box_early', at('box', -1)],
    ['a box with another deadline', 'box/box_deadline', body('box', () => ({ deadline: '2026-03-01T11:00:00.000Z' }))],
    ['a box on an unknown notice', 'box/box_notice', body('box', () => ({ latest_notice_sha256: other }))],
    ['a box that nobody announced to be closing', 'box/box_closing', without('closing')],
    ['an attestation by no auditor', 'attested/attestation_signer', signedBy('attested', 'preparer')],
    ['an attestation of another box', 'attested/attestation_mismatch', body('attested', () => ({ set_root: other }))],
    ['no attestation', 'attested/not_attested', without('attested')],
    ['a release before the deadline', 'releases/release_early', at('release b1', -10)],
    ['a release signed by another opener', 'releases/release_signer', signedBy('release b1', 'a1')],
    [
      'a release for part of the box',
      'releases/release_incomplete',
      body('release b1', ({ commitments }) => ({ commitments: [(commitments as string[])[0]!] })),
    ],
    [
      'a release of other shares than the committed ones',
      'releases/release_shares',
      body('release b1', () => ({ shares_root: other })),
    ],
    ['a group without releases', 'releases/release_threshold', without('release a1')],
    ['a bid without outcome', 'outcomes/outcome_count', without('opened acme')],
    [
      'an outcome of a bid outside the box',
      'outcomes/opened_unknown',
      body('opened acme', () => ({ bid_commitment: other })),
    ],
    ['totals that do not add up', 'outcomes/totals_differ', body('completed', () => ({ opened: 1 }))],
    ['another plaintext', 'offers/offer_unproven', body('opened acme', () => ({ plaintext_root: other }))],
    ['another result', 'evaluation/result_hash', body('evaluated', () => ({ result_sha256: other }))],
    [
      'an evaluator with a conflict',
      'evaluation/committee_undeclared',
      body('declared eve', () => ({ conflict: true })),
    ],
    ['a result signed by one of three', 'evaluation/committee_minority', without('consensus edo')],
    ['a result that a stranger signed', 'evaluation/committee_minority', signedBy('consensus edo', 'preparer')],
    [
      'a finding that was committed otherwise',
      'evaluation/finding_withheld',
      body(`finding eve ${idOf('bid acme')}`, () => ({ finding_sha256: other })),
    ],
    ['a finding that nobody committed', 'evaluation/finding_added', without(`finding eve ${idOf('bid acme')}`)],
    ['an award to the second', 'award/award_not_first', body('intended', () => ({ vendor_id: idOf('bolt') }))],
    ['an award by somebody who evaluated', 'award/award_evaluator', signedBy('intended', 'eve')],
    ['a publication with too few days for bids', 'notices/terms_break_rules', at('published', -86_400)],
    ['an award signed by a vendor', 'award/award_signer', signedBy('decided', 'acme')],
    ['an award of another amount', 'award/award_differs', body('decided', () => ({ amount: '999.00' }))],
    ['an award before the end of the standstill', 'award/standstill_broken', at('decided', 8000)],
    [
      'a standstill that is too short',
      'award/standstill_short',
      body('intended', () => ({ standstill_end: '2026-03-02T12:00:00.000Z' })),
    ],
    ['an award without announcement', 'award/award_unannounced', without('intended')],
    ['an award without evaluation', 'award/award_unevaluated', without('evaluated')],
    ['a tender that was never published', 'lifecycle/not_published', without('published')],
    ['an opening that was never completed', 'lifecycle/out_of_order', without('completed')],
  ];
  it.each(lies)('names %s: %s', async (_, finding, alter) => {
    expect(errors(await verified({ alter }))).toContain(finding);
  });

  it.each([
    ['before the deadline', -1],
    ['after the tolerance', 121],
  ])('names a cut that the witnesses saw %s', async (_, seconds) => {
    const report = await verified({ witnessedAt: new Date(DEADLINE.getTime() + seconds * 1000) });
    expect(errors(report)).toEqual(['witnessed/unwitnessed_in_time']);
  });

  it('names an award that states to have been announced before the witnesses saw it', async () => {
    const report = await verified({ announcedAt: new Date(DEADLINE.getTime() + 500_000_000) });
    expect(errors(report)).toEqual(['award/award_unwitnessed']);
  });

  const change = <T>(list: readonly T[], i: number, to: (one: T) => T): T[] =>
    list.map((one, at) => (at === i ? to(one) : one));
  const blindedAt = (evidence: Evidence): number => evidence.entries.findIndex((entry) => entry.clear !== true);
  const tampered: readonly (readonly [string, string, (evidence: Evidence) => Evidence])[] = [
    [
      'a disclosed entry that is not the one in the log',
      'disclosed/commitment_mismatch',
      (e) => ({
        ...e,
        entries: change(e.entries, blindedAt(e), (entry) => ({ ...entry, salt: other }) as typeof entry),
      }),
    ],
    [
      'a disclosed entry at another place',
      'disclosed/commitment_mismatch',
      (e) => ({ ...e, entries: change(e.entries, blindedAt(e), (entry) => ({ ...entry, index: entry.index + 1 })) }),
    ],
    [
      'an entry shown twice',
      'disclosed/entry_twice',
      (e) => ({ ...e, entries: [...e.entries, e.entries[blindedAt(e)]!] }),
    ],
    [
      'a bid that is withheld',
      'box/set_root',
      (e) => ({ ...e, entries: e.entries.filter((_, i) => i !== blindedAt(e)) }),
    ],
    ['a manifest that is withheld', 'bids/manifest_missing', (e) => ({ ...e, manifests: e.manifests.slice(1) })],
    [
      'a manifest with another signature',
      'bids/manifest_invalid',
      (e) => ({
        ...e,
        manifests: change(e.manifests, 0, (m) => ({
          ...m,
          envelope: { ...m.envelope, signatures: e.manifests[1]!.envelope.signatures },
        })),
      }),
    ],
    [
      'terms that were changed',
      'notices/terms_hash',
      (e) => ({ ...e, terms: change(e.terms, 0, (t) => ({ ...t, bytes: altered(t.bytes, 'White', 'Green') })) }),
    ],
    [
      'a rule pack that was changed',
      'notices/rule_pack_hash',
      (e) => ({ ...e, rulePack: altered(e.rulePack, '"required"', '"waived"') }),
    ],
    [
      'a price that was changed',
      'offers/offer_altered',
      (e) => ({
        ...e,
        opened: change(e.opened, 0, (o) => ({
          ...o,
          offer: { ...o.offer!, bytes: altered(o.offer!.bytes, '20.00', '21.00') },
        })),
      }),
    ],
    [
      'a price that was changed, in what it does to the result',
      'evaluation/evaluation_differs',
      (e) => ({
        ...e,
        opened: change(e.opened, 0, (o) => ({
          ...o,
          offer: { ...o.offer!, bytes: altered(o.offer!.bytes, '20.00', '41.00') },
        })),
      }),
    ],
    [
      'a result that was changed',
      'evaluation/result_hash',
      (e) => ({ ...e, results: change(e.results, 0, (r) => ({ ...r, bytes: altered(r.bytes, '300.00', '100.00') })) }),
    ],
    [
      'a finding that was changed',
      'evaluation/finding_withheld',
      (e) => ({
        ...e,
        findings: change(e.findings, 0, (f) => ({
          ...f,
          admitted: false,
          criterionId: idOf('criterion'),
          evidence: 'page 1',
          reason: 'It is not white.',
        })),
      }),
    ],
    [
      'a committee that was changed',
      'evaluation/committee_undeclared',
      (e) => ({
        ...e,
        results: change(e.results, 0, (r) => ({ ...r, committee: [...r.committee, idOf('preparer')] })),
      }),
    ],
    [
      'a committee cut down to those who agree',
      'evaluation/committee_omits',
      (e) => ({ ...e, results: change(e.results, 0, (r) => ({ ...r, committee: r.committee.slice(0, 1) })) }),
    ],
    [
      'a committee of one',
      'evaluation/committee_size',
      (e) => ({ ...e, results: change(e.results, 0, (r) => ({ ...r, committee: r.committee.slice(0, 1) })) }),
    ],
    ['evidence of another log', 'log_of_tender/log_origin', (e) => ({ ...e, logOrigin: 'log.example/other' })],
    ['evidence that is no evidence', 'evidence/unreadable', (e) => ({ ...e, tenderId: LOT })],
  ];
  it.each(tampered)('names %s: %s', async (_, finding, evidence) => {
    expect(errors(await verified({ evidence }))).toContain(finding);
  });

  it('finds nothing wrong with a saved copy', async () => {
    const { base, policy } = await built();
    const folder = join(base, 'copy');
    await saveTender({ base, tenderId: TENDER, folder, policy });
    const report = await verifyTender({ base: folder, tenderId: TENDER, policy });
    expect([errors(report), report.unverified.length]).toEqual([[], 5]);
  });

  it('names the entry that was altered in the log', async () => {
    const { base, policy } = await built();
    const { entries } = JSON.parse(await readFile(join(base, 'evidence.json'), 'utf8')) as Evidence;
    const box = entries.find(({ type }) => type === 'box.closed')!;
    const [file] = (await filesOf(join(base, 'log/tile/entries'))) as [string];
    const bytes = await readFile(file);
    const place = bytes.indexOf('"count":2', bytes.indexOf('box.closed') - 1000);
    await writeFile(file, Buffer.concat([bytes.subarray(0, place), utf8('"count":1'), bytes.subarray(place + 9)]));
    const report = await verifyTender({ base, tenderId: TENDER, policy });
    const found = report.findings.filter(({ code }) => code === 'entry_altered');
    expect(found.map(({ where }) => where)).toEqual([{ entry: box.index }]);
    expect(errors(report)).toEqual(expect.arrayContaining(['entries/root_mismatch', 'tiles/tile_wrong']));
  });

  it('names an earlier checkpoint that is not a prefix of the log', async () => {
    const { base, policy } = await built();
    const lying = await built({ alter: body('bid bolt', () => ({ offer_id: idOf('other') })) });
    const [name] = (await filesOf(join(base, 'log/checkpoints'))).sort() as [string];
    await writeFile(name, await readFile(name.replace(base, lying.base)));
    const report = await verifyTender({ base, tenderId: TENDER, policy });
    expect(errors(report)).toEqual(['history/history_rewritten', 'witnessed/history_rewritten']);
  });
});

function altered(base64: string, from: string, to: string): string {
  const text = utf8Text(fromBase64(base64));
  expect(text).toContain(from);
  return toBase64(utf8(text.replace(from, to)));
}

async function filesOf(folder: string): Promise<string[]> {
  const { readdir } = await import('node:fs/promises');
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
