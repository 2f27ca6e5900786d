import type { Role } from '@segel/procurement';

/** A role somebody holds: everywhere in an organisation, or on one tender. */
export type RoleHeld = {
  readonly role: Role;
  readonly organisationId: string | null;
  readonly tenderId: string | null;
};

/** What came with the request: kept out of entries, needed for replays and refusals. */
export type RequestFacts = {
  readonly act: string;
  readonly ip: string;
  readonly idempotencyKey?: string | undefined;
  /** Of the address and the body; empty without a key. */
  readonly digest: Uint8Array;
};

/** Who acts. Every service method takes it first. */
export type Actor = {
  readonly kind: 'person' | 'system' | 'public';
  /** Identifier that entries carry: the account's id, or `system`, or `public`. */
  readonly id: string;
  readonly sessionId?: string | undefined;
  readonly vendorId?: string | undefined;
  readonly roles: readonly RoleHeld[];
  readonly request?: RequestFacts | undefined;
};

/** The platform itself: jobs, deadlines, the log. */
export const SYSTEM: Actor = { kind: 'system', id: 'system', roles: [] };

/** True when the actor holds one of the roles, anywhere. */
export function holdsRole(actor: Actor, ...roles: readonly Role[]): boolean {
  return actor.roles.some((held) => roles.includes(held.role));
}

/** True when the actor holds one of the roles on this tender. */
export function holdsOnTender(actor: Actor, tenderId: string, ...roles: readonly Role[]): boolean {
  return actor.roles.some((held) => held.tenderId === tenderId && roles.includes(held.role));
}
