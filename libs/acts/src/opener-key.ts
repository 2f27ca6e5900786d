/** The key of an opener for one tender, from its making to its loss. */
import { canonicalBytes, equalBytes, signDocument, toDocument } from '@segel/encoding';
import {
  answerReadiness,
  drawSealRandomness,
  isReadinessAnswer,
  makeReadinessChallenge,
  suiteOfIdentity,
  type Suite,
} from '@segel/sealing';
import type { Api } from './api.js';
import { check } from './failure.js';
import { publicKeyOf, recipientOfIdentity, type KeyRing } from './key-ring.js';
import { newIdentity, withOpenerIdentity, type Random } from './new-keys.js';

/** Whose key of which tender. */
export type OpenerSeat = { readonly tenderId: string; readonly openerId: string };

/** POST opener-keys. */
export type OpenerKeyRegistration = {
  readonly suite: Suite;
  readonly recipient: string;
  readonly key: string;
  readonly sig: string;
};

/** The keys with a further identity for a tender, whatever they hold: a key that was revoked never holds again. */
export function withFreshIdentity(random: Random, keys: KeyRing, tenderId: string, suite: Suite): KeyRing {
  const fresh = { tenderId, identity: newIdentity(random, suite) };
  return { ...keys, openerIdentities: [...keys.openerIdentities, fresh] };
}

/** True when both hold the same secrets. */
export function sameKeys(a: KeyRing, b: KeyRing): boolean {
  const bytes = ({ signingSecret, ...rest }: KeyRing): Uint8Array =>
    canonicalBytes(toDocument({ ...rest, signingSecret: Array.from(signingSecret) }));
  return equalBytes(bytes(a), bytes(b));
}

/** The registration of the newest identity for a tender, after it opened a challenge of our own. Throws CheckFailed
 *  `no_opener_key` when the keys hold none of the suite, and `recovery_unproven` when it opens nothing. */
export function openerKeyRegistration(
  random: Random,
  keys: KeyRing,
  { tenderId, openerId, suite }: OpenerSeat & { readonly suite: Suite },
): OpenerKeyRegistration {
  const identity = keys.openerIdentities.findLast(
    (one) => one.tenderId === tenderId && suiteOfIdentity(one.identity) === suite,
  )?.identity;
  check(identity, 'no_opener_key', 'The key file holds no key for this tender.');
  const recipient = recipientOfIdentity(identity);
  const { nonce, ...age } = drawSealRandomness(suite, random);
  const { wrap, answerSha256 } = makeReadinessChallenge(suite, recipient, { tenderId, openerId }, nonce, age);
  const answer = answerReadiness(suite, identity, { tenderId, openerId }, wrap);
  check(isReadinessAnswer(answer, answerSha256), 'recovery_unproven', 'The key does not open what is sealed to it.');
  const key = publicKeyOf(keys);
  const body = { tender_id: tenderId, opener_id: openerId, suite, recipient, key };
  return { suite, recipient, ...signDocument('key.opener.registered', body, keys.signingSecret) };
}

/** Registers the opener's key for one tender, making it when there is none. `store` the returned keys before anything
 *  else: without the identity the opener cannot open. */
export async function registerOpenerKey(
  api: Api,
  random: Random,
  keys: KeyRing,
  opener: OpenerSeat & { readonly suite: Suite },
  store: (keys: KeyRing) => Promise<void> = async () => undefined,
): Promise<{ readonly keys: KeyRing; readonly recipient: string }> {
  const { tenderId, suite } = opener;
  const grown = withOpenerIdentity(random, keys, tenderId, suite).keys;
  if (grown !== keys) await store(grown);
  const registration = openerKeyRegistration(random, grown, opener);
  await api.post(`/api/tenders/${tenderId}/opener-keys`, registration);
  return { keys: grown, recipient: registration.recipient };
}

/** The recipient of the opener's key that the server holds for a tender; undefined when there is none or it is revoked. */
export async function registeredRecipient(api: Api, { tenderId, openerId }: OpenerSeat): Promise<string | undefined> {
  type Row = { readonly openerId: string; readonly recipient: string };
  const registered = await api.list<Row>(`/api/tenders/${tenderId}/opener-keys`);
  return registered.find((row) => row.openerId === openerId)?.recipient;
}

/** Says that the opener's newest key of a tender is lost: signed by the opener's own key. Throws CheckFailed
 *  `opener_key_missing`. */
export async function revokeOpenerKey(api: Api, keys: KeyRing, opener: OpenerSeat): Promise<void> {
  const { tenderId, openerId } = opener;
  const recipient = await registeredRecipient(api, opener);
  check(recipient !== undefined, 'opener_key_missing', 'The server shows no key of yours for this tender.');
  const body = { tender_id: tenderId, opener_id: openerId, recipient, key: publicKeyOf(keys) };
  const signature = signDocument('key.opener.revoked', body, keys.signingSecret);
  await api.post(`/api/tenders/${tenderId}/opener-keys/revocation`, signature);
}
