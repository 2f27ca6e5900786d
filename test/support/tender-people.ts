/** The people of a tender, with the keys that real people keep in their own clients. */
import { ed25519PublicKey, signDocument, toBase64, type CanonicalObject } from '@segel/encoding';
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

/** A key that the person's own client made and registered.
 *  @param options.vendorId for a vendor's user @param options.escrowRecipient for an auditor */
export async function registerKey(
  harness: Harness,
  person: Person,
  options: { readonly vendorId?: string; readonly escrowRecipient?: string } = {},
): Promise<Signer> {
  const { vendorId, escrowRecipient } = options;
  const secret = new Uint8Array(randomBytes(32));
  const account = { account_id: person.id, key: toBase64(ed25519PublicKey(secret)) };
  const [kind, body]: readonly [string, CanonicalObject] =
    vendorId === undefined
      ? [
          'key.authority.registered',
          { ...account, ...(escrowRecipient === undefined ? {} : { escrow_recipient: escrowRecipient }) },
        ]
      : ['key.vendor.registered', { ...account, vendor_id: vendorId }];
  const signature = signDocument(kind, body, secret);
  const answer = await harness.post(
    '/api/keys',
    { ...signature, ...(escrowRecipient === undefined ? {} : { escrowRecipient }) },
    person,
  );
  if (answer.status !== 201) throw new Error(`the key was refused: ${answer.status} ${answer.text}`);
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
