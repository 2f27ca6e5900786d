/** The page's side of the worker that checks proofs. */
import { WorkerClient } from '../worker-client.js';
import type { Acts } from './messages.js';
import address from './proofs-worker.ts?worker&url';

export const proofsClient = (): WorkerClient<Acts> => new WorkerClient<Acts>(address, '');
