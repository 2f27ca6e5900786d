/** Erasures as the entries say they are. What was erased cannot be compared any more: the log says that it was. */
import type { Act } from './row-audit-log.js';
import { ExpectedTable, type Row } from './row-audit-rows.js';

export class ExpectedErasures {
  readonly request = new ExpectedTable('erasure_request');
  readonly decline = new ExpectedTable('erasure_decline');
  readonly erasure = new ExpectedTable('erasure');

  get tables(): readonly ExpectedTable[] {
    return [this.request, this.decline, this.erasure];
  }

  take({ entry, at, index, leafSha256 }: Act): void {
    const { request_id: id, commitment, account_id: account, reason, requested_by: by } = entry.body as Row;
    if (entry.type === 'erasure.requested') {
      const cells = { account_id: account ?? null, reason: reason!, requested_by: entry.actor.id, requested_at: at };
      this.request.add({ id: id! }, { ...cells, entry_id: commitment ?? null }, index);
    }
    if (entry.type === 'erasure.declined')
      this.decline.add({ request_id: id! }, { declined_by: entry.actor.id, declined_at: at }, index);
    if (entry.type !== 'opening.erased' && entry.type !== 'account.erased') return;
    const object = { commitment: commitment ?? null, account_id: account ?? null };
    const confirmed = { requested_by: by!, confirmed_by: entry.actor.id, confirmed_at: at, leaf_sha256: leafSha256 };
    this.erasure.add(object, { ...confirmed, request_id: this.requestOf(object) }, index);
  }

  /** The newest request for the same object. */
  private requestOf(object: Row): string | null {
    const found = this.request.rows.findLast(
      ({ cells }) => cells['account_id'] === object['account_id'] && cells['entry_id'] === object['commitment'],
    );
    return found === undefined ? null : String(found.key['id']);
  }
}
