/** The page's side of a worker: asks for one act at a time by name, hears of its progress, and gets what it gave or why
 *  it failed. The worker starts with the first act. */
import { startWorker } from './trusted.js';

/** Of errors only what a page can show or branch on; never a secret. */
export type Failure = {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly status?: number;
  readonly params?: Readonly<Record<string, unknown>>;
};

/** What the acts of a worker are given and give back. */
export type ActsOf<A> = { readonly [K in keyof A]: { readonly given: unknown; readonly result: unknown } };

export type RequestOf<A extends ActsOf<A>> = {
  readonly [K in keyof A]: { readonly id: number; readonly act: K; readonly given: A[K]['given'] };
}[keyof A];

/** `E` is what a worker tells while it works. */
export type AnswerOf<E> =
  | { readonly id: number; readonly says: 'event'; readonly event: E }
  | { readonly id: number; readonly says: 'result'; readonly result: unknown }
  | { readonly id: number; readonly says: 'failure'; readonly failure: Failure };

/** What went wrong in the worker; `code` is stable. */
export class ActFailed extends Error {
  readonly code: string;

  constructor(readonly failure: Failure) {
    super(failure.message);
    this.name = failure.name;
    this.code = failure.code ?? 'failed';
  }
}

export class WorkerClient<A extends ActsOf<A>, E = never> {
  #worker: Worker | undefined;
  #last = 0;
  readonly #open = new Map<number, { done: (result: never) => void; failed: (error: Error) => void }>();

  /** @param address of a worker of ours, or what starts one
   *  @param formToken the token of the page's forms: without it the web server passes on no act of a session */
  constructor(
    private readonly address: string | (() => Worker),
    private readonly formToken: string,
    private readonly onEvent: (event: E) => void = () => undefined,
  ) {}

  ask<K extends keyof A>(act: K, given: A[K]['given']): Promise<A[K]['result']> {
    const worker = (this.#worker ??= this.#start());
    const id = ++this.#last;
    return new Promise((done, failed) => {
      this.#open.set(id, { done, failed });
      worker.postMessage({ id, act, given });
    });
  }

  /** Ends the worker; what it kept on disk stays. */
  close(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#fail('closed');
  }

  #start(): Worker {
    const worker = typeof this.address === 'string' ? startWorker(this.address, this.formToken) : this.address();
    worker.onmessage = ({ data }: MessageEvent<AnswerOf<E>>) => this.#hear(data);
    // A worker that could not be loaded, or ran out of memory.
    worker.onerror = () => {
      worker.terminate();
      // The next act starts another one.
      if (this.#worker === worker) this.#worker = undefined;
      this.#fail('worker_ended');
    };
    return worker;
  }

  #hear(answer: AnswerOf<E>): void {
    if (answer.says === 'event') return this.onEvent(answer.event);
    const waiting = this.#open.get(answer.id);
    this.#open.delete(answer.id);
    if (answer.says === 'result') waiting?.done(answer.result as never);
    else waiting?.failed(new ActFailed(answer.failure));
  }

  #fail(code: string): void {
    const failure = { name: 'ActFailed', code, message: 'The worker ended. What it kept stays on this device.' };
    for (const { failed } of this.#open.values()) failed(new ActFailed(failure));
    this.#open.clear();
  }
}
