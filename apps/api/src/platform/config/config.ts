/** Every setting, what it is for and what happens when it is wrong. `.env.example` is generated from this list. */
import { fromBase64 } from '@segel/encoding';
import { PROBE_EVERY_S_MAX } from '@segel/procurement';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { timeSource } from '../clock/sntp.js';

type Key<T> = {
  readonly doc: string;
  readonly parse: (text: string, name: string) => T;
  /** Value in development; a key without one must be given. */
  readonly development?: string;
  /** Value in production when not given; a key with neither must be given there. */
  readonly production?: string;
};

const text = (value: string): string => value;
const integer = (value: string, name: string): number => {
  const n = Number(value);
  if (!Number.isSafeInteger(n) || n < 0)
    throw new Error(`${name} must be a whole number, not ${JSON.stringify(value)}`);
  return n;
};
const seed = (value: string, name: string): Uint8Array => {
  let bytes: Uint8Array | undefined;
  try {
    bytes = fromBase64(value);
  } catch {
    bytes = undefined;
  }
  if (bytes?.length !== 32) throw new Error(`${name} must be 32 bytes in base64`);
  return bytes;
};
const list = (value: string): readonly string[] =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
const sources = (value: string): readonly string[] => list(value).map((source) => timeSource(source).name);
const key = <T>(k: Key<T>): Key<T> => k;

const data = (...names: string[]): string =>
  path.join(process.env['SEGEL_DATA'] ?? path.join(tmpdir(), 'segel'), ...names);

export const CONFIG_KEYS = {
  NODE_ENV: key({
    doc: '`production` turns every development default off.',
    parse: text,
    development: 'development',
    production: 'production',
  }),
  HTTP_HOST: key({ doc: 'Address to listen on.', parse: text, development: '127.0.0.1', production: '0.0.0.0' }),
  HTTP_PORT: key({
    doc: 'Port to listen on; taken: the server refuses to start.',
    parse: integer,
    development: '3000',
    production: '3000',
  }),
  PUBLIC_URL: key({
    doc: 'Address people use; links in mails start with it.',
    parse: text,
    development: 'http://localhost:3000',
  }),
  TRUSTED_PROXIES: key({
    doc: 'Addresses of reverse proxies whose X-Forwarded-For is believed.',
    parse: list,
    development: '',
    production: '',
  }),
  DATABASE_URL: key({
    doc: 'PostgreSQL 15 or later. Used by the migrations; the server logs in with it and takes the restricted role unless the two below are given.',
    parse: text,
  }),
  APP_DATABASE_URL: key({
    doc: 'Login whose role is a member of segel_app only. Required in production.',
    parse: text,
    development: '',
  }),
  SEQUENCER_DATABASE_URL: key({
    doc: 'Login whose role is a member of segel_sequencer only. Required in production.',
    parse: text,
    development: '',
  }),
  ERASURE_DATABASE_URL: key({
    doc: 'Login whose role is a member of segel_erasure only: deletes what two people decided to erase. In production the worker refuses to start without it; no other process needs it.',
    parse: text,
    development: '',
    production: '',
  }),
  OBJECT_FOLDER: key({
    doc: 'Folder of the object store when S3 is not set.',
    parse: text,
    development: data('objects'),
    production: '',
  }),
  UPLOAD_FOLDER: key({
    doc: 'Folder of parts of bids that have not arrived as a whole, 8 MiB each at most. Nothing in it is precious: what is lost is sent again. Several servers without a shared one: a client whose next request reaches another server begins that one part anew.',
    parse: text,
    development: data('uploads'),
    production: path.join(tmpdir(), 'segel-uploads'),
  }),
  UPLOAD_EXPIRY_HOURS: key({
    doc: 'After so many hours without a byte an unfinished part is removed; 0: never.',
    parse: integer,
    development: '24',
    production: '24',
  }),
  S3_ENDPOINT: key({
    doc: 'S3 address, e.g. http://minio:9000. Empty: the folder store.',
    parse: text,
    development: '',
    production: '',
  }),
  S3_BUCKET: key({
    doc: 'Bucket with versions and object lock on.',
    parse: text,
    development: 'segel',
    production: 'segel',
  }),
  S3_REGION: key({ doc: 'Region of the bucket.', parse: text, development: 'us-east-1', production: 'us-east-1' }),
  S3_ACCESS_KEY: key({
    doc: 'Access key; it needs no right to delete versions. It needs the right to lengthen a retention (PutObjectRetention).',
    parse: text,
    development: '',
    production: '',
  }),
  S3_SECRET_KEY: key({ doc: 'Secret of the access key.', parse: text, development: '', production: '' }),
  S3_RETENTION_DAYS: key({
    doc: 'Days for which the bucket locks a new object at least: less is refused at start. As many days ahead the nightly audit keeps the objects of tenders that are not over locked.',
    parse: integer,
    development: '1',
    production: '30',
  }),
  TOKEN_SECRET: key({ doc: '32 bytes in base64; signs session tokens. Changing it signs everybody out.', parse: seed }),
  LOG_ORIGIN: key({
    doc: 'Name of the log, in every checkpoint. Never change it while the log lives.',
    parse: text,
    development: 'localhost/segel',
  }),
  LOG_SIGNER_SEED: key({
    doc: '32 bytes in base64; the log’s Ed25519 key. Changing it makes the log another log.',
    parse: seed,
  }),
  PROMISE_SEED: key({ doc: '32 bytes in base64; the Ed25519 key of promises and refusals.', parse: seed }),
  SIGNER_STATE: key({
    doc: 'File with the last size and root signed. Losing it is refused at start when the log is not empty.',
    parse: text,
    development: data('signer.json'),
  }),
  LOG_POLICY_FILE: key({
    doc: 'tlog-policy text: the log, its witnesses, the quorum. Two disjoint quorums: refused at start.',
    parse: text,
    development: data('policy'),
  }),
  LOG_INTERVAL_MS: key({
    doc: 'How often the sequencer empties the queue.',
    parse: integer,
    development: '100',
    production: '100',
  }),
  HEARTBEAT_MS: key({
    doc: 'How often an interval of the public log ends, with a heartbeat and chaff up to a multiple of 8 leaves. 0, which production refuses: every batch is public at once, without padding.',
    parse: integer,
    development: '10000',
    production: '10000',
  }),
  WITNESS_TOLERANCE_S: key({
    doc: 'Seconds after the deadline within which the quorum must have cosigned the closed box.',
    parse: integer,
    development: '120',
    production: '120',
  }),
  WITNESS_CLOCK_S: key({
    doc: 'A cosignature dated further than this from our clock does not count: one witness must not date a checkpoint.',
    parse: integer,
    development: '30',
    production: '30',
  }),
  CLOCK_SOURCES: key({
    doc: 'Time servers, e.g. ntp://time.example.org,ntp://10.0.0.1:123; three or more, of different owners. Production refuses to start without: while our clock is more than a second off their median, or unknown, no box is closed and no opening begins.',
    parse: sources,
    development: '',
  }),
  CLOCK_EVERY_S: key({
    doc: 'Seconds between two questions to the time servers.',
    parse: integer,
    development: '300',
    production: '300',
  }),
  OUTAGE_PROBE_S: key({
    doc: 'Seconds between two looks at our own service, through PUBLIC_URL; times without one count as an outage, and a long outage before a deadline moves it. 0, which production refuses: outages are not measured.',
    parse: integer,
    development: '30',
    production: '30',
  }),
  PROBE_URL: key({
    doc: 'Where to look at our own service when PUBLIC_URL cannot be reached from the worker. Empty: PUBLIC_URL, as its users do.',
    parse: text,
    development: '',
    production: '',
  }),
  WORKER: key({
    doc: '`inline`: sequencer and jobs run in the HTTP process; `off`: a worker process runs them.',
    parse: text,
    development: 'inline',
    production: 'off',
  }),
  SMTP_URL: key({
    doc: 'Where mail goes, e.g. smtp://user:pass@mail:587. Empty: files in MAIL_FOLDER.',
    parse: text,
    development: '',
  }),
  MAIL_FROM: key({ doc: 'Sender of mails.', parse: text, development: 'Segel <segel@localhost>' }),
  MAIL_FOLDER: key({
    doc: 'Folder of mails when SMTP_URL is empty.',
    parse: text,
    development: data('mail'),
    production: '',
  }),
  BOOTSTRAP_OPERATORS: key({
    doc: 'E-mail addresses of the first operators, invited when there is no account.',
    parse: list,
    development: 'operator1@demo.example,operator2@demo.example',
    production: '',
  }),
  CLAMD_ADDRESS: key({
    doc: 'ClamAV’s daemon that looks at opened documents: host:port, or the path of its socket. Empty: documents are shown as not scanned.',
    parse: text,
    development: '',
    production: '',
  }),
  CLAMD_MAX_BYTES: key({
    doc: 'Larger documents are shown as not scannable. Set it no higher than StreamMaxLength, MaxFileSize and MaxScanSize of the daemon: what lies behind those it does not look at, and says nothing.',
    parse: integer,
    development: '25000000',
    production: '25000000',
  }),
  RATE_LIMIT_PER_MINUTE: key({
    doc: 'Requests per minute and client before 429.',
    parse: integer,
    development: '6000',
    production: '600',
  }),
  FAILPOINT: key({
    doc: 'Place at which the process kills itself, for crash tests; production refuses it.',
    parse: text,
    development: '',
    production: '',
  }),
  WATCH_STDIN: key({
    doc: '`1`: stop when standard input closes, so that no orphan is left.',
    parse: text,
    development: '',
    production: '',
  }),
} as const;

export type Settings = { readonly [K in keyof typeof CONFIG_KEYS]: ReturnType<(typeof CONFIG_KEYS)[K]['parse']> };

/** The settings of an environment. Throws one sentence per wrong or missing key. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const production = env['NODE_ENV'] === 'production';
  const problems: string[] = [];
  const settings: Record<string, unknown> = {};
  for (const [name, k] of Object.entries<Key<unknown>>(CONFIG_KEYS)) {
    const given = env[name];
    const value = given !== undefined && given !== '' ? given : production ? k.production : k.development;
    try {
      if (value === undefined) throw new Error(`${name} is missing. ${k.doc}`);
      settings[name] = k.parse(value, name);
    } catch (error) {
      problems.push((error as Error).message);
    }
  }
  if (production && !env['OBJECT_FOLDER'] && !env['S3_ENDPOINT'])
    problems.push('S3_ENDPOINT or OBJECT_FOLDER is missing.');
  if (production && env['HEARTBEAT_MS'] === '0')
    problems.push('HEARTBEAT_MS is 0: public timing would tell about bids.');
  if (production && env['OUTAGE_PROBE_S'] === '0')
    problems.push('OUTAGE_PROBE_S is 0: an outage would move no deadline.');
  if (Number(env['OUTAGE_PROBE_S'] ?? 0) > PROBE_EVERY_S_MAX)
    problems.push(`OUTAGE_PROBE_S is more than ${PROBE_EVERY_S_MAX}: no verifier would believe the outages.`);
  if (production && env['FAILPOINT']) problems.push('FAILPOINT is for tests only.');
  if (problems.length > 0) throw new Error(`The settings are not usable:\n- ${problems.join('\n- ')}`);
  return settings as Settings;
}

/** Injected settings. */
export class Config {
  constructor(readonly settings: Settings) {}

  get production(): boolean {
    return this.settings.NODE_ENV === 'production';
  }
}
