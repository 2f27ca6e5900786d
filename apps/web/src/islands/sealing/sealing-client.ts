/** The page's side of the sealing worker. */
import type { Act, Acts, Answer, Bidder, Failure, Phase, Place } from './messages.js';
import type { SealedBid, SealRequest, SendOptions, SubmittedBid, Warning } from './messages.js';

export type SealingEvents = {
  readonly onProgress?: (phase: Phase, done: number, total: number) => void;
  readonly onWarning?: (warning: Warning) => void;
};

/** What went wrong in the worker; `code` is stable. */
export class SealingFailed extends Error {
  readonly code: string;

  constructor(readonly failure: Failure) {
    super(failure.message);
    this.name = failure.name;
    this.code = failure.code ?? 'failed';
  }
}

/** Seals and sends bids in a worker that is started with the first act. */
export class SealingClient {
  #worker: Worker | undefined;
  #last = 0;
  readonly #open = new Map<number, { done: (result: never) => void; failed: (error: Error) => void }>();

  /** @param formToken the token of the page's forms: without it the web server passes on no act of a session */
  constructor(
    private readonly events: SealingEvents = {},
    private readonly formToken = '',
  ) {}

  seal(request: SealRequest): Promise<SealedBid> {
    return this.#ask('seal', request);
  }

  /** Sealed bids of a vendor for a tender that were not sent, also those that a closed tab left. Which of them is meant is
   *  the person's to say: the one that is sent is the one that counts. */
  sealed({ tenderId, vendorId }: Bidder): Promise<readonly SealedBid[]> {
    return this.#ask('sealed', { tenderId, vendorId });
  }

  /** Sends what the server has not got yet of the bid, and submits it. May be repeated. */
  send({ tenderId, bidId }: Place, { policy }: SendOptions): Promise<SubmittedBid> {
    return this.#ask('send', { tenderId, bidId, policy });
  }

  async discard(bid: Place): Promise<void> {
    await this.#ask('discard', { tenderId: bid.tenderId, bidId: bid.bidId });
  }

  /** Ends the worker; what is sealed on disk stays. */
  close(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#fail('closed');
  }

  #ask<A extends Act>(act: A, given: Acts[A]['given']): Promise<Acts[A]['result']> {
    const worker = (this.#worker ??= this.#start());
    const id = ++this.#last;
    return new Promise((done, failed) => {
      this.#open.set(id, { done, failed });
      worker.postMessage({ id, act, given });
    });
  }

  #start(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: this.formToken });
    worker.onmessage = ({ data }: MessageEvent<Answer>) => this.#hear(data);
    // A worker that could not be loaded, or ran out of memory.
    worker.onerror = () => this.#fail('worker_ended');
    return worker;
  }

  #hear(answer: Answer): void {
    if (answer.says === 'progress') return this.events.onProgress?.(answer.phase, answer.done, answer.total);
    if (answer.says === 'warning') return this.events.onWarning?.(answer.warning);
    const waiting = this.#open.get(answer.id);
    this.#open.delete(answer.id);
    if (answer.says === 'result') waiting?.done(answer.result as never);
    else waiting?.failed(new SealingFailed(answer.failure));
  }

  #fail(code: string): void {
    const failure = { name: 'SealingFailed', code, message: 'The sealing ended. What is sealed stays on this device.' };
    for (const { failed } of this.#open.values()) failed(new SealingFailed(failure));
    this.#open.clear();
  }
}
