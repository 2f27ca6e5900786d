/** The life of a tender and of its lots (procurement.md section 2), for the one-envelope path. */
import { Refusal } from './refusal.js';
import type { LotState, TenderState } from './tender.js';

export type LifecycleAction =
  | 'submit'
  | 'return'
  | 'approve'
  | 'amend'
  | 'begin_close'
  | 'close'
  | 'open'
  | 'begin_evaluation'
  | 'intend_award'
  | 'start_standstill'
  | 'decide_award'
  | 'fail'
  | 'cancel';

type Moves<S> = Readonly<Partial<Record<LifecycleAction, S>>>;

/** From the publication on every lot walks by itself; the tender's state is then {@link tenderState}. */
export const LOT_LIFECYCLE = {
  tendering: { amend: 'tendering', begin_close: 'closing', cancel: 'cancelled' },
  closing: { close: 'closed' },
  closed: { open: 'opened', fail: 'failed', cancel: 'cancelled' },
  opened: { begin_evaluation: 'evaluating', fail: 'failed', cancel: 'cancelled' },
  evaluating: { intend_award: 'intended_award', fail: 'failed', cancel: 'cancelled' },
  intended_award: { start_standstill: 'standstill', decide_award: 'awarded', fail: 'failed', cancel: 'cancelled' },
  standstill: { decide_award: 'awarded', fail: 'failed', cancel: 'cancelled' },
  awarded: { cancel: 'cancelled' },
  cancelled: {},
  failed: {},
} as const satisfies Readonly<Record<LotState, Moves<LotState>>>;

/** Before the publication the tender walks as a whole; afterwards its row follows its lots. */
export const TENDER_LIFECYCLE = {
  draft: { submit: 'in_approval', cancel: 'cancelled' },
  in_approval: { return: 'draft', approve: 'tendering', cancel: 'cancelled' },
  ...LOT_LIFECYCLE,
} as const satisfies Readonly<Record<TenderState, Moves<TenderState>>>;

/** States a life may end in. An award can still be cancelled until the contract is signed. */
export const FINAL_STATES: readonly TenderState[] = ['awarded', 'cancelled', 'failed'];

/** The state after an action. @throws Refusal `wrong_state` when the state does not know the action */
export function transition(
  state: LotState,
  action: Exclude<LifecycleAction, 'submit' | 'return' | 'approve'>,
): LotState;
export function transition(state: TenderState, action: LifecycleAction): TenderState;
export function transition(state: TenderState, action: LifecycleAction): TenderState {
  const moves: Moves<TenderState> = TENDER_LIFECYCLE[state];
  const next = moves[action];
  if (next === undefined) {
    throw new Refusal('wrong_state', `A tender that is ${words(state)} cannot ${words(action)}.`, { state, action });
  }
  return next;
}

/** True when the state knows the action. */
export function may(state: TenderState, action: LifecycleAction): boolean {
  const moves: Moves<TenderState> = TENDER_LIFECYCLE[state];
  return moves[action] !== undefined;
}

const COURSE: readonly LotState[] = [
  'tendering',
  'closing',
  'closed',
  'opened',
  'evaluating',
  'intended_award',
  'standstill',
  'awarded',
];

/** The tender's state from its own row and its lots: before publication its own; then that of the least advanced
 *  living lot; with no living lot, `failed` when any failed, else `cancelled`. */
export function tenderState(own: TenderState, lots: readonly LotState[]): TenderState {
  if (own === 'draft' || own === 'in_approval' || own === 'cancelled' || lots.length === 0) return own;
  const least = COURSE.find((state) => lots.includes(state));
  return least ?? (lots.includes('failed') ? 'failed' : 'cancelled');
}

/** The life of a tender as a Mermaid state diagram, for the README; a test compares the two. */
export function drawing(): string {
  const arrows = Object.entries(TENDER_LIFECYCLE).flatMap(([state, moves]) =>
    Object.entries(moves).map(([action, next]) => `  ${state} --> ${next}: ${action}`),
  );
  return ['stateDiagram-v2', '  [*] --> draft', ...arrows, ...FINAL_STATES.map((state) => `  ${state} --> [*]`)].join(
    '\n',
  );
}

function words(text: string): string {
  return text.replaceAll('_', ' ');
}
