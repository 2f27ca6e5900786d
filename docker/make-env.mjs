// Writes docker/.env for compose.yaml, once: settings and fresh secrets. They are the keys of this log: back the file up,
// and never commit it. Usage: node docker/make-env.mjs [LOG_ORIGIN]
import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import { build } from '../apps/launcher/src/build.mjs';
import { ensureInstalled } from '../apps/launcher/src/ensure-installed.mjs';
import { inRoot } from '../apps/launcher/src/paths.mjs';
import { logKey } from '../apps/launcher/src/witness.mjs';

const seed = () => randomBytes(32).toString('base64');
const password = () => randomBytes(24).toString('base64url');

await ensureInstalled();
await build({ quiet: true });
const logOrigin = process.argv[2] ?? `localhost/segel-${randomBytes(4).toString('hex')}`;
const logSignerSeed = seed();
const settings = {
  PUBLIC_URL: 'http://localhost:3000',
  LOG_ORIGIN: logOrigin,
  LOG_SIGNER_SEED: logSignerSeed,
  LOG_VKEY: await logKey({ logOrigin, logSignerSeed }),
  PROMISE_SEED: seed(),
  TOKEN_SECRET: seed(),
  WEB_SECRET: seed(),
  POSTGRES_PASSWORD: password(),
  OWNER_PASSWORD: password(),
  SERVER_PASSWORD: password(),
  SEQUENCER_PASSWORD: password(),
  ERASURE_PASSWORD: password(),
  MINIO_ROOT_PASSWORD: password(),
  S3_ACCESS_KEY: 'segel',
  S3_SECRET_KEY: password(),
  CLOCK_SOURCES: 'ntp://0.pool.ntp.org,ntp://1.pool.ntp.org,ntp://2.pool.ntp.org',
  // localhost is another machine within the worker's container; empty it once PUBLIC_URL is a real address.
  PROBE_URL: 'http://web:8080',
  RETENTION_DAYS: '365',
  SMTP_URL: 'smtp://mail.example:587',
  MAIL_FROM: 'Segel <segel@example.org>',
  BOOTSTRAP_OPERATORS: '',
};
const text = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
// `wx`: an existing file is never overwritten, its log could not be continued.
await fs.writeFile(inRoot('docker/.env'), text.join(''), { flag: 'wx', mode: 0o600 });
console.log(
  'docker/.env is written. Look at PUBLIC_URL, CLOCK_SOURCES, SMTP_URL, MAIL_FROM, BOOTSTRAP_OPERATORS and RETENTION_DAYS in it.',
);
