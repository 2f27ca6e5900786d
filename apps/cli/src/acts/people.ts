/** Registering keys: the vendor's or official's signing key, and an opener's key for one tender. */
import { check, publicKeyOf, recipientOfIdentity, withOpenerIdentity } from '@segel/acts';
import { keyRegistration, type KeyHolder, type KeyRing } from '@segel/acts';
import { signDocument } from '@segel/encoding';
import type { Suite } from '@segel/sealing';
import type { ApiClient } from '../api-client.js';
import { random } from '../primitives.js';

/** GET /api/me. */
export type Me = {
  readonly id: string;
  readonly name: string;
  readonly vendorId?: string | null;
  readonly roles: readonly { readonly role: string; readonly organisationId?: string; readonly tenderId?: string }[];
  readonly keys: readonly { readonly id: string; readonly key: string; readonly revokedAt?: string | null }[];
};

/** Signs in; the client of the new session, and what the server said. */
export async function signIn(
  client: ApiClient,
  credentials: { readonly email: string; readonly password: string },
): Promise<{
  readonly client: ApiClient;
  readonly token: string;
  readonly accountId: string;
  readonly sessionId: string;
  readonly expiresAt: string;
}> {
  const answer = await client
    .withToken(undefined)
    .post<{ token: string; accountId: string; sessionId: string; expiresAt: string }>('/api/sessions', credentials);
  return { ...answer, client: client.withToken(answer.token) };
}

export const whoAmI = (client: ApiClient): Promise<Me> => client.get<Me>('/api/me');

/** Registers the signing key as the vendor's when the person acts for one, else as the official's. */
export function registerKey(
  client: ApiClient,
  keys: KeyRing,
  person: KeyHolder,
): Promise<{ readonly id: string; readonly entrySha256: string; readonly leafSha256: string }> {
  return client.post('/api/keys', keyRegistration(keys, person));
}

/** Registers the opener's key for one tender, making it when there is none. Store the returned keys before anything
 *  else: without the identity the opener cannot open. */
export async function registerOpenerKey(
  client: ApiClient,
  keys: KeyRing,
  opener: { readonly tenderId: string; readonly openerId: string; readonly suite: Suite },
  store: (keys: KeyRing) => Promise<void> = async () => undefined,
): Promise<{ readonly keys: KeyRing; readonly recipient: string }> {
  const { tenderId, openerId, suite } = opener;
  const grown = withOpenerIdentity(random, keys, tenderId, suite);
  if (grown.keys !== keys) await store(grown.keys);
  const recipient = recipientOfIdentity(grown.identity);
  const key = publicKeyOf(keys);
  const body = { tender_id: tenderId, opener_id: openerId, suite, recipient, key };
  const { sig } = signDocument('key.opener.registered', body, keys.signingSecret);
  await client.post(`/api/tenders/${tenderId}/opener-keys`, { suite, recipient, key, sig });
  return { keys: grown.keys, recipient };
}

/** The recipient of the opener's key that the server holds for a tender; undefined when there is none or it is revoked. */
export async function registeredRecipient(
  client: ApiClient,
  { tenderId, openerId }: { readonly tenderId: string; readonly openerId: string },
): Promise<string | undefined> {
  type Row = { readonly openerId: string; readonly recipient: string };
  const registered = await client.list<Row>(`/api/tenders/${tenderId}/opener-keys`);
  return registered.find((row) => row.openerId === openerId)?.recipient;
}

/** Says that the opener's newest key of a tender is lost: signed by the opener's own key. */
export async function revokeOpenerKey(
  client: ApiClient,
  keys: KeyRing,
  opener: { readonly tenderId: string; readonly openerId: string },
): Promise<void> {
  const { tenderId, openerId } = opener;
  const recipient = await registeredRecipient(client, opener);
  check(recipient !== undefined, 'opener_key_missing', 'The server shows no key of yours for this tender.');
  const body = { tender_id: tenderId, opener_id: openerId, recipient, key: publicKeyOf(keys) };
  const signature = signDocument('key.opener.revoked', body, keys.signingSecret);
  await client.post(`/api/tenders/${tenderId}/opener-keys/revocation`, signature);
}
