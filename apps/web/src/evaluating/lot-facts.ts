/** What a page on one lot under evaluation is made of. */
import { Problem, type Schemas } from '@segel/client';
import { canonicalBytes, fromDocument, sha256, toBase64, type CanonicalObject } from '@segel/encoding';
import {
  correctOffer,
  RULE_PACKS,
  type EvaluationResult,
  type Item,
  type Offer,
  type PriceCorrection,
} from '@segel/procurement';
import type { Visitor } from '../http/visitor.js';

export type Tender = Schemas['TenderView'];
export type Committee = Schemas['CommitteeView'];
export type BoxBid = Schemas['BoxBidView'];
export type Terms = Pick<Tender['terms'], 'lots' | 'items' | 'criteria' | 'slots' | 'currency' | 'buyer'>;

/** A result as a page shows it, and whether its fingerprint is the one that it is said to have. */
export type ShownResult = {
  readonly result: EvaluationResult;
  /** Computed here, from what is shown. */
  readonly sha256: string;
  readonly holds: boolean;
};

export type LotFacts = {
  readonly tender: Tender;
  readonly lotId: string;
  readonly lotTitle: string;
  readonly committee: Committee;
  readonly bids: readonly BoxBid[];
  /** Undefined while the visitor owes findings. */
  readonly evaluation: Schemas['EvaluationView'] | undefined;
};

export type OwnPlace = 'undeclared' | 'apart' | 'member';

/** What somebody declared. Who did not declare is told nothing of the bids: asking for them would be a refused act. */
export function placeOf({ me }: Visitor, { members }: Committee): OwnPlace {
  const own = members.find(({ accountId }) => accountId === me?.id);
  return own?.conflict === undefined ? 'undeclared' : own.conflict ? 'apart' : 'member';
}

/** What an act of the API gives, or undefined while the evaluation it rests on is not complete. */
export async function onceComplete<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Problem && error.document.code === 'evaluation_incomplete') return undefined;
    throw error;
  }
}

export async function lotFacts(
  { api }: Visitor,
  given: { readonly tender: Tender; readonly committee: Committee; readonly lotId: string },
): Promise<LotFacts> {
  const { tender, lotId } = given;
  const path = { tenderId: tender.id, lotId };
  const [bids, evaluation] = await Promise.all([
    openedBids(api, path),
    onceComplete(() => api.call('get', '/api/tenders/{tenderId}/lots/{lotId}/evaluation', { path })),
  ]);
  return { ...given, lotTitle: titleOfLot(tender, lotId), bids, evaluation };
}

export const titleOfLot = ({ terms }: Pick<Tender, 'terms'>, lotId: string): string =>
  terms.lots.find(({ id }) => id === lotId)?.title ?? lotId;

async function openedBids(
  api: Visitor['api'],
  path: { readonly tenderId: string; readonly lotId: string },
): Promise<readonly BoxBid[]> {
  const bids: BoxBid[] = [];
  for (let after: string | undefined; ;) {
    const query = { limit: 200, ...(after === undefined ? {} : { after }) };
    const page = await api.call('get', '/api/tenders/{tenderId}/lots/{lotId}/opened-bids', { path, query });
    bids.push(...page.items);
    if (page.next === undefined) return bids;
    after = page.next;
  }
}

/** What is signed is the fingerprint of what the page shows, whatever the server says it is. */
export function shownResult(view: { readonly result: object; readonly resultSha256: string }): ShownResult {
  const document = view.result as CanonicalObject;
  const computed = toBase64(sha256(canonicalBytes(document)));
  return { result: fromDocument<EvaluationResult>(document), sha256: computed, holds: computed === view.resultSha256 };
}

/** The form of a bid that opened and was readable. */
export const offerOf = ({ outcome, offer }: BoxBid): Offer | undefined =>
  outcome === 'opened' && offer !== undefined ? (offer as unknown as Offer) : undefined;

export type Arithmetic = { readonly total: string; readonly corrections: readonly PriceCorrection[] };

/** The corrected price of a bid by the tender's own rules, where this version ships them as they were frozen. A form
 *  that prices other things than the lot's has none. */
export function arithmeticOf(
  { tender, lotId }: Pick<LotFacts, 'tender' | 'lotId'>,
  offer: Offer,
): Arithmetic | undefined {
  const { id, version } = tender.rulePack;
  const pack = RULE_PACKS.find((one) => one.id === id && one.version === version);
  const items = itemsOf(tender, lotId);
  const priced = new Set(offer.prices.map(({ itemId }) => itemId));
  const matches = priced.size === items.length && offer.prices.length === items.length;
  if (pack === undefined || !matches || items.some((item) => !priced.has(item.id))) return undefined;
  const { total, corrections } = correctOffer(offer, items, pack);
  return { total: total.toFixed(pack.scale), corrections };
}

export const itemsOf = ({ terms }: Pick<Tender, 'terms'>, lotId: string): readonly Item[] =>
  terms.items.filter((item) => item.lotId === lotId);

/** The visitor's own finding on a bid. */
export const ownFinding = ({ me }: Visitor, { findings }: BoxBid): BoxBid['findings'][number] | undefined =>
  findings.find(({ evaluatorId }) => evaluatorId === me?.id);

/** Bids that wait for the visitor's finding. */
export const unjudged = (visitor: Visitor, bids: readonly BoxBid[]): readonly BoxBid[] =>
  bids.filter((bid) => bid.outcome === 'opened' && ownFinding(visitor, bid) === undefined);
