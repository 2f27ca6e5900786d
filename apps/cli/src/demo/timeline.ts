/** What the demonstration prints: one line a step, readable as a story. */

export type Timeline = {
  /** A heading: one tender, one phase. */
  readonly chapter: (title: string) => void;
  /** Who did what. */
  readonly step: (who: string, what: string) => void;
  /** Something that must hold. Throws when it does not: the demonstration ends non-zero. */
  readonly check: (holds: boolean, what: string) => void;
};

export function timeline(write: (line: string) => void, now: () => number = Date.now): Timeline {
  const began = now();
  const at = (): string => `${((now() - began) / 1000).toFixed(1).padStart(7)} s`;
  return {
    chapter: (title) => write(`\n== ${title}`),
    step: (who, what) => write(`${at()}  ${who.padEnd(14)} ${what}`),
    check: (holds, what) => {
      write(`${at()}  ${(holds ? 'checked' : 'FAILED').padEnd(14)} ${what}`);
      if (!holds) throw new Error(`the demonstration disagrees: ${what}`);
    },
  };
}
