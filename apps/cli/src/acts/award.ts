/** Signatures of evaluators and of the award authority. */
import { check, type KeyRing } from '@segel/acts';
import { signDocument, type CanonicalObject } from '@segel/encoding';
import type { ApiClient } from '../api-client.js';

/** Declares an interest or none; without it nobody sees an opened bid. */
export async function declareConflict(
  client: ApiClient,
  keys: KeyRing,
  declaration: { readonly tenderId: string; readonly accountId: string; readonly conflict: boolean },
): Promise<void> {
  const { tenderId, accountId, conflict } = declaration;
  const body = { tender_id: tenderId, account_id: accountId, conflict };
  const signature = signDocument('evaluation.conflict_declared', body, keys.signingSecret);
  await client.post(`/api/tenders/${tenderId}/conflict-declarations`, { conflict, ...signature });
}

type AwardRef = { readonly tenderId: string; readonly lotId: string };

/** GET award: `body` is what the authority signs to announce, `decisionBody` what it signs to decide. */
export type AwardDraft = { readonly body?: CanonicalObject | null; readonly decisionBody?: CanonicalObject | null };

export const fetchAward = (client: ApiClient, { tenderId, lotId }: AwardRef): Promise<AwardDraft> =>
  client.get<AwardDraft>(`/api/tenders/${tenderId}/lots/${lotId}/award`);

function demandBody(body: CanonicalObject | null | undefined, { lotId }: AwardRef): CanonicalObject {
  check(typeof body === 'object' && body !== null, 'nothing_to_sign', 'There is nothing to sign for this lot now.');
  check(body['lot_id'] === lotId, 'award_differs', 'The server gave the award of another lot to sign.');
  return body;
}

/** Announces the intended award. Without a draft the current one is signed: show it before. Throws CheckFailed
 *  `nothing_to_sign` while the lot has no completed evaluation. */
export async function announceAward(
  client: ApiClient,
  keys: KeyRing,
  award: AwardRef,
  shown?: AwardDraft,
): Promise<CanonicalObject> {
  const body = demandBody((shown ?? (await fetchAward(client, award))).body, award);
  await client.post(`/api/tenders/${award.tenderId}/lots/${award.lotId}/award`, {
    standstillEndAt: body['standstill_end'],
    ...signDocument('award.intended', body, keys.signingSecret),
  });
  return body;
}

/** Decides the award after the standstill. Throws CheckFailed `nothing_to_sign` before an intended award. */
export async function decideAward(
  client: ApiClient,
  keys: KeyRing,
  award: AwardRef,
  shown?: AwardDraft,
): Promise<CanonicalObject> {
  const body = demandBody((shown ?? (await fetchAward(client, award))).decisionBody, award);
  const signature = signDocument('award.decided', body, keys.signingSecret);
  await client.post(`/api/tenders/${award.tenderId}/lots/${award.lotId}/award/decision`, signature);
  return body;
}
