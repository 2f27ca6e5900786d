/** One thing somebody changes behind the server's back, and who named it. */

/** Who may name it. `rows` is the server's own audit of its rows. */
export type Judge = 'start-up' | 'rows' | 'verifier' | 'static log' | 'mirror' | 'receipt';

export type Named = {
  readonly by: Judge;
  readonly code: string;
  /** Where it says so: table, row and column; entry of the log; file. */
  readonly place: string;
  readonly sentence: string;
};

export type Change = {
  /** Table, kind of object or of document. */
  readonly group: string;
  readonly what: string;
  readonly how: string;
  /** Who is asked. */
  readonly judges: readonly Judge[];
  /** Why nobody needs to name it; undefined when somebody must. */
  readonly reason?: string | undefined;
  /** True when the finding is about this very thing. */
  readonly isPlace: (named: Named) => boolean;
  /** Makes it; the answer undoes it exactly. Throws Impossible when the database's own keys and checks forbid it. */
  readonly apply: () => Promise<() => Promise<void>>;
};

export class Impossible extends Error {
  override readonly name = 'Impossible';
}

export type Result = Pick<Change, 'group' | 'what' | 'how' | 'reason'> & {
  readonly outcome: 'named' | 'named elsewhere' | 'not named' | 'impossible' | 'legitimate';
  readonly named: readonly Named[];
  readonly note?: string;
};

/** Random numbers that are the same every time: a campaign can be repeated. Mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
