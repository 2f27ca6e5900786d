/** Has signed checkpoints cosigned by the witnesses, and makes those that end an interval public: their tiles and bundles
 *  in the object store first, then the witnesses, then `published`, then the served checkpoint. Never without a quorum:
 *  until then the promise given at commit covers the gap. */
import { addSignatures, examineCheckpoint, satisfied } from '@segel/tlog';
import { Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../clock/clock.js';
import { failpoint } from '../failpoint.js';
import type { ObjectStore } from '../object-store/object-store.js';
import { verifyEd25519 } from './ed25519.js';
import type { LogDatabase } from './log-database.js';
import { LogFiles } from './log-files.js';
import type { LogPolicy } from './policy-file.js';
import { WitnessClient } from './witness-client.js';

/** After the quorum has cosigned, others get this long to add theirs (protocol section 7). */
const GRACE_MS = 50;
/** A witness that hangs holds nobody up for longer than this. */
const ATTEMPT_MS = 2_000;
/** The alarm is raised after this long, and again as often. */
const ALARM_MS = 5_000;

type Next = { readonly size: number; readonly note: string; readonly public: boolean };

export class Publisher {
  private readonly logger = new Logger('Publisher');
  private readonly witnesses: readonly WitnessClient[];
  private readonly files: LogFiles;
  private lateSince: number | undefined;
  private alarmedMs = 0;
  /** What was said last of each witness: the same complaint ten times a second helps nobody. */
  private readonly complaints = new Map<string, string>();

  constructor(
    private readonly database: LogDatabase,
    store: ObjectStore,
    private readonly policy: LogPolicy,
    private readonly clock: Clock,
    /** How far from our clock a cosignature may be dated. */
    clockApartS: number,
  ) {
    const isTimely = (time: number): boolean => Math.abs(time - clock.now().getTime() / 1000) <= clockApartS;
    this.files = new LogFiles(database, store, policy);
    this.witnesses = policy.policy.witnesses
      .filter((witness) => witness.url !== undefined)
      .map((witness) => new WitnessClient(witness, database.readTile, isTimely));
  }

  /** Publishes the newest signed checkpoint, or first the one that ended an interval. Returns its size, or undefined when
   *  there is nothing new or no quorum. */
  async tick(): Promise<number | undefined> {
    await this.files.catchUp();
    const next = await this.next();
    if (next === undefined) {
      this.lateSince = undefined;
      return undefined;
    }
    this.lateSince ??= this.clock.monotonicMs();
    if (next.public) await this.files.storeTiles(next.size);
    const cosigned = await this.cosign(next.size, next.note);
    if (cosigned === undefined) {
      this.alarm();
      return undefined;
    }
    this.lateSince = undefined;
    this.alarmedMs = 0;
    failpoint('publisher.cosigned');
    await this.database.query(
      `WITH added AS (INSERT INTO tlog.published (size, note, first_at) VALUES ($1, $2, $3) ON CONFLICT (size) DO NOTHING RETURNING size)
       SELECT pg_notify('segel_published', size::text) FROM added`,
      [next.size, cosigned, this.clock.now()],
    );
    failpoint('publisher.recorded');
    if (next.public) await this.files.serveNewest();
    return next.size;
  }

  /** Witnesses sign no size below one they have seen: the end of an interval goes before what was signed after it. */
  private async next(): Promise<Next | undefined> {
    const [next] = await this.database.query<Next>(
      `SELECT c.size, c.note, i.size IS NOT NULL AS public FROM tlog.checkpoint c LEFT JOIN tlog.interval i USING (size)
       WHERE c.size > (SELECT coalesce(max(size), 0) FROM tlog.published) ORDER BY i.size DESC NULLS LAST, c.size DESC LIMIT 1`,
    );
    return next;
  }

  /** The note with every cosignature that came in time, or undefined when they are no quorum. */
  private async cosign(size: number, note: string): Promise<string | undefined> {
    const lines = new Map<string, string>();
    let reached = (): void => undefined;
    const quorum = new Promise<void>((resolve) => (reached = resolve));
    const asked = this.witnesses.map(async (client) => {
      try {
        lines.set(client.witness.name, await client.cosign(size, note));
        this.complaints.delete(client.witness.name);
        if (satisfied(this.policy.policy, lines.keys())) reached();
      } catch (error) {
        this.complain(client.witness.name, (error as Error).message);
      }
    });
    const all = Promise.all(asked);
    await Promise.race([all, quorum.then(() => sleep(GRACE_MS)), sleep(ATTEMPT_MS, undefined, { ref: false })]);
    const cosigned = addSignatures(note, [...lines.values()]);
    return examineCheckpoint(this.policy.policy, cosigned, verifyEd25519).quorumMet ? cosigned : undefined;
  }

  /** Milliseconds since a signed checkpoint waits for its quorum; 0 when none does. */
  get lateMs(): number {
    return this.lateSince === undefined ? 0 : this.clock.monotonicMs() - this.lateSince;
  }

  private complain(witness: string, complaint: string): void {
    if (this.complaints.get(witness) === complaint) return;
    this.complaints.set(witness, complaint);
    this.logger.warn(`witness: ${complaint}`);
  }

  private alarm(): void {
    if (this.lateMs < this.alarmedMs + ALARM_MS) return;
    this.alarmedMs = this.lateMs;
    this.logger.error(`ALARM: no quorum of witnesses for ${Math.round(this.lateMs / 1000)} s; nobody gets a receipt`);
  }
}
