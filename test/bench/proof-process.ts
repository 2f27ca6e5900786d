/** Receipts in a fresh process over fresh connections, each asked for once: nothing of the tree is in its memory.
 *  Started by proofs.ts, which sends the leaves and gets the milliseconds of each receipt, and the first one itself. */
import { once } from 'node:events';
import { Clock } from '../../apps/api/src/platform/clock/clock.js';
import { Config, readSettings } from '../../apps/api/src/platform/config/config.js';
import { Database } from '../../apps/api/src/platform/database/database.js';
import { PublicationWatch } from '../../apps/api/src/platform/log/publication-watch.js';
import { Receipts } from '../../apps/api/src/platform/log/receipts.js';

export type ProofTimes = { readonly ms: readonly number[]; readonly cpuMs: number; readonly receipt: string };

const config = new Config(readSettings(process.env));
const database = new Database(config.settings.DATABASE_URL, [], 10);
await database.open();
const receipts = new Receipts(database, new PublicationWatch(config), config, new Clock());
const [leaves] = (await once(process, 'message')) as [readonly string[]];
const ms: number[] = [];
const cpu = process.cpuUsage();
let sample: string | undefined;
for (const leaf of leaves) {
  const started = performance.now();
  const receipt = await receipts.receipt(leaf);
  ms.push(performance.now() - started);
  if (receipt === undefined) throw new Error('an entry of the tree has no receipt');
  sample ??= receipt;
}
const { user, system } = process.cpuUsage(cpu);
const cpuMs = (user + system) / 1000 / leaves.length;
process.send?.({ ms, cpuMs, receipt: sample! } satisfies ProofTimes, () => process.disconnect());
await database.close();
