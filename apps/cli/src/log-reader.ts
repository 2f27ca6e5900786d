/** Opening a published log with Node's own cryptography. */
import { readLog, type LogReader } from '@segel/acts';
import type { Policy } from '@segel/tlog';
import { logSource } from './log-source.js';
import { sha256WithNode, verifyWithNode } from './primitives.js';

export type OpenLogOptions = {
  /** Replaces fetch, e.g. in tests. */
  readonly fetch?: typeof fetch;
  /** Read at this checkpoint (its note) instead of the newest one. */
  readonly checkpoint?: string;
};

/** Opens the log at a URL (`https://host/log`) or in a folder, as readLog of libs/acts does. */
export function openLog(base: string, policy: Policy, options: OpenLogOptions = {}): Promise<LogReader> {
  const { checkpoint, fetch: get } = options;
  const primitives = { verify: verifyWithNode, sha256: sha256WithNode };
  return readLog(logSource(base, get), policy, { checkpoint, ...primitives });
}
