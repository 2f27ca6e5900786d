/** The order in which requests about an upload came. Whose a request is and whether it may, the database says first;
 *  meanwhile nobody overtakes it. After a cut the sender asks on another line how much has come: answered before the
 *  request that still holds the bytes, that question would have them sent twice. */
import type { FastifyInstance } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** So long at most a request waits for one that came before it to queue for the upload. */
const PATIENCE_MS = 10_000;

type Place = { readonly before: Promise<unknown>; readonly leave: () => void };

const places = new WeakMap<IncomingMessage, Place>();

/** Notes each request of the tus protocol when it comes, before anything is known about it. */
export function keepOrder(server: FastifyInstance): void {
  const last = new Map<string, Promise<void>>();
  server.addHook('onRequest', ({ raw }, _reply, done) => {
    const { headers, url } = raw;
    if (headers['tus-resumable'] !== undefined) {
      // Who does not know another's token cannot make him wait.
      const key = `${headers.authorization ?? ''} ${url ?? ''}`;
      const before = last.get(key) ?? Promise.resolve();
      let leave: () => void = () => undefined;
      const left = new Promise<void>((resolve) => (leave = resolve));
      last.set(key, left);
      void left.then(() => last.get(key) === left && last.delete(key));
      places.set(raw, { before, leave });
    }
    done();
  });
  // Refused before it queued. That the line is closed says nothing: the bytes of a cut one still wait to be written.
  server.addHook('onSend', ({ raw }, _reply, _payload, done) => {
    leavePlace(raw);
    done();
  });
}

/** Resolves when those that came before have queued for the upload, or will not. */
export async function inOrder(message: IncomingMessage): Promise<void> {
  const place = places.get(message);
  if (place === undefined) return;
  const late = new AbortController();
  const patience = sleep(PATIENCE_MS, undefined, { signal: late.signal }).catch(() => undefined);
  await Promise.race([place.before, patience]);
  late.abort();
}

/** The request has queued for the upload: the next may. */
export function leavePlace(message: IncomingMessage): void {
  places.get(message)?.leave();
}
