/** Readings of the object store, and damages, as the entries say they are. */
import type { Act } from './row-audit-log.js';
import { ExpectedTable, type ExpectedRow, type Row } from './row-audit-rows.js';

export class ExpectedStorage {
  readonly audit = new ExpectedTable('storage_audit');
  readonly damage = new ExpectedTable('object_damage');
  /** Damages without the right bytes in their place, by hash. */
  readonly #open = new Map<unknown, ExpectedRow>();

  get tables(): readonly ExpectedTable[] {
    return [this.audit, this.damage];
  }

  take({ entry, at, index }: Act): void {
    const body = entry.body as Row;
    if (entry.type === 'storage.audited') {
      const { started_at, damaged, missing } = body;
      this.audit.add({ completed_at: at }, { started_at: started_at!, damaged: damaged!, missing: missing! }, index);
    } else if (entry.type === 'storage.damaged') {
      const key = { sha256: body['sha256']!, found_at: at };
      this.#open.set(body['sha256'], this.damage.add(key, { kind: body['found']!, restored_at: null }, index));
    } else if (entry.type === 'storage.restored') {
      this.#open.get(body['sha256'])?.set({ restored_at: at }, index);
      this.#open.delete(body['sha256']);
    }
  }
}
