/** The one door for writes (house, section 3): lock, replay, clock, decide, rows, entry, jobs, commit. */
import { canonicalize, equalBytes, sha256, toBase64 } from '@segel/encoding';
import { ENTRY_TYPES, encodeEntry, type EntryTypeName } from '@segel/evidence';
import { Refusal } from '@segel/procurement';
import { blindedCommitment, blindedLeaf, clearLeaf } from '@segel/tlog';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { SYSTEM, type Actor } from '../auth/actor.js';
import type { ClockMeasurement } from '../clock/clock-measurement.entity.js';
import { Clock } from '../clock/clock.js';
import { JournalDatabase, type Ask, type Inside, type Send, type Statement } from '../database/database.js';
import { failpoint } from '../failpoint.js';
import type { Probe } from '../probe/probe.entity.js';
import type { CommitOptions, Decide, EntryDraft, Lock, Notice, Recorded, Tx } from './act.js';

@Injectable()
export class Journal {
  constructor(
    private readonly database: JournalDatabase,
    private readonly clock: Clock,
  ) {}

  /** Decides and stores in one transaction that ends with one entry. A {@link Refusal} rolls everything back and
   *  then leaves an entry of its own, in a second transaction that a crash may lose. */
  async commit<T>(actor: Actor, lock: Lock, decide: Decide<T>, options: CommitOptions = {}): Promise<T> {
    try {
      const committed = await this.database.transaction(async (inside) => {
        const locked = takeLock(inside.ask, lock);
        lockReplay(inside.send, actor);
        options.prepare?.({
          ask: inside.ask,
          manager: inside.manager,
          lock: (name, mode) => lockMore(inside.send, name, mode),
        });
        await locked;
        const replayed = await this.replayed<T>(inside.manager, actor);
        if (replayed !== undefined) return replayed.outcome;
        const act = new OpenAct(inside, actor, this.clock);
        const outcome = await decide(act);
        failpoint('journal.decided');
        act.close();
        remember(inside.send, actor, act.now, outcome);
        failpoint('journal.recorded');
        return outcome;
      });
      failpoint('journal.committed');
      return committed;
    } catch (error) {
      if (error instanceof Refusal) await this.recordRefusal(actor, lock, error, options);
      throw error;
    }
  }

  /** Keeps what was measured: the one kind of row that has no entry, because nothing is decided by it alone. An act that rests
   *  on measurements names them in its own entry, by their hash. */
  async keepMeasurement<T extends ClockMeasurement | Probe>(kind: new () => T, row: T): Promise<void> {
    await this.database.transaction(async ({ manager }) => void (await manager.insert<object>(kind, row)));
  }

  /** Ends an interval of the log: a heartbeat, and what the sequencer fills the interval with, so many leaves of chaff
   *  waiting in the queue. Every leaf goes through the same append. */
  async endInterval(chaff: number): Promise<void> {
    await this.database.transaction(async (inside) => {
      const append = async (draft: EntryDraft): Promise<void> => {
        const act = new OpenAct(inside, SYSTEM, this.clock);
        await act.record(draft);
      };
      const [waiting] = await inside.manager.query<{ count: number }[]>(
        "SELECT count(*)::int AS count FROM tlog.queue WHERE part = 'chaff'",
      );
      for (let left = chaff - (waiting?.count ?? 0); left > 0; left--) {
        await append({ type: 'chaff', body: { padding: '-' } });
      }
      await append({ type: 'log.heartbeat', body: { n: Math.floor(this.clock.now().getTime() / 1000) } });
    });
    failpoint('heartbeat.recorded');
  }

  private async recordRefusal(actor: Actor, lock: Lock, refusal: Refusal, options: CommitOptions): Promise<void> {
    // Strangers and malformed requests must not be able to fill the log: only signed-in people are recorded.
    if (actor.kind !== 'person' || refusal.code === 'idempotency_mismatch') return;
    const entry = options.onRefusal?.(refusal) ?? {
      type: 'refusal.recorded' as const,
      tenderId: lock.on === 'tender' ? lock.id : undefined,
      body: { code: refusal.code, act: actor.request?.act ?? 'unknown', ...paramsText(refusal) },
    };
    await this.database.transaction(async (inside) => {
      const act = new OpenAct(inside, actor, this.clock);
      await act.record(entry);
    });
  }

  private async replayed<T>(manager: EntityManager, actor: Actor): Promise<{ outcome: T } | undefined> {
    const key = actor.request?.idempotencyKey;
    if (key === undefined) return undefined;
    const rows = await manager.query<{ act: string; request_sha256: Buffer; outcome: { value: T } }[]>(
      'SELECT act, request_sha256, outcome FROM replay WHERE actor_id = $1 AND key = $2',
      [actor.id, key],
    );
    const row = rows[0];
    if (row === undefined) return undefined;
    if (row.act !== actor.request?.act || !equalBytes(row.request_sha256, actor.request.digest)) {
      throw new Refusal('idempotency_mismatch', 'This Idempotency-Key was used for another request.');
    }
    return { outcome: row.outcome.value };
  }
}

/** Two requests with one key wait for each other; the second finds what the first left. Before the locks of the act itself: in
 *  one order for all acts, so that no two wait for each other for ever. */
function lockReplay(send: Send, { id, request }: Actor): void {
  if (request?.idempotencyKey === undefined) return;
  const text = 'SELECT pg_advisory_xact_lock(hashtextextended($1, 1))';
  send({ name: 'lock replay', text, values: [`${id}:${request.idempotencyKey}`] });
}

function remember(send: Send, { id, request }: Actor, now: Date, outcome: unknown): void {
  if (request?.idempotencyKey === undefined) return;
  const text = 'INSERT INTO replay (actor_id, key, act, request_sha256, outcome, at) VALUES ($1, $2, $3, $4, $5, $6)';
  const digest = Buffer.from(request.digest);
  const values = [id, request.idempotencyKey, request.act, digest, JSON.stringify({ value: outcome }), now];
  send({ name: 'remember', text, values });
}

function paramsText(refusal: Refusal): { params?: string } {
  const text = canonicalize(refusal.params);
  return text === '{}' || text.length > 1000 ? {} : { params: text };
}

async function takeLock(ask: Ask, lock: Lock): Promise<void> {
  if (lock.on === 'none') return;
  await ask(lockAs(lock.on === 'tender' && lock.mode === 'shared'), [`${lock.on}:${lock.id}`]);
}

function lockMore(send: Send, name: string, mode?: 'shared'): void {
  send({ ...lockAs(mode === 'shared'), values: [name] });
}

function lockAs(isShared: boolean): Statement {
  const shared = isShared ? '_shared' : '';
  return { name: `lock${shared}`, text: `SELECT pg_advisory_xact_lock${shared}(hashtextextended($1, 0))` };
}

/** An entry's bytes and its leaf's, with the SHA-256 of both; salt and commitment when it is blinded. */
type EncodedEntry = {
  readonly bytes: Uint8Array;
  readonly data: Uint8Array;
  readonly salt: Uint8Array | null;
  readonly commitment: Uint8Array | null;
  readonly hashes: { readonly entry: Uint8Array; readonly leaf: Uint8Array };
};

class OpenAct implements Tx {
  readonly manager: EntityManager;
  readonly ask: Ask;
  readonly now: Date;
  private recorded: Recorded | undefined;

  constructor(
    private readonly inside: Inside,
    private readonly actor: Actor,
    private readonly clock: Clock,
  ) {
    this.manager = inside.manager;
    this.ask = inside.ask;
    this.now = clock.now();
  }

  newId(): string {
    return this.clock.newId();
  }

  lock(name: string, mode?: 'shared'): void {
    lockMore(this.inside.send, name, mode);
  }

  write(statement: Statement, values: readonly unknown[], onDuplicate?: Refusal): void {
    this.inside.send({ ...statement, values: [...values] }, onDuplicate);
  }

  async enqueue(name: string, payload: object, options: { runAt?: Date; key?: string } = {}): Promise<void> {
    await this.manager.query('SELECT graphile_worker.add_job($1, payload := $2::json, run_at := $3, job_key := $4)', [
      name,
      JSON.stringify(payload),
      options.runAt ?? this.now,
      options.key ?? null,
    ]);
  }

  async notify({ accountId, code, params }: Notice): Promise<void> {
    const id = this.newId();
    await this.manager.query(
      'INSERT INTO notification (id, account_id, code, params, at) VALUES ($1, $2, $3, $4, $5)',
      [id, accountId, code, JSON.stringify(params), this.now],
    );
    await this.enqueue('notification.mail', { notificationId: id });
  }

  async record(draft: EntryDraft): Promise<Recorded> {
    if (this.recorded !== undefined) throw new Error('an act ends with one entry, not two');
    const entryId = this.newId();
    const { type, tenderId, lotId, body, bodySig } = draft;
    const actor = { kind: this.actor.kind, id: this.actor.id };
    const bytes = encodeEntry({ type, id: entryId, at: this.now, actor, tenderId, lotId, body, bodySig });
    const salt = ENTRY_TYPES[type].form === 'blinded' ? this.clock.random(32) : null;
    const commitment = salt === null ? null : blindedCommitment(salt, bytes);
    const data = commitment === null ? clearLeaf(bytes) : blindedLeaf(commitment);
    const hashes = { entry: sha256(bytes), leaf: sha256(data) };
    this.recorded = {
      entryId,
      type,
      at: this.now.toISOString(),
      entrySha256: toBase64(hashes.entry),
      leafSha256: toBase64(hashes.leaf),
      commitment: commitment === null ? null : toBase64(commitment),
    };
    this.append(draft, { bytes, data, salt, commitment, hashes });
    return this.recorded;
  }

  close(): void {
    if (this.recorded === undefined) throw new Error('an act without an entry does not commit');
  }

  private append({ tenderId, lotId, subjectId }: EntryDraft, entry: EncodedEntry): void {
    const { entryId, type } = this.recorded!;
    const { bytes, data, salt, commitment, hashes } = entry;
    const values = [
      commitment,
      data,
      tenderId ?? null,
      salt,
      bytes,
      queuePart(type),
      entryId,
      type,
      this.now,
      this.actor.id,
      lotId ?? null,
      subjectId ?? null,
      hashes.entry,
      hashes.leaf,
    ];
    // Not waited for: the commit that follows fails with it.
    this.inside.send({ name: 'append', text: APPEND, values });
  }
}

/** What keeps the log's time has a place of its own in the queue: the sequencer decides when an interval ends. */
function queuePart(type: EntryTypeName): 'entry' | 'chaff' | 'heartbeat' {
  return type === 'chaff' ? 'chaff' : type === 'log.heartbeat' ? 'heartbeat' : 'entry';
}

/** The opening of a blinded entry, its place in the queue, and its line in the trail, in one statement. Chaff and
 *  heartbeats are about nobody and not in the trail. */
const APPEND = `
  WITH opening AS (
    INSERT INTO tlog.opening (commitment, salt, entry_bytes) SELECT $1, $4, $5 WHERE $1::bytea IS NOT NULL
  ), queued AS (
    INSERT INTO tlog.queue (commitment, data, tender_id, part) VALUES ($1, $2, $3::uuid, $6)
  )
  INSERT INTO trail (id, type, at, actor_id, tender_id, lot_id, subject_id, entry_sha256, leaf_sha256, commitment)
  SELECT $7, $8, $9, $10, $3::uuid, $11, $12, $13, $14, $1::bytea WHERE $6 = 'entry'`;
