/** What an attacker of this folder can do, and how outsiders look at what became of it. */
import { CheckFailed, type LogReader } from '@segel/acts';
import { parsePolicy, type Policy } from '@segel/tlog';
import type pg from 'pg';
import { ApiClient } from '../../apps/cli/src/api-client.js';
import { openLog } from '../../apps/cli/src/log-reader.js';
import type { Report } from '../../apps/cli/src/verify/report.js';
import { verifyTender } from '../../apps/cli/src/verify/verify-tender.js';
import type { Harness, Person } from '../support/harness.js';

/** A database administrator who turned the triggers off. */
export async function asSuperuser(harness: Harness, work: (client: pg.PoolClient) => Promise<void>): Promise<void> {
  const client = await harness.owner.connect();
  try {
    await client.query('SET session_replication_role = replica');
    await work(client);
  } finally {
    await client.query('SET session_replication_role = DEFAULT');
    client.release();
  }
}

/** One statement of that administrator, which must change something. */
export async function tamper(harness: Harness, sql: string, parameters: readonly unknown[] = []): Promise<void> {
  await asSuperuser(harness, async (client) => {
    const { rowCount } = await client.query(sql, [...parameters]);
    if (rowCount === 0) throw new Error(`nothing was changed by: ${sql}`);
  });
}

/** The policy, which everybody has from somebody else than the operator. */
export async function policyOf(harness: Harness): Promise<Policy> {
  return parsePolicy((await harness.get('/log/policy')).text);
}

/** The public log as an outsider reads it. */
export async function publicLog(harness: Harness): Promise<LogReader> {
  return openLog(`${harness.url}/log`, await policyOf(harness));
}

/** The server as somebody's own client sees it. */
export const clientOf = (harness: Harness, person?: Person): ApiClient =>
  new ApiClient({ url: harness.url, token: person?.token });

/** What `segel verify tender` holds against the tender, as `check/code`, each once. With `as`, an auditor's view. */
export async function tenderErrors(harness: Harness, tenderId: string, as?: Person): Promise<readonly string[]> {
  return errorsOf(await tenderReport(harness, tenderId, as));
}

/** The whole report of `segel verify tender`. */
export async function tenderReport(harness: Harness, tenderId: string, as?: Person): Promise<Report> {
  await harness.published();
  const { text: policy } = await policyOf(harness);
  const signedIn: typeof fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Bearer ${as?.token}`);
    return fetch(input, { ...init, headers });
  };
  return verifyTender({ base: harness.url, tenderId, policy, ...(as && { fetch: signedIn }) });
}

const errorsOf = ({ findings }: Report): readonly string[] => [
  ...new Set(findings.filter(({ severity }) => severity === 'error').map(({ check, code }) => `${check}/${code}`)),
];

/** The code with which a client of apps/cli refuses, or `agreed`. */
export async function refusalOf(work: () => unknown): Promise<string> {
  try {
    await work();
    return 'agreed';
  } catch (error) {
    if (error instanceof CheckFailed) return error.code;
    throw error;
  }
}
