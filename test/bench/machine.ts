/** On what the figures were measured: without it they say nothing. */
import { statfsSync } from 'node:fs';
import os from 'node:os';
import type { Cluster } from './databases.js';

export type Machine = Readonly<Record<string, string>>;

const SETTINGS = [
  'server_version',
  'fsync',
  'synchronous_commit',
  'full_page_writes',
  'wal_sync_method',
  'data_checksums',
  'shared_buffers',
  'max_wal_size',
  'commit_delay',
];

/** The file systems that keep nothing: fsync costs nothing there. */
const TMPFS = 0x01021994;

/** The machine, the database's durability and the load when the run began. */
export async function describeMachine(cluster: Cluster, folder: string): Promise<Machine> {
  const cpus = os.cpus();
  const models = [...new Set(cpus.map(({ model }) => model.trim()))];
  const settings = await cluster.settings(SETTINGS);
  return {
    processor: `${cpus.length} × ${models.join(', ') || 'unknown'}`,
    memory: `${(os.totalmem() / 2 ** 30).toFixed(1)} GiB, ${(os.freemem() / 2 ** 30).toFixed(1)} GiB free`,
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    node: process.version,
    postgresql: SETTINGS.map((name) => `${name}=${settings[name]}`).join(' '),
    disk: statfsSync(folder).type === TMPFS ? 'IN MEMORY (tmpfs): fsync costs nothing here' : 'a real file system',
    load: `${os
      .loadavg()
      .map((load) => load.toFixed(2))
      .join(' ')} (1, 5, 15 min, at start)`,
  };
}
