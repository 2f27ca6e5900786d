/** The sealing worker: takes the page's requests one by one and answers them. Keys, seeds and plaintext never leave it. */
import { check, HttpApi } from '@segel/acts';
import { fromBase64 } from '@segel/encoding';
import type { RequestOf } from '../worker-client.js';
import { pageHeaders, serve } from '../worker-side.js';
import { carry, kitFile } from './carry.js';
import { teller, type Desk } from './desk.js';
import type { Acts, Place, SealedBid, SealingEvent } from './messages.js';
import { browserPrimitives, newId } from './primitives.js';
import { seal } from './seal.js';
import type { SealedFile } from './sealed-file.js';
import { send } from './send.js';
import { Shelf, type KeptBid } from './shelf.js';

const now = (): number => performance.now();
const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

const shelf = new Shelf();
const primitives = browserPrimitives();
const api = new HttpApi({
  url: self.location.origin,
  headers: pageHeaders,
  fetch: (...given) => fetch(...given),
  newId,
  sleep,
});

async function answer(
  request: RequestOf<Acts>,
  say: (event: SealingEvent) => void,
): Promise<Acts[keyof Acts]['result']> {
  const desk: Desk = {
    api,
    shelf,
    primitives: await primitives,
    pace: { now, sleep },
    tell: teller(say, now),
  };
  switch (request.act) {
    case 'seal': {
      const bidId = newId();
      return alone(bidId, async () => {
        const { bid, checkpoint } = await seal(desk, request.given, bidId);
        return { ...(await shown(await found(bid))), checkpoint };
      });
    }
    case 'kit':
      return kitFile(desk, request.given);
    case 'carry': {
      const { bid, checkpoint } = await carry(desk, request.given, alone);
      return { ...(await shown(await found(bid))), checkpoint };
    }
    case 'sealed': {
      const ids = await shelf.list(request.given.tenderId, isIdle);
      const waiting = await Promise.all(ids.map((bidId) => found({ ...request.given, bidId })));
      return Promise.all(waiting.filter(({ bid }) => bid.vendorId === request.given.vendorId).map(shown));
    }
    case 'send':
      return alone(request.given.bidId, async () => {
        const { bid, file } = await found(request.given);
        const { policy, commitFirst = false } = request.given;
        const sent = await send(desk, bid, { sealed: await file.blob(), policy, commitFirst });
        const submitted = { ...sent, ...seedOf(bid) };
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

const seedOf = ({ seedFile }: KeptBid): { readonly seedFile?: Blob } =>
  seedFile === undefined ? {} : { seedFile: new Blob([Uint8Array.from(fromBase64(seedFile))]) };

async function shown({ bid, file }: { readonly bid: KeptBid; readonly file: SealedFile }): Promise<SealedBid> {
  const { tenderId, lotId, bidId, manifestSha256, sealedAt, size, manifest } = bid;
  const files = { kept: file.kept, sealedFile: await file.blob(), ...seedOf(bid) };
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

serve<Acts, SealingEvent>(answer);
