/** Does an opener still hold the key? Its challenges are answered here, and nothing else is ever decrypted for them. */
import { fromBase64, toBase64 } from '@segel/encoding';
import { answerReadiness, SealError, suiteOfIdentity } from '@segel/sealing';
import type { Api } from './api.js';
import { CheckFailed } from './failure.js';
import { publicKeyOf, type KeyRing } from './key-ring.js';

type Challenge = { readonly id: string; readonly tenderId: string; readonly wrap: string };

/** Answers every open challenge of the signed-in opener; returns the tenders. Throws CheckFailed `share_as_challenge`
 *  when a challenge is a bid's share (somebody uses the opener to decrypt: tell the auditors) and `no_opener_key`. */
export async function proveReadiness(api: Api, keys: KeyRing, openerId: string): Promise<readonly string[]> {
  const challenges = await api.list<Challenge>('/api/readiness');
  for (const { id, tenderId, wrap } of challenges) {
    const identity = identityFor(keys, tenderId);
    let answer: Uint8Array;
    try {
      answer = answerReadiness(suiteOfIdentity(identity), identity, { tenderId, openerId }, fromBase64(wrap));
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      throw new CheckFailed(error.code, `The challenge ${id} was refused: ${error.message}.`);
    }
    await api.post(`/api/readiness/${id}/proof`, { answer: toBase64(answer) });
  }
  return challenges.map(({ tenderId }) => tenderId);
}

/** Asks for a challenge to one's own key of a tender. */
export async function askDrill(api: Api, tenderId: string): Promise<void> {
  await api.post(`/api/tenders/${tenderId}/readiness`);
}

function identityFor(keys: KeyRing, tenderId: string): string {
  const found = keys.openerIdentities.findLast((opener) => opener.tenderId === tenderId);
  if (found !== undefined) return found.identity;
  throw new CheckFailed('no_opener_key', `The key file (of ${publicKeyOf(keys)}) holds no key for tender ${tenderId}.`);
}
