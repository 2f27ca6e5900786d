/** Places where a test may have the witness die as if its plug were pulled. */
export const WITNESS_FAILPOINTS = ['witness.cosigned', 'witness.written', 'witness.kept'] as const;

export type WitnessFailpoint = (typeof WITNESS_FAILPOINTS)[number];

let armed: { readonly name: string; left: number } | undefined;

/** Arms the point of WITNESS_FAILPOINT: `name`, or `name:3` for the third time it is reached. Throws on an unknown name,
 *  and in production. */
export function armFailpoint(environment: Readonly<Record<string, string | undefined>>): void {
  const setting = environment.WITNESS_FAILPOINT ?? '';
  if (setting === '') {
    armed = undefined;
    return;
  }
  if (environment.NODE_ENV === 'production') throw new Error('WITNESS_FAILPOINT is for tests only');
  const [name = '', count = '1', ...rest] = setting.split(':');
  if (!(WITNESS_FAILPOINTS as readonly string[]).includes(name) || rest.length > 0 || !/^[1-9]\d{0,5}$/.test(count)) {
    throw new Error(`WITNESS_FAILPOINT names no failpoint: ${setting}`);
  }
  armed = { name, left: Number(count) };
}

/** Ends the process here, at once and without clean-up, when the point is armed. */
export function failpoint(name: WitnessFailpoint): void {
  if (armed?.name !== name) return;
  armed.left -= 1;
  if (armed.left === 0) process.kill(process.pid, 'SIGKILL');
}
