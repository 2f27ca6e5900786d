/** The people of a tender, with the keys that real people keep in their own clients. */
import { ed25519PublicKey, sha256, toBase64, uuidV7 } from '@segel/encoding';
import type { Role } from '@segel/procurement';
import { encodeIdentity, recipientOf, type Suite } from '@segel/sealing';
import { randomBytes } from 'node:crypto';
import type { Harness, Person } from './harness.js';

export type Signer = Person & { readonly secret: Uint8Array };

export type TenderPeople = {
  readonly preparer: Signer;
  readonly approver: Signer;
  /** Six: three of the buyer, three of the audit office. */
  readonly openers: readonly Signer[];
  readonly evaluators: readonly Signer[];
  readonly awardAuthority: Signer;
  readonly auditor: Signer;
};

export type OpenerIdentity = {
  readonly openerId: string;
  readonly suite: Suite;
  /** `AGE-SECRET-KEY-…` */
  readonly identity: string;
  readonly recipient: string;
};

/** A registered Ed25519 key, straight into the database: for features that are not about accounts.
 *  @param options.vendorId for a vendor's user @param options.escrowRecipient for an auditor */
export async function registerKey(
  harness: Harness,
  person: Person,
  options: { readonly vendorId?: string; readonly escrowRecipient?: string } = {},
): Promise<Signer> {
  const secret = new Uint8Array(randomBytes(32));
  const now = harness.clock.now();
  const key = ed25519PublicKey(secret);
  // The entry that would say so is not in the log of this test: these hashes only fill the row.
  const [entry, leaf] = [sha256(key), sha256(secret)];
  await harness.owner.query(
    `INSERT INTO signing_key (id, account_id, vendor_id, public_key, escrow_recipient, entry_sha256, leaf_sha256, registered_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      uuidV7(now.getTime(), randomBytes(10)),
      person.id,
      options.vendorId ?? null,
      key,
      options.escrowRecipient ?? null,
      entry,
      leaf,
      now,
    ],
  );
  return { ...person, secret };
}

/** Officials of two institutions, each with a role in an organisation and a registered key. */
export async function tenderPeople(harness: Harness, buyerId: string, auditId: string): Promise<TenderPeople> {
  const official = async (role: Role, organisationId: string): Promise<Signer> =>
    registerKey(harness, await harness.person({ role, organisationId }));
  const several = async (count: number, role: Role, organisationId: string): Promise<Signer[]> =>
    Promise.all(Array.from({ length: count }, () => official(role, organisationId)));
  const escrowRecipient = openerIdentity('x1', '').recipient;
  return {
    preparer: await official('preparer', buyerId),
    approver: await official('approver', buyerId),
    openers: [...(await several(3, 'opener', buyerId)), ...(await several(3, 'opener', auditId))],
    evaluators: await several(3, 'evaluator', buyerId),
    awardAuthority: await official('award_authority', buyerId),
    auditor: await registerKey(harness, await harness.person({ role: 'auditor', organisationId: auditId }), {
      escrowRecipient,
    }),
  };
}

/** A fresh age identity for one tender. */
export function openerIdentity(suite: Suite, openerId: string): OpenerIdentity {
  const secret = new Uint8Array(randomBytes(32));
  return { openerId, suite, identity: encodeIdentity(suite, secret), recipient: recipientOf(suite, secret) };
}

export function publicKeyOf(signer: Signer): string {
  return toBase64(ed25519PublicKey(signer.secret));
}
