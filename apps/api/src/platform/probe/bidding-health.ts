/** Could a bidder send a bid now? What an upload and its receipt need, each tried for itself. */
import { utf8 } from '@segel/encoding';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import { ObjectStore } from '../object-store/object-store.js';

/** Entries wait for a tenth of a second and receipts for one: this is out of order. */
const STUCK_MS = 60_000;

type Part = 'database' | 'object_store' | 'sequencer' | 'quorum';

@Injectable()
export class BiddingHealth {
  private looking: Promise<readonly Part[]> | undefined;

  constructor(
    private readonly database: Database,
    private readonly store: ObjectStore,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  /** Names of what does not work. Who asks at the same time gets the same answer: strangers cannot multiply the work. */
  async failed(): Promise<readonly Part[]> {
    this.looking ??= this.look().finally(() => (this.looking = undefined));
    return this.looking;
  }

  private async look(): Promise<readonly Part[]> {
    const parts: Readonly<Record<Part, () => Promise<boolean>>> = {
      database: async () => (await this.database.query('SELECT 1 AS one')).length === 1,
      object_store: () => this.storeWorks(),
      sequencer: () => this.sequencerWorks(),
      quorum: () => this.quorumWorks(),
    };
    const looked = await Promise.all(
      Object.entries(parts).map(async ([name, works]) => ((await works().catch(() => false)) ? [] : [name as Part])),
    );
    return looked.flat();
  }

  /** Written and read back; one small object a day, since none can be deleted. */
  private async storeWorks(): Promise<boolean> {
    const day = this.clock.now().toISOString().slice(0, 10);
    const bytes = utf8(`segel probe ${day}`);
    await this.store.put(`probes/${day}`, bytes);
    return Buffer.from(await this.store.bytes(`probes/${day}`)).equals(bytes);
  }

  private async sequencerWorks(): Promise<boolean> {
    const before = new Date(this.clock.now().getTime() - STUCK_MS);
    const [row] = await this.database.query<{ stuck: boolean }>(
      `SELECT EXISTS (SELECT FROM (SELECT data FROM tlog.queue WHERE part = 'entry' ORDER BY id LIMIT 1) q
         JOIN trail t ON t.leaf_sha256 = sha256(q.data) WHERE t.at < $1) AS stuck`,
      [before],
    );
    return row?.stuck === false;
  }

  /** Every heartbeat is cosigned and published, when there are heartbeats. */
  private async quorumWorks(): Promise<boolean> {
    const { HEARTBEAT_MS } = this.config.settings;
    if (HEARTBEAT_MS === 0) return true;
    const since = new Date(this.clock.now().getTime() - Math.max(STUCK_MS, 3 * HEARTBEAT_MS));
    const [row] = await this.database.query<{ fresh: boolean }>(
      'SELECT coalesce(max(first_at) >= $1, false) AS fresh FROM tlog.published',
      [since],
    );
    return row?.fresh === true;
  }
}
