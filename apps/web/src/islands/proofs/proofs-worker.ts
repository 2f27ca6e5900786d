/** The worker that checks proofs: it reads public files of the log, or nothing at all, and holds no secret. */
import { httpLogSource, type LogSource } from '@segel/acts';
import { verdicts as en } from '../../words/en/auditing.js';
import { verdicts as id } from '../../words/id/auditing.js';
import type { RequestOf } from '../worker-client.js';
import { serve } from '../worker-side.js';
import { examineEntry } from './entry.js';
import type { Acts } from './messages.js';
import { examinePromise } from './promise.js';
import { examineReceipt } from './receipt.js';

const WORDS = { id, en };
const TIMEOUT_MS = 30_000;
// Without a session: a proof for one person must be one for everybody.
const logAt = (address: string): LogSource =>
  httpLogSource(address, (url) => fetch(url, { credentials: 'omit', signal: AbortSignal.timeout(TIMEOUT_MS) }));

async function answer(request: RequestOf<Acts>): Promise<Acts[keyof Acts]['result']> {
  switch (request.act) {
    case 'words':
      return WORDS[request.given];
    case 'receipt':
      return examineReceipt(request.given.text, request.given.policy);
    case 'promise':
      return examinePromise(request.given.text, logAt(request.given.log), request.given.policy);
    case 'entry':
      return examineEntry(logAt(request.given.log), request.given);
  }
}

serve<Acts, never>(answer);
