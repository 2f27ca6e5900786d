/** Tenders, their versions, notices, lots, files and openers' keys, and companies, as the entries say they are. */
import { canonicalBytes, parseInstant, sha256, toBase64, type Signature } from '@segel/encoding';
import { may, tenderState, transition, type LotState, type TenderState } from '@segel/procurement';
import type { Act } from './row-audit-log.js';
import { ExpectedTable, type Cell, type ExpectedRow, type Row } from './row-audit-rows.js';

/** Titles, buyer and rule pack of a version of the terms, when its row still holds what was hashed. */
export type TermsOf = (
  tenderId: string,
  version: number,
) => { readonly title: string; readonly buyerId: string } | undefined;

type NoticeLot = { readonly id: string; readonly envelopes: readonly string[] };

export class ExpectedTenders {
  readonly tender = new ExpectedTable('tender');
  readonly version = new ExpectedTable('tender_version');
  readonly notice = new ExpectedTable('tender_notice');
  readonly return = new ExpectedTable('tender_return');
  readonly publication = new ExpectedTable('tender_publication');
  readonly cancellation = new ExpectedTable('tender_cancellation');
  readonly lot = new ExpectedTable('lot');
  readonly outage = new ExpectedTable('outage');
  readonly document = new ExpectedTable('tender_document');
  readonly openerKey = new ExpectedTable('opener_key');
  /** Envelopes of a lot whose box is not closed. */
  readonly #open = new Map<string, Set<string>>();

  constructor(private readonly termsOf: TermsOf) {}

  get tables(): readonly ExpectedTable[] {
    const { tender, version, notice, publication, cancellation, lot, outage, document, openerKey } = this;
    return [tender, version, notice, this.return, publication, cancellation, lot, outage, document, openerKey];
  }

  take(act: Act): void {
    const { type, body } = act.entry;
    const tenderId = act.entry.tenderId;
    if (tenderId === undefined) return;
    if (type === 'tender.drafted') this.drafted(act, tenderId);
    else if (type === 'tender.document_added') this.fileAdded(act, tenderId);
    else if (type === 'key.opener.registered') this.keyRegistered(act, tenderId);
    else if (type === 'key.opener.revoked') this.keyRevoked(act);
    else if (type === 'tender.submitted') this.submitted(act, tenderId);
    else if (type === 'tender.approved' && body['decision'] === 'return') this.returned(act, tenderId);
    else if (type === 'tender.published' || type === 'tender.addendum') this.published(act, tenderId);
    else if (type === 'tender.cancellation_proposed') this.cancellationAsked(act, tenderId);
    else if (type === 'tender.cancelled' || type === 'tender.draft_cancelled') this.cancelled(act, tenderId);
    else if (type === 'outage.recorded') this.outageRecorded(act, tenderId);
    else this.moved(act, tenderId);
  }

  private drafted({ entry, at, index }: Act, tenderId: string): void {
    const { version, terms_sha256: terms } = entry.body as Row;
    const by = entry.actor.id;
    const tender =
      this.tender.find({ id: tenderId }) ??
      this.tender.add({ id: tenderId }, { ...unpublished, created_by: by, created_at: at }, index);
    const draft = tender.cells['published_at'] === null;
    this.version.add(
      { tender_id: tenderId, version: version! },
      {
        terms_sha256: terms!,
        content: terms!,
        kind: draft ? 'draft' : 'addendum',
        prepared_by: by,
        prepared_at: at,
        ...(draft ? { reason: null } : {}),
      },
      index,
    );
    const about = this.termsOf(tenderId, version as number);
    const stated: Row = about === undefined ? {} : { title: about.title, buyer_id: about.buyerId };
    if (draft) tender.set({ version: version!, ...stated }, index);
  }

  private fileAdded({ entry, at, index }: Act, tenderId: string): void {
    const { document_id: id, sha256: digest, size_bytes: size, ...about } = entry.body as Row;
    this.document.add(
      { id: id! },
      { tender_id: tenderId, sha256: digest!, size_bytes: size!, added_by: entry.actor.id, added_at: at, ...about },
      index,
    );
  }

  private keyRevoked({ entry, at, index }: Act): void {
    const revoked = this.openerKey.find({ recipient: entry.body['recipient'] as string });
    revoked?.set({ revoked_at: at }, index);
  }

  private keyRegistered({ entry, at, index, entrySha256 }: Act, tenderId: string): void {
    const { opener_id: opener, suite, recipient, key } = entry.body as Row;
    for (const earlier of this.openerKey.filter((row) => row.cells['opener_id'] === opener))
      if (earlier.cells['tender_id'] === tenderId && earlier.cells['revoked_at'] === null)
        earlier.set({ revoked_at: at }, index);
    const sig = entry.bodySig?.[0]?.sig ?? null;
    const registered = {
      suite: suite!,
      key: key!,
      sig,
      entry_sha256: entrySha256,
      registered_at: at,
      revoked_at: null,
    };
    this.openerKey.add({ recipient: recipient! }, { tender_id: tenderId, opener_id: opener!, ...registered }, index);
  }

  private submitted({ entry, at, index }: Act, tenderId: string): void {
    const { version, terms_sha256: terms } = entry.body as Row;
    this.notice.add(
      { tender_id: tenderId, version: version!, submitted_at: at },
      { preparer_id: entry.actor.id, 'body (terms)': terms! },
      index,
    );
    const tender = this.tender.find({ id: tenderId });
    if (tender?.cells['published_at'] === null) tender.set({ state: 'in_approval' }, index);
  }

  private returned({ entry, at, index }: Act, tenderId: string): void {
    const { version, reason } = entry.body as Row;
    const notice = this.newestNotice(tenderId, version!);
    this.return.add(
      { approver_id: entry.actor.id, returned_at: at },
      { reason: reason!, ...(notice === undefined ? {} : { notice_id: noticeName(notice.key) }) },
      index,
    );
    const tender = this.tender.find({ id: tenderId });
    if (tender?.cells['published_at'] === null) tender.set({ state: 'draft' }, index);
  }

  private newestNotice(tenderId: string, version: Cell): ExpectedRow | undefined {
    return this.notice.rows.findLast(({ key }) => key['tender_id'] === tenderId && key['version'] === version);
  }

  private published(act: Act, tenderId: string): void {
    const { entry, at, index, entrySha256, leafSha256 } = act;
    const body = entry.body as Row;
    const version = body['version']!;
    const [preparer, approver] = entry.bodySig as readonly [Signature, Signature];
    const tender = this.tender.find({ id: tenderId });
    const reseal = body['reseal_required'] === true;
    tender?.set(
      {
        ocid: body['ocid']!,
        buyer_id: body['buyer_id']!,
        title: body['title']!,
        rule_pack: (entry.body['rule_pack'] as Row)['sha256']!,
        version,
        deadline_at: body['deadline']!,
        notice_sha256: entrySha256,
        ...(reseal ? { reseal_required_since: version } : {}),
        ...(tender.cells['published_at'] === null ? { published_at: at, state: 'tendering' } : {}),
      },
      index,
    );
    if (entry.type === 'tender.addendum')
      this.version.find({ tender_id: tenderId, version })?.set({ reason: body['reason']! }, index);
    const notice = this.newestNotice(tenderId, version);
    const said = toBase64(sha256(canonicalBytes(entry.body)));
    notice?.set({ body: said, preparer_key: preparer.key, preparer_sig: preparer.sig }, index);
    this.publication.add(
      { tender_id: tenderId, version },
      {
        entry_sha256: entrySha256,
        leaf_sha256: leafSha256,
        approver_id: entry.actor.id,
        approver_key: approver.key,
        approver_sig: approver.sig,
        reseal_required: reseal,
        published_at: at,
        ...(notice === undefined ? {} : { notice_id: noticeName(notice.key) }),
      },
      index,
    );
    this.alignLots(entry.body['lots'] as unknown as readonly NoticeLot[], tenderId, index);
  }

  private alignLots(named: readonly NoticeLot[], tenderId: string, index: number | undefined): void {
    for (const { id, envelopes } of named) {
      this.#open.set(id, new Set(envelopes));
      if (this.lot.find({ id }) === undefined) this.lot.add({ id }, { tender_id: tenderId, state: 'tendering' }, index);
    }
    for (const lot of this.lotsOf(tenderId))
      if (!named.some(({ id }) => id === lot.key['id'])) lot.set({ state: 'cancelled' }, index);
  }

  private cancellationAsked({ entry, at, index }: Act, tenderId: string): void {
    const { reason_code: code, reason } = entry.body as Row;
    const key = { tender_id: tenderId, proposed_at: at };
    this.cancellation.add(key, { reason_code: code!, reason: reason!, proposed_by: entry.actor.id }, index);
  }

  private cancelled({ index }: Act, tenderId: string): void {
    this.tender.find({ id: tenderId })?.set({ state: 'cancelled' }, index);
    for (const lot of this.lotsOf(tenderId))
      if (may(lot.cells['state'] as LotState, 'cancel')) lot.set({ state: 'cancelled' }, index);
  }

  private outageRecorded({ entry, at, index, leafSha256 }: Act, tenderId: string): void {
    const {
      from,
      until,
      minutes,
      evidence_sha256: evidence,
      deadline,
      extended_to: extendedTo = null,
    } = entry.body as Row;
    this.outage.add(
      { leaf_sha256: leafSha256 },
      {
        tender_id: tenderId,
        from_at: from!,
        until_at: until!,
        minutes: minutes!,
        evidence_sha256: evidence!,
        deadline_before: deadline!,
        extended_to: extendedTo,
        recorded_at: at,
      },
      index,
    );
    if (extendedTo !== null) this.tender.find({ id: tenderId })?.set({ deadline_at: extendedTo }, index);
  }

  /** The entries that move lots; the tender follows them. */
  private moved({ entry, at, index }: Act, tenderId: string): void {
    const lotId = entry.lotId;
    const own = lotId === undefined ? undefined : this.lot.find({ id: lotId });
    const state = own?.cells['state'] as LotState | undefined;
    const { type, body } = entry;
    if (type === 'box.closing')
      for (const lot of this.lotsOf(tenderId))
        if (lot.cells['state'] === 'tendering') lot.set({ state: 'closing' }, index);
    if (type === 'box.closed' && lotId !== undefined) {
      this.#open.get(lotId)?.delete(body['envelope'] as string);
      if (this.#open.get(lotId)?.size === 0) own?.set({ state: 'closed' }, index);
    }
    if (type === 'tender.failed') own?.set({ state: 'failed' }, index);
    if (type === 'opening.completed') own?.set({ state: 'opened' }, index);
    if (state === 'opened' && ['evaluation.score_committed', 'evaluation.consensus'].includes(type))
      own?.set({ state: transition(state, 'begin_evaluation') }, index);
    if (type === 'award.intended') {
      const standstill = parseInstant(body['standstill_end'] as string) > parseInstant(at);
      own?.set({ state: standstill ? 'standstill' : 'intended_award' }, index);
    }
    if (type === 'award.decided') own?.set({ state: 'awarded' }, index);
    this.follow(tenderId, index);
  }

  private follow(tenderId: string, index: number | undefined): void {
    const tender = this.tender.find({ id: tenderId });
    if (tender === undefined) return;
    const states = this.lotsOf(tenderId).map(({ cells }) => cells['state'] as LotState);
    const state = tenderState(tender.cells['state'] as TenderState, states);
    if (state !== tender.cells['state']) tender.set({ state }, index);
  }

  private lotsOf(tenderId: string): readonly ExpectedRow[] {
    return this.lot.filter(({ cells }) => cells['tender_id'] === tenderId);
  }
}

const unpublished: Readonly<Record<string, Cell>> = {
  state: 'draft',
  version: 1,
  deadline_at: null,
  notice_sha256: null,
  reseal_required_since: null,
  published_at: null,
};

/** A row of tender_notice by what an entry names it with: its own id is in no entry. */
export function noticeName(key: Row): string {
  return `${String(key['tender_id'])} ${String(key['version'])} ${String(key['submitted_at'])}`;
}
