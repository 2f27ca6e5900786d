import { toBase64, verifyDocument, type CanonicalObject, type Signature } from '@segel/encoding';
import { demand } from '@segel/procurement';
import type { EntityManager } from 'typeorm';
import { verifyEd25519 } from '../log/ed25519.js';

/** Demands that a signature over the body, as an entry of this kind, is by a registered, unrevoked key of the account
 *  itself (not of a vendor it acts for).
 *  @throws Refusal `key_not_registered`, `signature_invalid` */
export async function demandOwnSignature(
  manager: EntityManager,
  accountId: string,
  kind: string,
  body: CanonicalObject,
  { key, sig }: Signature,
): Promise<void> {
  // Locked until the end of the act, so that a revocation gets its place in the log after what the key signed.
  const keys = await manager.query<{ public_key: Buffer }[]>(
    'SELECT public_key FROM signing_key WHERE account_id = $1 AND vendor_id IS NULL AND revoked_at IS NULL FOR SHARE',
    [accountId],
  );
  const registered = keys.some((row) => toBase64(row.public_key) === key);
  demand(registered, 'key_not_registered', 'The key is not a registered key of this person.');
  const holds = verifyDocument(kind, body, { key, sig }, verifyEd25519);
  demand(holds, 'signature_invalid', 'The signature does not hold over exactly this document.');
}
