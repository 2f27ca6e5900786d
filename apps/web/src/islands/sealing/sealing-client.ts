/** The page's side of the sealing worker. */
import { WorkerClient } from '../worker-client.js';
import type { Acts, Bidder, FreshBid, Phase, Place, SealedBid, SealingEvent, SealRequest } from './messages.js';
import type { CarryRequest, KitRequest, MadeKit, SendOptions, SubmittedBid, Warning } from './messages.js';
import address from './sealing-worker.ts?worker&url';

export type SealingEvents = {
  readonly onProgress?: (phase: Phase, done: number, total: number) => void;
  readonly onWarning?: (warning: Warning) => void;
};

/** Seals and sends bids in a worker that is started with the first act. */
export class SealingClient {
  readonly #worker: WorkerClient<Acts, SealingEvent>;

  /** @param formToken the token of the page's forms: without it the web server passes on no act of a session */
  constructor(events: SealingEvents = {}, formToken = '') {
    this.#worker = new WorkerClient(address, formToken, (event) => {
      if ('warning' in event) events.onWarning?.(event.warning);
      else events.onProgress?.(event.phase, event.done, event.total);
    });
  }

  seal(request: SealRequest): Promise<FreshBid> {
    return this.#worker.ask('seal', request);
  }

  /** The kit of the tender, checked against the log, to be carried to a computer without a network. */
  kit(request: KitRequest): Promise<MadeKit> {
    return this.#worker.ask('kit', request);
  }

  /** Takes in a bid that was sealed elsewhere: from then on it waits here to be sent. */
  carry(request: CarryRequest): Promise<FreshBid> {
    return this.#worker.ask('carry', request);
  }

  /** Sealed bids of a vendor for a tender that were not sent, also those that a closed tab left. Which of them is meant is
   *  the person's to say: the one that is sent is the one that counts. */
  sealed({ tenderId, vendorId }: Bidder): Promise<readonly SealedBid[]> {
    return this.#worker.ask('sealed', { tenderId, vendorId });
  }

  /** Sends what the server has not got yet of the bid, and submits it. May be repeated. */
  send({ tenderId, bidId }: Place, options: SendOptions): Promise<SubmittedBid> {
    return this.#worker.ask('send', { tenderId, bidId, ...options });
  }

  async discard({ tenderId, bidId }: Place): Promise<void> {
    await this.#worker.ask('discard', { tenderId, bidId });
  }

  /** Ends the worker; what is sealed on disk stays. */
  close(): void {
    this.#worker.close();
  }
}
