import type { Harness } from './harness.js';

/** Types of the entries that were recorded while the work ran, sorted: within a millisecond they have no order. */
export async function entriesDuring(harness: Harness, work: () => Promise<unknown>): Promise<readonly string[]> {
  const { rows: before } = await harness.owner.query<{ id: string }>('SELECT id FROM trail');
  await work();
  const known = before.map(({ id }) => id);
  const { rows } = await harness.owner.query<{ type: string }>(
    "SELECT type FROM trail WHERE NOT id = ANY($1) AND type NOT IN ('log.heartbeat', 'chaff') ORDER BY type",
    [known],
  );
  return rows.map(({ type }) => type);
}
