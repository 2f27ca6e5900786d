/** Who one is to the server, and registering the signing key of a vendor or an official. */
import { keyRegistration, type KeyHolder, type KeyRing } from '@segel/acts';
import type { ApiClient } from '../api-client.js';

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
