/** Who held which signing key when, as the log has it: later revocation does not void what was signed before. */
import type { CanonicalObject } from '@segel/encoding';
import type { LogEntry } from './checks/entries.js';

/** The holder of a key: of a vendor's, an official's or an auditor's. Only auditors register a recipient for escrowed
 *  seeds with their key. */
export type KeyHolder = {
  readonly accountId: string;
  readonly vendorId?: string;
  readonly kind: 'vendor' | 'official' | 'auditor';
  readonly registeredAt: number;
};

export class KeyRegistry {
  readonly #registered = new Map<string, KeyHolder>();
  readonly #revoked = new Map<string, number>();

  constructor(entries: readonly LogEntry[]) {
    for (const { index, entry } of entries) {
      const { type, body, bodySig } = entry;
      const key = body['key'] as string;
      const vendor = type === 'key.vendor.registered';
      // Who registers a key shows that it is theirs: the body is signed by the key itself.
      if ((vendor || type === 'key.authority.registered') && bodySig?.[0]?.key === key && !this.#registered.has(key)) {
        this.#registered.set(key, {
          accountId: body['account_id'] as string,
          ...(vendor ? { vendorId: body['vendor_id'] as string, kind: 'vendor' } : { kind: officialKind(body) }),
          registeredAt: index,
        });
      }
      if (type === 'key.vendor.revoked' || type === 'key.authority.revoked') {
        if (!this.#revoked.has(key)) this.#revoked.set(key, index);
      }
    }
  }

  /** The holder of a key that was registered and not revoked below an index of the log. */
  holder(key: string | undefined, index: number): KeyHolder | undefined {
    const holder = key === undefined ? undefined : this.#registered.get(key);
    if (key === undefined || holder === undefined || holder.registeredAt >= index) return undefined;
    return (this.#revoked.get(key) ?? Infinity) < index ? undefined : holder;
  }
}

function officialKind(body: CanonicalObject): 'official' | 'auditor' {
  return body['escrow_recipient'] === undefined ? 'official' : 'auditor';
}
