/** Which jobs have a living worker. graphile-worker gives the jobs of a process that died back after four hours: a box
 *  would close, and an opening end, that much late. Here a worker lives as long as its process holds a session lock
 *  under its name, which PostgreSQL lets go at once when the process is gone. */
import pg from 'pg';

/** A machine that vanished without a word is noticed after half a minute. */
const KEEPALIVE = '-c tcp_keepalives_idle=15 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3';
/** Keeps these locks apart from those of the journal and the sequencer. */
const LOCK = 'hashtextextended($1, 2)';

/** Who locked a job and is not among us, and whose name nobody holds. The lock is let go with the statement. */
const GIVE_BACK = `
  SELECT graphile_worker.force_unlock_workers(array_agg(dead.worker)) FROM (
    SELECT worker FROM (SELECT DISTINCT locked_by AS worker FROM graphile_worker._private_jobs WHERE locked_by IS NOT NULL) named
    WHERE worker <> ALL ($1) AND pg_try_advisory_xact_lock(hashtextextended(worker, 2))
  ) dead HAVING count(*) > 0`;

export class LivingWorkers {
  private session: pg.Client | undefined;
  private readonly own = new Set<string>();
  private readonly held = new Set<string>();

  constructor(private readonly options: pg.ClientConfig) {}

  add(worker: string): void {
    this.own.add(worker);
  }

  remove(worker: string): void {
    this.own.delete(worker);
  }

  /** Holds the names of our workers, and gives the jobs of dead ones back. Throws when the database is away: then it is
   *  called again. */
  async keep(): Promise<void> {
    const session = (this.session ??= await this.open());
    for (const worker of [...this.held].filter((name) => !this.own.has(name))) {
      await session.query(`SELECT pg_advisory_unlock(${LOCK})`, [worker]);
      this.held.delete(worker);
    }
    for (const worker of [...this.own].filter((name) => !this.held.has(name))) {
      await session.query(`SELECT pg_advisory_lock(${LOCK})`, [worker]);
      this.held.add(worker);
    }
    await session.query(GIVE_BACK, [[...this.own]]);
  }

  async close(): Promise<void> {
    await this.session?.end();
    this.session = undefined;
  }

  private async open(): Promise<pg.Client> {
    const session = new pg.Client({ ...this.options, options: `${this.options.options ?? ''} ${KEEPALIVE}` });
    session.on('error', () => this.lose(session));
    session.on('end', () => this.lose(session));
    await session.connect();
    this.held.clear();
    return session;
  }

  private lose(session: pg.Client): void {
    if (this.session === session) this.session = undefined;
  }
}
