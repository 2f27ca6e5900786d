/** Companies, their documents, the decisions about them and their exclusions as the entries say they are. */
import { canonicalBytes, canonicalize, sha256, toBase64 } from '@segel/encoding';
import type { Act } from './row-audit-log.js';
import { ExpectedTable, type Row } from './row-audit-rows.js';

/** Name, country, identifier and address in a company's record, when the row still holds what was hashed. */
export type IdentityOf = (vendorId: string, recordSha256: string) => Row;

/** Of the draft that a sent registration leaves: an empty record. */
const EMPTY_SHA256 = toBase64(sha256(canonicalBytes({})));

export class ExpectedVendors {
  readonly vendor = new ExpectedTable('vendor');
  readonly draft = new ExpectedTable('vendor_draft');
  readonly document = new ExpectedTable('vendor_document');
  readonly decision = new ExpectedTable('vendor_decision');
  readonly exclusion = new ExpectedTable('vendor_exclusion');
  readonly request = new ExpectedTable('vendor_exclusion_request');

  constructor(private readonly identityOf: IdentityOf) {}

  get tables(): readonly ExpectedTable[] {
    const { vendor, draft, document, decision, exclusion, request } = this;
    return [vendor, draft, document, decision, exclusion, request];
  }

  take({ entry, at, index }: Act): void {
    const body = entry.body as Row;
    const id = body['vendor_id'] ?? '';
    const by = entry.actor.id;
    const type: string = entry.type;
    switch (type) {
      case 'vendor.draft_saved':
        this.drafted(by, { record: body['draft_sha256']!, saved_at: at }, index);
        return;
      case 'vendor.registered':
        this.draft.find({ account_id: by })?.set({ record: EMPTY_SHA256, saved_at: at }, index);
        this.vendor.add(
          { id },
          {
            record: body['record_sha256']!,
            registered_by: by,
            registered_at: at,
            state: 'submitted',
            ...this.identityOf(id as string, body['record_sha256'] as string),
          },
          index,
        );
        return;
      case 'vendor.document_added': {
        const { vendor_id: _vendor, document_id: document, ...about } = body;
        this.document.add({ id: document! }, { vendor_id: id, added_at: at, ...about }, index);
        return;
      }
      case 'vendor.approved':
      case 'vendor.rejected':
        this.decided({ entry, at, index });
        return;
      case 'vendor.blacklisting_requested':
        this.request.add(
          { vendor_id: id, requested_at: at },
          { reason: body['reason']!, requested_by: by, until_at: body['until']! },
          index,
        );
        return;
      case 'vendor.blacklisted':
        this.exclusion.add(
          { vendor_id: id, from_at: at },
          { reason: body['reason']!, excluded_by: by, until_at: body['until']!, ended_at: null },
          index,
        );
        return;
      case 'vendor.reinstated':
        for (const row of this.exclusion.filter(({ key }) => key['vendor_id'] === id))
          if (row.cells['ended_at'] === null && (row.cells['until_at'] as string) > at)
            row.set({ ended_at: at }, index);
        return;
      default:
    }
  }

  /** One draft a person, saved over. */
  private drafted(accountId: string, cells: Row, index: Act['index']): void {
    const known = this.draft.find({ account_id: accountId });
    if (known === undefined) this.draft.add({ account_id: accountId }, cells, index);
    else known.set(cells, index);
  }

  /** The second approval, or the first rejection, is final. */
  private decided({ entry, at, index }: Pick<Act, 'entry' | 'at' | 'index'>): void {
    const { vendor_id: id, decision } = entry.body as Row;
    const reasons = canonicalize({ list: entry.body['reasons'] });
    this.decision.add(
      { vendor_id: id!, decided_by: entry.actor.id },
      { decision: decision!, reasons, decided_at: at },
      index,
    );
    const approvals = this.decision.filter(
      ({ key, cells }) => key['vendor_id'] === id && cells['decision'] === 'approve',
    ).length;
    const vendor = this.vendor.find({ id: id! });
    if (decision === 'reject') vendor?.set({ state: 'rejected' }, index);
    else if (approvals >= 2) vendor?.set({ state: 'approved' }, index);
  }
}
