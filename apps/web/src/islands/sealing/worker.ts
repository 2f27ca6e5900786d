/** The sealing worker: takes the page's requests one by one and answers them. Keys, seeds and plaintext never leave it. */
import { ApiProblem, check, CheckFailed, HttpApi, NetworkError } from '@segel/acts';
import { fromBase64 } from '@segel/encoding';
import { Refusal } from '@segel/procurement';
import { SealError } from '@segel/sealing';
import { teller, type Desk } from './desk.js';
import type { Answer, Failure, Place, Request, SealedBid, SubmittedBid } from './messages.js';
import { browserPrimitives, newId } from './primitives.js';
import { seal } from './seal.js';
import type { SealedFile } from './sealed-file.js';
import { send } from './send.js';
import { Shelf, type KeptBid } from './shelf.js';

const say = (answer: Answer): void => self.postMessage(answer);
const now = (): number => performance.now();
const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

const shelf = new Shelf();
const primitives = browserPrimitives();
// The page's form token, by which the web server knows that requests are ours: it is the name this worker was given.
const headers: Readonly<Record<string, string>> = self.name === '' ? {} : { 'x-segel-form': self.name };
const api = new HttpApi({ url: self.location.origin, headers, fetch: (...given) => fetch(...given), newId, sleep });

async function answer(request: Request): Promise<SealedBid | readonly SealedBid[] | SubmittedBid | null> {
  const desk: Desk = {
    api,
    shelf,
    primitives: await primitives,
    pace: { now, sleep },
    tell: teller(request.id, say, now),
  };
  switch (request.act) {
    case 'seal': {
      const bidId = newId();
      return alone(bidId, async () => shown(await found({ ...(await seal(desk, request.given, bidId)) })));
    }
    case 'sealed': {
      const ids = await shelf.list(request.given.tenderId, isIdle);
      const waiting = await Promise.all(ids.map((bidId) => found({ ...request.given, bidId })));
      return Promise.all(waiting.filter(({ bid }) => bid.vendorId === request.given.vendorId).map(shown));
    }
    case 'send':
      return alone(request.given.bidId, async () => {
        const { bid, file } = await found(request.given);
        const sent = await send(desk, bid, { sealed: await file.blob(), policy: request.given.policy });
        const submitted = { ...sent, seedFile: seedFileOf(bid) };
        await shelf.remove(request.given);
        return submitted;
      });
    case 'discard':
      return alone(request.given.bidId, async () => {
        await shelf.remove(request.given);
        return null;
      });
  }
}

async function found(place: Place): Promise<{ readonly bid: KeptBid; readonly file: SealedFile }> {
  const kept = await shelf.find(place);
  check(kept !== undefined, 'no_sealed_bid', 'There is no such sealed bid on this device.');
  return kept;
}

const seedFileOf = ({ seedFile }: KeptBid): Blob => new Blob([Uint8Array.from(fromBase64(seedFile))]);

async function shown({ bid, file }: { readonly bid: KeptBid; readonly file: SealedFile }): Promise<SealedBid> {
  const { tenderId, lotId, bidId, manifestSha256, sealedAt, size, manifest } = bid;
  const files = { kept: file.kept, sealedFile: await file.blob(), seedFile: seedFileOf(bid) };
  return { tenderId, lotId, bidId, manifestSha256, sealedAt, size, manifest, ...files };
}

const lockOf = (bidId: string): string => `segel-bid-${bidId}`;

/** Two tabs must not send or remove one bid at once. Throws CheckFailed `bid_in_other_tab`. */
function alone<T>(bidId: string, act: () => Promise<T>): Promise<T> {
  return navigator.locks.request(lockOf(bidId), { ifAvailable: true }, (lock) => {
    check(lock !== null, 'bid_in_other_tab', 'Another tab works on this bid.');
    return act();
  });
}

const isIdle = (bidId: string): Promise<boolean> =>
  navigator.locks.request(lockOf(bidId), { ifAvailable: true }, (lock) => lock !== null);

/** What a page may know of an error. Anything unforeseen goes by its name only: it could quote what nobody may see. */
function failureOf(error: unknown): Failure {
  if (error instanceof ApiProblem || error instanceof CheckFailed || error instanceof Refusal) {
    const { name, code, message, params } = error;
    return { name, code, message, params, ...(error instanceof ApiProblem ? { status: error.status } : {}) };
  }
  if (error instanceof SealError) return { name: error.name, code: error.code, message: error.message };
  if (error instanceof NetworkError) return { name: error.name, code: 'network', message: error.message };
  const name = error instanceof Error ? error.name : 'Error';
  return { name, code: 'failed', message: `The sealing failed (${name}).` };
}

self.onmessage = ({ data }: MessageEvent<Request>): void => {
  answer(data).then(
    (result) => say({ id: data.id, says: 'result', result }),
    (error: unknown) => say({ id: data.id, says: 'failure', failure: failureOf(error) }),
  );
};
