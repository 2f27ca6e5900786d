/** Waiting for a receipt: the server gives it as soon as a quorum of witnesses has seen the entry. */
import type { ApiClient } from '../api-client.js';
import { CheckFailed } from '../problem.js';

/** One wait of the server, and how long the receipt may take altogether: the promise's delay and as much again. */
const WAIT_MS = 20_000;
const PATIENCE_MS = 120_000;

/** The text of a receipt, as soon as the server has it. Throws `receipt_late`: keep the promise, it is the evidence. */
export async function awaitReceipt(client: ApiClient, path: string, patienceMs: number = PATIENCE_MS): Promise<string> {
  const until = performance.now() + patienceMs;
  const separator = path.includes('?') ? '&' : '?';
  for (;;) {
    const asked = performance.now();
    const waitMs = Math.max(0, Math.min(WAIT_MS, Math.floor(until - asked)));
    const text = await client.text(`${path}${separator}waitMs=${waitMs}`, waitMs + 30_000);
    if (text !== undefined && text !== '') return text;
    if (performance.now() >= until)
      throw new CheckFailed('receipt_late', 'There is no receipt yet. The promise is kept; ask again in a minute.');
    // A server that answers at once, not after waitMs, must not be asked in a tight loop.
    if (performance.now() - asked < 500) await new Promise((done) => setTimeout(done, 500));
  }
}
