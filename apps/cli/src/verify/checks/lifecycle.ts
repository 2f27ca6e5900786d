/** The tender walked the drawn path: each entry found its lots in a state that knows the act. */
import type { EntryTypeName } from '@segel/evidence';
import { may, transition, type LifecycleAction, type LotState } from '@segel/procurement';
import type { Findings } from '../report.js';
import { lotOf, type TenderView } from '../tender-view.js';
import type { LogEntry } from './entries.js';

type Move = Exclude<LifecycleAction, 'submit' | 'return' | 'approve'>;

/** Entries that move a lot. `begin_evaluation` has no entry of its own: the first act of the evaluation is it. */
const MOVES: Partial<Record<EntryTypeName, readonly Move[]>> = {
  'tender.addendum': ['amend'],
  'box.closing': ['begin_close'],
  'box.closed': ['close'],
  'opening.completed': ['open'],
  'evaluation.completed': ['begin_evaluation'],
  'award.intended': ['intend_award'],
  'award.decided': ['decide_award'],
  'tender.failed': ['fail'],
  'tender.cancelled': ['cancel'],
};

/** Entries that move nothing and stand only in these states. */
const PLACES: Partial<Record<EntryTypeName, readonly LotState[]>> = {
  'bid.submitted': ['tendering'],
  'bid.replaced': ['tendering'],
  'bid.withdrawn': ['tendering'],
  'bid.reconfirmed': ['tendering'],
  'outage.recorded': ['tendering'],
  'bid.delivered': ['tendering', 'closing', 'closed'],
  'bid.voided': ['closed'],
  'box.attested': ['closed'],
  'opening.authorised': ['closed'],
  'opening.share_released': ['closed'],
  'opening.share_rejected': ['closed'],
  'bid.opened': ['closed'],
  'evaluation.score_committed': ['opened', 'evaluating'],
  'evaluation.consensus': ['opened', 'evaluating'],
  'award.standstill_ended': ['intended_award'],
};

export function lifecycleCheck(view: TenderView, found: Findings): void {
  const first = view.notices[0];
  if (first === undefined || first.entry.type !== 'tender.published') {
    found.error('not_published', 'The log has no publication of this tender.');
    return;
  }
  const lots = new Map(lotsOf(first).map((lotId) => [lotId, 'tendering' as LotState]));
  for (const entry of view.entries) walk(entry, first.index, lots, found);
}

function walk(entry: LogEntry, published: number, lots: Map<string, LotState>, found: Findings): void {
  const { type } = entry.entry;
  const moves = MOVES[type];
  const places = PLACES[type];
  if (type === 'tender.published' && entry.index !== published) {
    found.error('published_twice', 'The tender was published twice.', { entry: entry.index });
  }
  if (moves === undefined && places === undefined) return;
  for (const lotId of lotsTouched(entry, lots)) {
    const state = lots.get(lotId);
    const where = { entry: entry.index, lot: lotId };
    if (entry.index < published) found.error('before_publication', `${type} precedes the publication.`, where);
    else if (state === undefined) found.error('lot_unknown', `${type} names a lot that the notice has not.`, where);
    else if (places !== undefined) {
      if (!places.includes(state)) found.error('out_of_order', `${type} came while the lot was ${state}.`, where);
    } else lots.set(lotId, moved(state, moves ?? [], type, where, found));
  }
  if (type === 'tender.addendum') alignLots(entry, lots);
}

/** Lots that an addendum adds take bids from then on; one that it drops is cancelled. */
function alignLots(addendum: LogEntry, lots: Map<string, LotState>): void {
  const named = lotsOf(addendum);
  for (const lotId of named) if (!lots.has(lotId)) lots.set(lotId, 'tendering');
  for (const lotId of lots.keys()) if (!named.includes(lotId)) lots.set(lotId, 'cancelled');
}

function moved(
  state: LotState,
  moves: readonly Move[],
  type: string,
  where: { readonly entry: number; readonly lot: string },
  found: Findings,
): LotState {
  let now = state;
  for (const move of moves) {
    if (!may(now, move)) {
      found.error('out_of_order', `${type} came while the lot was ${state}.`, where);
      return now;
    }
    now = transition(now, move);
  }
  return now;
}

/** The lot an entry names, or every lot that is still alive. */
function lotsTouched(entry: LogEntry, lots: ReadonlyMap<string, LotState>): readonly string[] {
  const named = lotOf(entry);
  if (named !== undefined) return [named];
  if (entry.entry.type.startsWith('bid.')) return [];
  const living = [...lots].filter(([, state]) => state !== 'cancelled' && state !== 'failed');
  return living.map(([lotId]) => lotId);
}

function lotsOf(notice: LogEntry): readonly string[] {
  return (notice.entry.body['lots'] as readonly { readonly id: string }[]).map((lot) => lot.id);
}
