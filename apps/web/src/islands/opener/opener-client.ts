/** The page's side of the worker of openers and auditors. */
import { WorkerClient } from '../worker-client.js';
import type { Acts, OpenerEvent } from './messages.js';
import address from './opener-worker.ts?worker&url';

export type OpenerClient = WorkerClient<Acts, OpenerEvent>;

/** @param formToken the token of the page's forms: without it the web server passes on no act of a session */
export const openerClient = (formToken: string, onEvent?: (event: OpenerEvent) => void): OpenerClient =>
  new WorkerClient<Acts, OpenerEvent>(address, formToken, onEvent);
