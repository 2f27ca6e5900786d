/** What the public may read at which stage of a tender (protocol section 4): one pure function over an entry's type. */
import { decodeEntry, ENTRY_TYPES, type Disclosure, type EntryTypeName } from '@segel/evidence';

/** How far a lot is: its box was opened, its award announced, its award decided. */
export type LotStage = {
  readonly id: string;
  readonly state: string;
  readonly opened: boolean;
  readonly intended: boolean;
  readonly decided: boolean;
};

export type Stage = {
  readonly lots: readonly LotStage[];
  /** Latest published version of the terms. */
  readonly version: number;
  /** Documents that a published version of the terms names. */
  readonly documents: ReadonlySet<string>;
  /** Auditors read everything of a tender. */
  readonly everything: boolean;
};

/** An entry of the trail. `inBox` says that a bid's entry is of a bid in a frozen box. */
export type TrailEntry = {
  readonly type: EntryTypeName;
  readonly lotId: string | null;
  readonly inBox: boolean;
  readonly entryBytes: Uint8Array | null;
};

/** Entries about single bids. Those that were withdrawn or replaced are never shown: only how many there were. */
const OF_BIDS: readonly EntryTypeName[] = [
  'bid.submitted',
  'bid.replaced',
  'bid.withdrawn',
  'bid.reconfirmed',
  'bid.delivered',
  'bid.voided',
];

type Point = 'opened' | 'intended' | 'decided';
const POINTS: Partial<Record<Disclosure, Point>> = { opening: 'opened', intended_award: 'intended', award: 'decided' };

/** True when the entry may be shown now. */
export function isDisclosed(entry: TrailEntry, stage: Stage): boolean {
  const { form, disclosure } = ENTRY_TYPES[entry.type];
  if (form === 'clear' || stage.everything) return true;
  if (OF_BIDS.includes(entry.type) && !entry.inBox) return false;
  if (disclosure === 'publication') return isOfPublishedVersion(entry, stage);
  if (disclosure === 'end') return hasEnded(stage);
  const point = POINTS[disclosure];
  return point !== undefined && hasReached(stage, entry.lotId, point);
}

const DEAD = ['cancelled', 'failed'];

/** What is not about one lot waits for every lot that still can get there: else it would tell about the others. */
export function hasReached({ lots }: Stage, lotId: string | null, point: Point): boolean {
  if (lotId !== null) return lots.some((lot) => lot.id === lotId && lot[point]);
  const living = lots.filter((lot) => lot[point] || !DEAD.includes(lot.state));
  return living.length > 0 && living.every((lot) => lot[point]);
}

function hasEnded({ lots }: Stage): boolean {
  return lots.length > 0 && lots.every((lot) => lot.decided || DEAD.includes(lot.state));
}

/** Drafts of an addendum, and the documents it will add, stay with the team until it is published. */
function isOfPublishedVersion({ entryBytes }: TrailEntry, stage: Stage): boolean {
  if (entryBytes === null) return false;
  const { version, document_id: document } = decodeEntry(entryBytes).body;
  if (typeof document === 'string') return stage.documents.has(document);
  return typeof version === 'number' && version <= stage.version;
}
