/** A client on a bad line: it sends every request until it is answered, under one idempotency key, and writes down what
 *  it was promised. */
import type { Envelope } from '@segel/encoding';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { TestClock } from '../support/clock.js';
import { Harness, type Answer, type Person } from '../support/harness.js';

/** An act the server said yes to. */
export type Acknowledged = {
  readonly route: string;
  readonly as: Person | undefined;
  readonly leafSha256: string;
  /** Of bids and withdrawals. */
  readonly bidId?: string;
  /** Of an opener's release. */
  readonly releaseId?: string;
  readonly promise?: Envelope;
};

/** The servers of a campaign are processes of their own and have the real time. */
export class RealClock extends TestClock {
  override now(): Date {
    return new Date();
  }
}

const PAUSE_MS = 40;
/** After so long without an answer the server does not come back. */
const PATIENCE_MS = 300_000;

/** Work repeated until it succeeds. Throws its last error when that takes too long. */
export async function insistOn<T>(work: () => Promise<T>): Promise<T> {
  for (const until = Date.now() + PATIENCE_MS; ; await sleep(PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() > until) throw error;
    }
  }
}

/** Polls until something is found. */
export async function eventually<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await sleep(PAUSE_MS)) {
    const found = await look().catch(() => undefined);
    if (found !== undefined) return found;
  }
  throw new Error(`${what} did not happen in ${PATIENCE_MS / 1000} s`);
}

export class BadLine extends Harness {
  readonly acknowledged: Acknowledged[] = [];
  /** Hex SHA-256 of the parts the server said it stored. */
  readonly storedParts = new Set<string>();

  override async call<T = Record<string, unknown>>(
    method: string,
    route: string,
    options: { as?: Person | undefined; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Answer<T>> {
    const key: Record<string, string> = method === 'POST' ? { 'idempotency-key': randomUUID() } : {};
    const headers = { ...key, ...options.headers };
    const answer = await insistOn(async () => {
      const given = await super.call<T>(method, route, { ...options, headers });
      if (given.status >= 500) throw new Error(`${method} ${route} was answered ${given.status}: ${given.text}`);
      return given;
    });
    this.writeDown(method, route, options.as, answer);
    return answer;
  }

  private writeDown(
    method: string,
    route: string,
    as: Person | undefined,
    { status, body, headers }: Answer<unknown>,
  ): void {
    if (status >= 300) return;
    // A part in one request: what is acknowledged is all of it.
    if (headers.has('upload-offset')) this.storedParts.add(route.slice(route.lastIndexOf('/') + 1));
    const given = body as Partial<Acknowledged>;
    if (method !== 'POST' || given.leafSha256 === undefined) return;
    const { leafSha256, bidId, releaseId, promise } = given;
    this.acknowledged.push({ route, as, leafSha256, bidId, releaseId, promise } as Acknowledged);
  }
}
