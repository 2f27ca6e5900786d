/** Places where a test may have the process die as if its plug were pulled: what a crash there leaves is examined by
 *  `npm run crash`. Set by FAILPOINT, which the settings refuse in production. */
export const FAILPOINTS = [
  'journal.decided',
  'journal.recorded',
  'journal.committed',
  'sequencer.read',
  'sequencer.grown',
  'sequencer.committed',
  'sequencer.copied',
  'signer.remembered',
  'sequencer.signed',
  'sequencer.checkpoint_stored',
  'publisher.cosigned',
  'publisher.recorded',
  'publisher.tiles_stored',
  'publisher.checkpoint_served',
  'heartbeat.recorded',
  'object.written',
  'object.durable',
  'bid.part_stored',
  'bid.manifest_stored',
  'bid.answering',
  'box.closing',
  'box.closed',
  'opening.share_received',
  'opening.authorised',
  'opening.combined',
  'opening.documents_stored',
  'opening.recorded',
  'opening.completed',
] as const;

export type Failpoint = (typeof FAILPOINTS)[number];

let armed: { readonly name: string; left: number } | undefined;

/** Arms one point: `name`, or `name:3` for the third time it is reached. Empty disarms. Throws on an unknown name. */
export function armFailpoint(setting: string): void {
  const [name = '', count = '1', ...rest] = setting.split(':');
  if (setting === '') {
    armed = undefined;
    return;
  }
  if (!(FAILPOINTS as readonly string[]).includes(name) || rest.length > 0 || !/^[1-9]\d{0,5}$/.test(count)) {
    throw new Error(`FAILPOINT names no failpoint: ${setting}`);
  }
  armed = { name, left: Number(count) };
}

/** Ends the process here, at once and without clean-up, when the point is armed. */
export function failpoint(name: Failpoint): void {
  if (armed?.name !== name) return;
  armed.left -= 1;
  if (armed.left === 0) process.kill(process.pid, 'SIGKILL');
}
