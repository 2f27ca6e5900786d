/** Starts the worker whose text lies in the page: from a disk nothing else can be loaded. */
import { part } from '../page-data.js';
import type { SealingEvent } from '../sealing/messages.js';
import type { OfflineActs } from '../sealing/offline-messages.js';
import { WorkerClient } from '../worker-client.js';

type Policy = { createScriptURL(address: string): string };
type Factory = { createPolicy(name: string, rules: Policy): Policy };

const rules: Policy = {
  createScriptURL(address) {
    if (address.startsWith('blob:')) return address;
    throw new TypeError('only the worker of this page runs here');
  },
};
const factory = (globalThis as { readonly trustedTypes?: Factory }).trustedTypes;
const policy = factory === undefined ? rules : factory.createPolicy('segel', rules);

function start(): Worker {
  const text = part('sealing-program', HTMLScriptElement).textContent ?? '';
  const address = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  return new Worker(policy.createScriptURL(address));
}

export const sealingWorker = (onEvent: (event: SealingEvent) => void): WorkerClient<OfflineActs, SealingEvent> =>
  new WorkerClient<OfflineActs, SealingEvent>(start, '', onEvent);
