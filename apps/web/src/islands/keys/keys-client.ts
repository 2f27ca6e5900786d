/** The page's side of the worker that holds keys. */
import { WorkerClient } from '../worker-client.js';
import type { Acts } from './messages.js';
import address from './keys-worker.ts?worker&url';

/** Keys are unlocked for one act only; nothing is asked of the server. */
export const keysClient = (): WorkerClient<Acts> => new WorkerClient<Acts>(address, '');
