/** The state of a tender after each entry about it, told by the entries alone: nobody asks a row. */
import { parseInstant, type CanonicalObject } from '@segel/encoding';
import type { EntryTypeName } from '@segel/evidence';
import { tenderState, type LotState, type TenderState } from '@segel/procurement';

export type StatedEntry = {
  readonly type: EntryTypeName;
  readonly at: Date;
  readonly lotId: string | null;
  readonly body: CanonicalObject;
};

/** Entries that move a tender; of findings only the first of a lot does. */
export const MOVING_TYPES: readonly EntryTypeName[] = [
  'tender.drafted',
  'tender.submitted',
  'tender.approved',
  'tender.published',
  'tender.addendum',
  'tender.draft_cancelled',
  'tender.cancelled',
  'tender.failed',
  'box.closing',
  'box.closed',
  'opening.completed',
  'evaluation.consensus',
  'award.intended',
  'award.standstill_started',
  'award.decided',
];
export const FIRST_FINDING: EntryTypeName = 'evaluation.score_committed';

type NoticeLot = { readonly id: string; readonly envelopes: readonly string[] };

export class StepStates {
  #own: TenderState | undefined;
  readonly #lots = new Map<string, LotState>();
  /** Envelopes of a lot whose box is not closed. */
  readonly #open = new Map<string, Set<string>>();

  /** The state as of the entries taken so far; undefined before the first. */
  get state(): TenderState | undefined {
    return this.#own === undefined ? undefined : tenderState(this.#own, [...this.#lots.values()]);
  }

  take(entry: StatedEntry): void {
    const { type, body } = entry;
    const before = this.#own === undefined || this.#own === 'draft' || this.#own === 'in_approval';
    if (type === 'tender.published' || type === 'tender.addendum') this.published(body['lots'] as readonly NoticeLot[]);
    else if (type === 'tender.cancelled' || type === 'tender.draft_cancelled') this.#own = 'cancelled';
    else if (!before) this.lotMoved(entry);
    else if (type === 'tender.submitted') this.#own = 'in_approval';
    else if (type === 'tender.drafted' || body['decision'] === 'return') this.#own = 'draft';
  }

  private published(lots: readonly NoticeLot[]): void {
    this.#own = 'tendering';
    for (const { id, envelopes } of lots) {
      if (!this.#lots.has(id)) this.#lots.set(id, 'tendering');
      this.#open.set(id, new Set(envelopes));
    }
    for (const id of this.#lots.keys()) if (!lots.some((lot) => lot.id === id)) this.#lots.set(id, 'cancelled');
  }

  private lotMoved({ type, at, lotId, body }: StatedEntry): void {
    if (type === 'box.closing')
      for (const [id, state] of this.#lots) if (state === 'tendering') this.#lots.set(id, 'closing');
    if (lotId === null) return;
    if (type === 'box.closed') this.#open.get(lotId)?.delete(body['envelope'] as string);
    const next = this.next(type, at, lotId, body);
    if (next !== undefined) this.#lots.set(lotId, next);
  }

  private next(type: EntryTypeName, at: Date, lotId: string, body: CanonicalObject): LotState | undefined {
    if (type === 'box.closed') return this.#open.get(lotId)?.size === 0 ? 'closed' : undefined;
    if (type === FIRST_FINDING || type === 'evaluation.consensus')
      return this.#lots.get(lotId) === 'opened' ? 'evaluating' : undefined;
    if (type === 'award.intended')
      return parseInstant(body['standstill_end'] as string) > at ? 'standstill' : 'intended_award';
    return REACHED[type];
  }
}

/** Where an entry about a lot leads, whatever its state was. */
const REACHED: Readonly<Partial<Record<EntryTypeName, LotState>>> = {
  'opening.completed': 'opened',
  'award.standstill_started': 'standstill',
  'award.decided': 'awarded',
  'tender.failed': 'failed',
};
