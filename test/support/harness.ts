/** A real application on a real database with a real witness, and a clock the test moves. After every test the whole
 *  log is verified as a stranger would. */
import { fromHex, toBase64, uuidV7 } from '@segel/encoding';
import type { Role } from '@segel/procurement';
import { logKeyOf, witnessKeyOf } from '@segel/tlog';
import type { LogLevel } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import jwt from 'jsonwebtoken';
import pg from 'pg';
import { AppModule } from '../../apps/api/src/app.module.js';
import { configure, createAdapter } from '../../apps/api/src/application.js';
import { Clock } from '../../apps/api/src/platform/clock/clock.js';
import { Config, readSettings } from '../../apps/api/src/platform/config/config.js';
import { Jobs } from '../../apps/api/src/platform/jobs/jobs.js';
import { startWitness } from '../../apps/witness/src/server.js';
import { TestClock } from './clock.js';
import { cloneDatabase } from './database.js';
import { verifyWholeLog } from './verify-log.js';

export type Answer<T = Record<string, unknown>> = {
  readonly status: number;
  readonly body: T;
  readonly text: string;
  readonly headers: Headers;
};

/** Somebody with an account, a session and a token. */
export type Person = {
  readonly id: string;
  readonly email: string;
  readonly token: string;
  readonly sessionId: string;
};

export class Harness {
  constructor(
    private running: NestFastifyApplication,
    readonly url: string,
    readonly clock: TestClock,
    /** The database as its owner, who may do everything: for tampering and for looking. */
    readonly owner: pg.Pool,
    readonly folder: string,
    readonly config: Config,
    private readonly end: () => Promise<void>,
    private readonly boot?: (port: number) => Promise<NestFastifyApplication>,
  ) {}

  get app(): NestFastifyApplication {
    return this.running;
  }

  /** Breaks every connection off, closes the server and starts it again on the same port, database and folders. */
  async restart(): Promise<void> {
    if (this.boot === undefined) throw new Error('this server is a process of its own');
    this.app.getHttpServer().closeAllConnections();
    await this.app.close();
    this.running = await this.boot(Number(new URL(this.url).port));
  }

  /** A request; a body that is bytes goes as octet-stream, any other as JSON. */
  async call<T = Record<string, unknown>>(
    method: string,
    route: string,
    options: { as?: Person | undefined; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Answer<T>> {
    const { as, body, headers = {} } = options;
    const raw = body instanceof Uint8Array;
    const response = await fetch(`${this.url}${route}`, {
      method,
      headers: {
        ...(as === undefined ? {} : { authorization: `Bearer ${as.token}` }),
        ...(body === undefined ? {} : { 'content-type': raw ? 'application/octet-stream' : 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: raw ? Buffer.from(body) : JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = text !== '' && response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, body: (json ? JSON.parse(text) : {}) as T, text, headers: response.headers };
  }

  async get<T = Record<string, unknown>>(route: string, as?: Person): Promise<Answer<T>> {
    return this.call<T>('GET', route, { as });
  }

  async post<T = Record<string, unknown>>(route: string, body: unknown, as?: Person): Promise<Answer<T>> {
    return this.call<T>('POST', route, { as, body });
  }

  /** An organisation, straight into the database. */
  async organisation(kind: 'buyer' | 'oversight' | 'civil' | 'operator', name: string): Promise<string> {
    const id = uuidV7(this.clock.now().getTime(), randomBytes(10));
    await this.owner.query('INSERT INTO organisation (id, kind, name, created_at) VALUES ($1, $2, $3, $4)', [
      id,
      kind,
      name,
      this.clock.now(),
    ]);
    return id;
  }

  /** A signed-in person with roles, straight into the database: for features that are not about accounts. */
  async person(...roles: readonly { role: Role; organisationId?: string; tenderId?: string }[]): Promise<Person> {
    const now = this.clock.now();
    const id = uuidV7(now.getTime(), randomBytes(10));
    const sessionId = uuidV7(now.getTime(), randomBytes(10));
    const email = `p${id.slice(-12)}@example.org`;
    await this.owner.query(
      "INSERT INTO account (id, email, name, language, password_hash, created_at, confirmed_at) VALUES ($1, $2, $2, 'en', 'none', $3, $3)",
      [id, email, now],
    );
    const expires = new Date(now.getTime() + 365 * 86_400_000);
    await this.owner.query(
      "INSERT INTO session (id, account_id, created_at, expires_at, ip, user_agent) VALUES ($1, $2, $3, $4, '127.0.0.1', 'test')",
      [sessionId, id, now, expires],
    );
    const person = { id, email, sessionId, token: this.token(id, sessionId) };
    for (const role of roles) await this.grant(person, role);
    return person;
  }

  async grant(
    person: Person,
    { role, organisationId, tenderId }: { role: Role; organisationId?: string; tenderId?: string },
  ): Promise<void> {
    await this.owner.query(
      "INSERT INTO role_assignment (id, account_id, role, organisation_id, tender_id, granted_at, granted_by) VALUES ($1, $2, $3, $4, $5, $6, 'test')",
      [
        uuidV7(this.clock.now().getTime(), randomBytes(10)),
        person.id,
        role,
        organisationId ?? null,
        tenderId ?? null,
        this.clock.now(),
      ],
    );
  }

  private token(accountId: string, sessionId: string): string {
    const secret = Buffer.from(this.config.settings.TOKEN_SECRET);
    return jwt.sign({ sub: accountId, sid: sessionId }, secret, { algorithm: 'HS256', issuer: 'segel' });
  }

  /** Runs the jobs that are due by the test's clock, until none is left. */
  async runDueJobs(): Promise<void> {
    const { tasks } = this.app.get(Jobs);
    for (;;) {
      const { rows } = await this.owner.query<{ id: string; name: string; payload: unknown }>(
        `SELECT j.id, t.identifier AS name, j.payload FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id
         WHERE j.run_at <= $1 ORDER BY j.run_at, j.id LIMIT 1`,
        [this.clock.now()],
      );
      const job = rows[0];
      if (job === undefined) return;
      await this.owner.query('SELECT graphile_worker.complete_jobs(ARRAY[$1::bigint])', [job.id]);
      await tasks[job.name]?.(job.payload, undefined as never);
    }
  }

  /** Mails sent so far, decoded as text. */
  async mails(): Promise<readonly string[]> {
    const folder = this.config.settings.MAIL_FOLDER;
    const names = await readdir(folder).catch(() => []);
    return Promise.all(
      names
        .filter((name) => name.endsWith('.eml'))
        .sort()
        .map((name) => readFile(path.join(folder, name), 'utf8')),
    );
  }

  /** Waits until everything queued is public: with intervals of ten seconds that takes more than one. */
  async published(seconds = 40): Promise<void> {
    for (let i = 0; i < seconds * 50; i++) {
      const { rows } = await this.owner.query<{ done: boolean }>(
        `SELECT NOT EXISTS (SELECT FROM tlog.queue WHERE part <> 'chaff')
           AND (SELECT size FROM tlog.tree) = coalesce((SELECT max(size) FROM tlog.public_checkpoint), 0) AS done`,
      );
      if (rows[0]?.done === true) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`the log was not public in ${seconds} s`);
  }

  /** Everything a stranger and an auditor can check about the log. Call it in `afterEach`. */
  async verifyLog(): Promise<void> {
    await this.published();
    await verifyWholeLog(this.url, this.owner);
  }

  async stop(): Promise<void> {
    await this.end();
  }
}

/** Starts the application for a test file. Settings may be overridden. */
export async function startHarness(
  settings: Record<string, string> = {},
  logLevels: LogLevel[] = ['error'],
): Promise<Harness> {
  const clock = new TestClock();
  const folder = await mkdtemp(path.join(tmpdir(), 'segel-test-'));
  const database = await cloneDatabase();
  const origin = 'test.example/segel';
  const seed = new Uint8Array(randomBytes(32));
  const logVkey = logKeyOf({ name: origin, seed }).vkey;
  const witnessSeed = new Uint8Array(randomBytes(32));
  const witness = await startWitness({
    name: 'witness.example/w1',
    seed: witnessSeed,
    dataDir: path.join(folder, 'witness'),
    logs: [logVkey],
    port: 0,
    host: '127.0.0.1',
    now: () => clock.now().getTime(),
  });
  const witnessVkey = witnessKeyOf({ name: 'witness.example/w1', seed: witnessSeed }).vkey;
  await writeFile(
    path.join(folder, 'policy'),
    `# not-independent: w1\nlog ${logVkey}\nwitness w1 ${witnessVkey} ${witness.url}\nquorum w1\n`,
  );
  const config = new Config(
    readSettings({
      DATABASE_URL: database.url,
      OBJECT_FOLDER: path.join(folder, 'objects'),
      UPLOAD_FOLDER: path.join(folder, 'uploads'),
      MAIL_FOLDER: path.join(folder, 'mail'),
      SIGNER_STATE: path.join(folder, 'signer.json'),
      LOG_POLICY_FILE: path.join(folder, 'policy'),
      LOG_ORIGIN: origin,
      LOG_SIGNER_SEED: toBase64(seed),
      PROMISE_SEED: toBase64(randomBytes(32)),
      TOKEN_SECRET: toBase64(fromHex('11'.repeat(32))),
      LOG_INTERVAL_MS: '10',
      HEARTBEAT_MS: '0',
      // Tests move clocks apart on purpose.
      WITNESS_CLOCK_S: '4000000000',
      // A clock that stands still would make every advance an outage.
      OUTAGE_PROBE_S: '0',
      WORKER: 'log',
      // Nobody: an empty value would be the development default.
      BOOTSTRAP_OPERATORS: ',',
      ...settings,
    }),
  );
  const boot = async (port: number): Promise<NestFastifyApplication> => {
    const module = await Test.createTestingModule({ imports: [AppModule.with(config)] })
      .overrideProvider(Clock)
      .useValue(clock)
      .compile();
    const app = module.createNestApplication<NestFastifyApplication>(createAdapter(config), { logger: logLevels });
    await configure(app, config);
    await app.listen(port, '127.0.0.1');
    return app;
  };
  const app = await boot(0);
  const owner = new pg.Pool({ connectionString: database.url, max: 4 });
  owner.on('error', () => undefined);
  const end = async (): Promise<void> => {
    await harness.app.close();
    await witness.close();
    await owner.end();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  };
  const url = (await app.getUrl()).replace('[::1]', '127.0.0.1');
  const harness = new Harness(app, url, clock, owner, folder, config, end, boot);
  return harness;
}
