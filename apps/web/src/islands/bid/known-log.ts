/** What this browser remembers of the server's log: its policy and the last checkpoint, since the first bid. The first
 *  time the server is believed; after that a server that changes the policy, or shows an older or another log, is found
 *  out. Who wants to choose the policy from the beginning uses the command line. */
import { ActFailed } from '../worker-client.js';

export type KnownLog = { readonly policy: string; readonly checkpoint: string; readonly since: string };

const PLACE = 'segel-log';

export function knownLog(): KnownLog | undefined {
  try {
    return JSON.parse(localStorage.getItem(PLACE) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}

/** The policy to judge the log by. Throws ActFailed `policy_changed` when the server has another one than it had. */
export async function trustedPolicy(): Promise<string> {
  const policy = await policyNow();
  const known = knownLog();
  if (known === undefined || known.policy === policy) return policy;
  throw new ActFailed({ name: 'CheckFailed', code: 'policy_changed', message: 'The log policy changed.' });
}

async function policyNow(): Promise<string> {
  const answer = await fetch('/log/policy', { cache: 'no-store' }).catch(() => undefined);
  if (answer?.ok === true) return answer.text();
  throw new ActFailed({ name: 'NetworkError', code: 'network', message: 'The log policy could not be read.' });
}

/** Remembers the log under which a bid was sealed. A browser that keeps nothing meets it for the first time again. */
export function remember(policy: string, checkpoint: string): void {
  const since = knownLog()?.since ?? new Date().toISOString();
  try {
    localStorage.setItem(PLACE, JSON.stringify({ policy, checkpoint, since } satisfies KnownLog));
  } catch {
    // A private window.
  }
}

/** The person was told by others that the change is right. */
export const forgetLog = (): void => localStorage.removeItem(PLACE);
