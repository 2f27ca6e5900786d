/** Milliseconds of the machine's monotonic clock: the same in every process on it. */
export const machineMs = (): number => Number(process.hrtime.bigint() / 1000n) / 1000;
