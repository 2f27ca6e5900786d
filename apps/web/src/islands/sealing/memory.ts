/** More is not held in memory: the tab would end, and the bid with it. */
export const MEMORY_BYTES = 200 * 2 ** 20;
