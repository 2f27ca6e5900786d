/** Wrong input, on every route of the interface: a problem document with a code, and nothing left behind. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidV7 } from '@segel/encoding';
import { ROLES } from '@segel/procurement';
import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { startHarness, type Answer, type Harness, type Person } from './support/harness.js';

type Operation = { readonly method: string; readonly path: string; readonly json: boolean; readonly required: boolean };
type OpenApi = {
  readonly paths: Record<string, Record<string, { requestBody?: { content: object; required?: boolean } }>>;
};

describe('wrong input', () => {
  let harness: Harness;
  let everybody: Person;
  let operations: readonly Operation[];
  const tenderId = uuidV7(Date.parse('2026-12-01T00:00:00Z'), new Uint8Array(randomBytes(10)));

  beforeAll(async () => {
    harness = await startHarness();
    const organisationId = await harness.organisation('buyer', 'Buyer');
    // Somebody whom no guard keeps out: what is refused here is refused for its shape or by a rule.
    everybody = await harness.person(
      ...ROLES.flatMap((role) => [
        { role, organisationId },
        { role, organisationId, tenderId },
      ]),
    );
    const { body } = await harness.get<OpenApi>('/api/openapi.json');
    operations = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { requestBody }]) => ({
        method: method.toUpperCase(),
        path: path
          .replaceAll('{tenderId}', tenderId)
          .replaceAll(/\{sha256[A-Za-z]*\}/g, 'ab'.repeat(32))
          .replaceAll(/\{(version|position)\}/g, '1')
          .replaceAll(/\{[A-Za-z0-9]+\}/g, tenderId),
        json: requestBody !== undefined && 'application/json' in requestBody.content,
        required: requestBody?.required === true,
      })),
    );
  });
  afterEach(() => harness.verifyLog());
  afterAll(() => harness.stop());

  /** Rows of every table but the trail of refusals, the log and the jobs. */
  async function rows(): Promise<Record<string, number>> {
    const tables = await harness.owner.query<{ name: string }>(
      "SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1",
    );
    const counts: Record<string, number> = {};
    for (const { name } of tables.rows) {
      const where =
        name === 'trail'
          ? "WHERE type NOT IN ('refusal.recorded', 'access.denied', 'secret.read', 'log.heartbeat', 'bid.refused')"
          : '';
      const { rows: count } = await harness.owner.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM ${name} ${where}`,
      );
      counts[name] = count[0]!.n;
    }
    return counts;
  }

  /** A body exactly as it is written. */
  async function sendText({ method, path }: Operation, text: string): Promise<Answer> {
    const body = new TextEncoder().encode(text);
    return harness.call(method, path, { as: everybody, body, headers: { 'content-type': 'application/json' } });
  }

  const bodies = (): readonly Operation[] => operations.filter(({ json, method }) => json && method !== 'GET');

  async function refusedEverywhere(send: (operation: Operation) => Promise<Answer>): Promise<void> {
    const before = await rows();
    for (const operation of bodies()) {
      const { status, headers, body } = await send(operation);
      const seen = `${operation.method} ${operation.path}: ${status} ${headers.get('content-type')} ${String(body['code'])}`;
      expect(seen).toMatch(/: 4\d\d application\/problem\+json(; charset=utf-8)? [a-z_]+$/);
    }
    expect(await rows()).toEqual(before);
  }

  it('covers the routes that take a body', () => {
    expect(bodies().length).toBeGreaterThan(25);
  });

  it('refuses an unknown field', () =>
    refusedEverywhere(({ method, path }) => harness.call(method, path, { as: everybody, body: { surprise: 1 } })));

  it('refuses a body of another type', () =>
    refusedEverywhere(({ method, path }) => harness.call(method, path, { as: everybody, body: [1, 2, 3] })));

  it('refuses broken JSON', () => refusedEverywhere((operation) => sendText(operation, '{"a": ')));

  it('refuses a body over the limit, before reading it all', () =>
    refusedEverywhere(async ({ method, path }) =>
      harness.call(method, path, { as: everybody, body: { text: 'x'.repeat(1_200_000) } }),
    ));

  it('refuses text that is no Unicode', () =>
    refusedEverywhere((operation) => sendText(operation, '{"a": "\\ud800"}')));

  it('refuses keys that would reach into objects', () =>
    refusedEverywhere((operation) => sendText(operation, '{"__proto__": {"roles": []}, "constructor": 1}')));

  it('answers with a problem where the path is not one', async () => {
    for (const [method, path] of [
      ['GET', '/api/tenders/not-a-uuid'],
      ['GET', '/api/nothing'],
      ['POST', '/api/nothing'],
      ['GET', '/api/tenders/%ff'],
      ['GET', `/api/tenders/${'a'.repeat(3000)}`],
      ['DELETE', '/api/tenders'],
    ] as const) {
      const { status, body, headers } = await harness.call(method, path, { as: everybody });
      expect([
        path,
        status >= 400 && status < 500,
        headers.get('content-type')?.startsWith('application/problem+json'),
        typeof body['code'],
      ]).toEqual([path, true, true, 'string']);
    }
  });

  it('refuses a token that is forged, unsigned, of another secret or none at all', async () => {
    const [header, payload] = everybody.token.split('.') as [string, string];
    const none = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${payload}.`;
    for (const token of ['x', none, `${header}.${payload}.${'A'.repeat(43)}`, '']) {
      const { status, body } = await harness.call('GET', '/api/me', { headers: { authorization: `Bearer ${token}` } });
      expect([token.slice(0, 8), status, body['code']]).toEqual([token.slice(0, 8), 401, 'not_signed_in']);
    }
  });

  it('survives requests that are no HTTP', async () => {
    const { port, hostname } = new URL(harness.url);
    const status = await new Promise<number>((resolve) => {
      const sent = request(
        {
          host: hostname,
          port,
          path: '/api/tenders',
          method: 'POST',
          headers: { 'content-length': '5', 'content-type': 'application/json' },
        },
        (response) => resolve(response.statusCode ?? 0),
      );
      sent.on('error', () => resolve(0));
      sent.end('12345');
    });
    expect([400, 401, 0]).toContain(status);
    expect((await harness.get('/api/health')).status).toBe(200);
  });
});
