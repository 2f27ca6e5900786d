/** The tender of the specs: one lot of paper, two vendors, an award to the cheaper. */
import { join } from 'node:path';
import { fromBase64, sha256, signDocument, toBase64, toDocument } from '@segel/encoding';
import {
  evaluate,
  packDocument,
  resultDocument,
  findingDocument,
  shareReleaseBody,
  standstillEnd,
  type Offer,
  type OpenedBid,
  type TenderTerms,
} from '@segel/procurement';
import { proveSentShare, recipientOf, sentSharesRoot } from '@segel/sealing';
import { setRoot as rootOf } from '@segel/tlog';
import { CLIENT, contextOf, EVALUATORS, GROUPS, LOT, offerOf, OPENERS, seal, TENDER } from './seal-fixture.js';
import type { Evidence, EvidenceEntry } from './evidence.js';
import { sharesOf } from './shares-fixture.js';
import { PACK, TERMS } from './tender-terms-fixture.js';
import {
  DEADLINE,
  FixtureLog,
  frozen,
  idOf,
  keyOf,
  put,
  secretOf,
  type Alter,
  type Placed,
  type Draft,
} from './fixtures.js';

export { CLIENT, LOT, TENDER };
/** What a spec changes before the tender is built. */
export type Change = {
  readonly alter?: Alter;
  readonly evidence?: (evidence: Evidence) => Evidence;
  /** Entries that are slipped in before the one of this name. */
  readonly insert?: (name: string) => readonly Omit<Draft, 'tenderId'>[];
  /** When the witness saw the cut. */
  readonly witnessedAt?: Date;
  /** When the witness saw the announcement of the award. */
  readonly announcedAt?: Date;
  /** How far the tender went. */
  readonly until?: 'published' | 'opened';
  /** Opener b2 sends a share that is not the committed one, or is blamed for the right one. */
  readonly wrongShare?: 'wrong' | 'right';
  /** Bolt commits its bid first; its sealed file comes within the minute of grace, or never. */
  readonly committed?: 'delivered' | 'void';
};

type SealedBid = {
  readonly name: string;
  readonly bidId: string;
  readonly entry: Placed;
  readonly offer: Offer;
  readonly voided: boolean;
} & Awaited<ReturnType<typeof seal>>;

const seconds = (count: number): Date => new Date(DEADLINE.getTime() + count * 1000);
const isVoid = ({ voided }: SealedBid): boolean => voided;
const isOpened = ({ outcome }: { readonly outcome: string }): boolean => outcome === 'opened';
const keep: Alter = (_, draft) => draft;

/** Builds the tender into a folder: `evidence.json` and `log/`. */
export async function buildTender(folder: string, change: Change = {}): Promise<{ readonly policy: string }> {
  const { wrongShare, committed: commits } = change;
  const tender = new TenderFixture(new FixtureLog(change.alter ?? keep), change.insert, wrongShare, commits);
  const evidence = await tender.run(change.until);
  await put(join(folder, 'evidence.json'), JSON.stringify((change.evidence ?? ((same) => same))(evidence)));
  const earlier = [
    { size: tender.cutSize, at: change.witnessedAt ?? seconds(5) },
    { size: tender.announcedSize, at: change.announcedAt ?? seconds(7205) },
  ].filter(({ size }) => size > 0);
  await tender.log.writeAt(join(folder, 'log'), seconds(2_000_000), earlier);
  return { policy: tender.log.policy.text };
}

class TenderFixture {
  cutSize = 0;
  announcedSize = 0;
  readonly #entries: EvidenceEntry[] = [];

  constructor(
    readonly log: FixtureLog,
    private readonly insert: NonNullable<Change['insert']> = () => [],
    private readonly wrongShare?: Change['wrongShare'],
    private readonly committed?: Change['committed'],
  ) {}

  get #terms(): TenderTerms {
    return this.committed === undefined ? TERMS : { ...TERMS, precommit: { graceMinutes: 1 } };
  }

  async run(until?: Change['until']): Promise<Evidence> {
    const head = this.#publish();
    const bids = [await this.#bid('acme', '20.00', head.notice), await this.#bid('bolt', '30.00', head.notice)];
    this.#hidden();
    if (until === 'published') return head.evidence;
    const setRoot = this.#close(bids);
    this.#settle(bids[1]!);
    this.#release(bids);
    const manifests = bids.map(({ bidId, entry, envelope }) => ({ bidId, commitment: entry.commitment, envelope }));
    const opened = bids.map((bid) => this.#opened(bid));
    this.#append('completed', {
      type: 'opening.completed',
      at: seconds(80),
      body: {
        lot_id: LOT,
        envelope: 'single',
        opened: opened.filter(isOpened).length,
        rejected: bids.filter(isVoid).length,
      },
    });
    const blinded = { undisclosed: { blindedLeavesInPeriod: 2 } };
    const early = opened.map((bid) => {
      const { offer: _, ...shown } = bid;
      return shown;
    });
    if (until === 'opened') return { ...head.evidence, ...blinded, entries: this.#entries, manifests, opened: early };
    return { ...head.evidence, ...blinded, entries: this.#entries, manifests, opened, ...this.#award(bids, setRoot) };
  }

  #append(name: string, draft: Omit<Draft, 'tenderId'>): Placed {
    for (const [i, more] of this.insert(name).entries()) this.#record(`${i} before ${name}`, more);
    return this.#record(name, draft);
  }

  #record(name: string, draft: Omit<Draft, 'tenderId'>): Placed {
    const appended = this.log.place(name, { tenderId: TENDER, ...draft });
    const { index, data, salt, bytes } = appended;
    const type = draft.type;
    // A clear entry is longer than the 33 bytes of a blinded one.
    const leafSha256 = toBase64(sha256(data));
    if (data.length !== 33) this.#entries.push({ index, leafSha256, type, clear: true });
    else this.#entries.push({ index, leafSha256, type, salt: toBase64(salt), entryBytes: toBase64(bytes) });
    return appended;
  }

  #key(name: string, role: string): void {
    const body = {
      account_id: idOf(name),
      key: keyOf(name),
      ...(role === 'auditor' ? { escrow_recipient: recipientOf('x1', secretOf('escrow')) } : {}),
    };
    this.log.place(`key ${name}`, {
      type: 'key.authority.registered',
      at: seconds(-4_000_000),
      body,
      signers: [name],
    });
  }

  #publish(): { readonly notice: Placed; readonly evidence: Evidence } {
    for (const name of ['preparer', 'approver', 'award authority', ...EVALUATORS, ...OPENERS.flat()])
      this.#key(name, 'official');
    this.#key('auditor', 'auditor');
    const released = { name: CLIENT.name, version: CLIENT.version, bundle_sha256: CLIENT.bundle_sha256 };
    this.log.place('client released', { type: 'client.released', at: seconds(-4_000_000), body: released });
    for (const name of ['acme', 'bolt', 'cold']) {
      const body = { account_id: idOf(`user ${name}`), vendor_id: idOf(name), key: keyOf(name) };
      this.log.place(`key ${name}`, { type: 'key.vendor.registered', at: seconds(-4_000_000), body, signers: [name] });
    }
    const pinned = OPENERS.map((openers) => openers.map((name) => this.#openerKey(name)));
    const terms = frozen(toDocument(this.#terms));
    const pack = packDocument(PACK);
    const body = {
      ocid: 'ocds-example-1',
      version: 1,
      terms_sha256: terms.sha256,
      title: TERMS.title,
      buyer_id: TERMS.buyer.id,
      buyer_name: TERMS.buyer.name,
      rule_pack: { id: PACK.id, version: String(PACK.version), sha256: pack.sha256 },
      suite: 'x1',
      deadline: TERMS.deadlineAt,
      enquiry_end: TERMS.enquiryEndAt,
      policy_sha256: this.log.policySha256,
      tolerance_s: 120,
      lots: [{ id: LOT, envelopes: ['single'] }],
      groups: GROUPS.map((name, g) => ({ name, k: 1, openers: pinned[g]! })),
      attestation_required: true,
    };
    const signers = ['preparer', 'approver'];
    const notice = this.#append('published', { type: 'tender.published', at: seconds(-2_000_000), body, signers });
    const evidence: Evidence = {
      v: 1,
      tenderId: TENDER,
      logOrigin: this.log.origin,
      policy: this.log.policy.text,
      rulePack: toBase64(pack.bytes),
      lots: [{ id: LOT, state: 'tendering' }],
      terms: [{ version: 1, ...terms }],
      entries: this.#entries,
      manifests: [],
      opened: [],
      findings: [],
      results: [],
      undisclosed: { blindedLeavesInPeriod: 4 },
    };
    return { notice, evidence };
  }

  #openerKey(name: string): { readonly opener_id: string; readonly key_entry_sha256: string } {
    const recipient = recipientOf('x1', secretOf(`age ${name}`));
    const body = { tender_id: TENDER, opener_id: idOf(name), suite: 'x1', recipient, key: keyOf(name) };
    const type = 'key.opener.registered' as const;
    const entry = this.log.place(`opener ${name}`, { type, at: seconds(-3_000_000), body, signers: [name] });
    return { opener_id: idOf(name), key_entry_sha256: entry.sha256 };
  }

  async #bid(name: string, price: string, notice: Placed): Promise<SealedBid> {
    const bidId = idOf(`bid ${name}`);
    const offer = offerOf(bidId, price);
    const sealed = await seal(contextOf(this.log.origin, name, bidId, notice.sha256), offer, name);
    const entry = this.#append(`bid ${name}`, {
      type: 'bid.submitted',
      at: seconds(-1000),
      signers: [name],
      lotId: LOT,
      body: {
        lot_id: LOT,
        envelope: 'single',
        offer_id: idOf(`offer ${name}`),
        bid_id: bidId,
        vendor_id: idOf(name),
        manifest_sha256: sealed.manifestSha256,
        ct_root: sealed.ctRoot,
        notice_sha256: notice.sha256,
        ...(this.committed !== undefined && name === 'bolt' ? { precommit: true } : {}),
      },
    });
    return { name, bidId, entry, offer, voided: this.committed === 'void' && name === 'bolt', ...sealed };
  }

  /** Leaves that stay blinded: padding, and a bid of which nobody learns. */
  #hidden(): void {
    for (const name of ['chaff 1', 'chaff 2']) {
      this.log.place(name, { type: 'chaff', at: seconds(-900), body: { padding: 'x' } });
    }
  }

  #close(bids: readonly SealedBid[]): string {
    this.#append('closing', { type: 'box.closing', at: seconds(1), body: { deadline: TERMS.deadlineAt } });
    const setRoot = toBase64(rootOf(bids.map(({ entry }) => fromBase64(entry.commitment))));
    this.cutSize = this.log.entries.length;
    const notice = this.#entries.find(({ type }) => type === 'tender.published')!;
    const latest = toBase64(sha256(this.log.entries[notice.index]!.data.slice(1)));
    const place = { lot_id: LOT, envelope: 'single', set_root: setRoot, cut_size: this.cutSize };
    const body = { ...place, deadline: TERMS.deadlineAt, latest_notice_sha256: latest, count: bids.length };
    const box = this.#append('box', { type: 'box.closed', at: seconds(3), lotId: LOT, body });
    const attested = { ...place, box_idx: box.index };
    this.#append('attested', {
      type: 'box.attested',
      at: seconds(30),
      lotId: LOT,
      body: attested,
      signers: ['auditor'],
    });
    return setRoot;
  }

  #settle({ bidId, entry, manifestSha256, ctRoot }: SealedBid): void {
    const place = { lot_id: LOT, bid_id: bidId };
    if (this.committed === 'delivered') {
      const body = { ...place, manifest_sha256: manifestSha256, ct_root: ctRoot };
      this.#append('delivered', { type: 'bid.delivered', at: seconds(40), lotId: LOT, body });
    }
    if (this.committed === 'void') {
      const due = seconds(60).toISOString();
      const body = { ...place, bid_commitment: entry.commitment, reason: 'ciphertext_missing', due };
      this.#append('voided', { type: 'bid.voided', at: seconds(60), lotId: LOT, body });
    }
  }

  #release(bids: readonly SealedBid[]): void {
    const commitments = bids.map(({ entry }) => entry.commitment);
    if (this.wrongShare !== undefined) this.#reject(bids, this.wrongShare);
    GROUPS.forEach((group, g) => {
      const opener = OPENERS[g]![0];
      this.#append(`release ${opener}`, {
        type: 'opening.share_released',
        at: seconds(60),
        lotId: LOT,
        signers: [opener],
        body: shareReleaseBody({
          lotId: LOT,
          envelope: 'single',
          openerId: idOf(opener),
          group,
          commitments,
          sharesRoot: toBase64(sentSharesRoot(sharesOf(bids, idOf(opener)))),
        }),
      });
    });
  }

  #reject(bids: readonly SealedBid[], how: 'wrong' | 'right'): void {
    const [name, openerId, group] = ['b2', idOf('b2'), 'buyer'];
    const [first, ...others] = sharesOf(bids, openerId);
    const sent = [how === 'right' ? first! : { ...first!, share: sha256(first!.share) }, ...others];
    const commitments = bids.map(({ entry }) => entry.commitment);
    const sharesRoot = toBase64(sentSharesRoot(sent));
    const signed = shareReleaseBody({ lotId: LOT, envelope: 'single', openerId, group, commitments, sharesRoot });
    const { key, sig } = signDocument('opening.share_released', signed, secretOf(name));
    this.#append('rejected', {
      type: 'opening.share_rejected',
      at: seconds(55),
      lotId: LOT,
      body: {
        lot_id: LOT,
        envelope: 'single',
        opener_id: openerId,
        bid_commitment: toBase64(first!.bid),
        reason: 'not the committed share of the chair',
        release: { group, key, sig, shares_root: sharesRoot },
        sent: { ...proveSentShare(sent, first!.bid) },
      },
    });
  }

  #opened({ name, bidId, entry, bytes, proof, plaintextRoot, voided }: SealedBid): Evidence['opened'][number] {
    const { commitment } = entry;
    const outcome = voided ? 'ciphertext_missing' : 'opened';
    const root: { plaintext_root?: string } = voided ? {} : { plaintext_root: plaintextRoot };
    const body = { bid_commitment: commitment, bid_id: bidId, lot_id: LOT, outcome, ...root };
    this.#append(`opened ${name}`, { type: 'bid.opened', at: seconds(70), lotId: LOT, body });
    if (voided) return { bidId, commitment, outcome };
    return { bidId, commitment, outcome: 'opened', plaintextRoot, offer: { bytes, proof } };
  }

  #award(bids: readonly SealedBid[], setRoot: string): Pick<Evidence, 'findings' | 'results'> {
    for (const name of EVALUATORS) {
      const body = { tender_id: TENDER, account_id: idOf(name), conflict: false };
      this.#append(`declared ${name}`, {
        type: 'evaluation.conflict_declared',
        at: seconds(800),
        body,
        signers: [name],
      });
    }
    const opened = bids.map(({ bidId, name, entry, offer, voided }): OpenedBid => ({
      bidId,
      commitment: entry.commitment,
      vendorId: idOf(name),
      index: entry.index,
      ...(voided ? { offer: null, failure: 'ciphertext_missing' } : { offer }),
    }));
    const findings = bids
      .filter((bid) => !isVoid(bid))
      .flatMap(({ bidId }) => EVALUATORS.map((name) => this.#finding(bidId, name)));
    const result = resultDocument(
      evaluate({ terms: this.#terms, pack: PACK, lotId: LOT, setRoot, bids: opened, rejections: [] }),
    );
    for (const name of ['eve', 'edo']) {
      const body = { lot_id: LOT, sha256: result.sha256 };
      const signers = [name];
      this.#append(`consensus ${name}`, { type: 'evaluation.consensus', at: seconds(3500), lotId: LOT, body, signers });
    }
    const body = { lot_id: LOT, result_sha256: result.sha256 };
    this.#append('evaluated', { type: 'evaluation.completed', at: seconds(3600), lotId: LOT, body });
    const at = seconds(7200);
    const end = standstillEnd(at, PACK);
    const award = {
      ...body,
      bid_commitment: bids[0]!.entry.commitment,
      vendor_id: idOf('acme'),
      amount: '200.00',
      currency: 'EUR',
    };
    const signers = ['award authority'];
    const announced = { ...award, standstill_end: end.toISOString() };
    this.announcedSize = this.log.entries.length + 1;
    this.#append('intended', { type: 'award.intended', at, lotId: LOT, body: announced, signers });
    this.#append('decided', { type: 'award.decided', at: end, lotId: LOT, body: award, signers });
    const committee = EVALUATORS.map(idOf);
    return { findings, results: [{ lotId: LOT, sha256: result.sha256, bytes: toBase64(result.bytes), committee }] };
  }

  #finding(bidId: string, name: string): Evidence['findings'][number] {
    const finding = { lotId: LOT, bidId, evaluatorId: idOf(name), admitted: true };
    const { sha256: findingSha256 } = findingDocument({ ...finding, tenderId: TENDER });
    const body = { account_id: idOf(name), lot_id: LOT, bid_id: bidId, finding_sha256: findingSha256 };
    this.#append(`finding ${name} ${bidId}`, {
      type: 'evaluation.score_committed',
      at: seconds(900),
      lotId: LOT,
      body,
    });
    return finding;
  }
}
