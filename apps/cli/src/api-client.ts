/** A Segel server for the command line. */
import { HttpApi } from '@segel/acts';
import { newId } from './primitives.js';

export type ApiClientOptions = {
  /** Address of the server, e.g. `https://tenders.example`. */
  readonly url: string;
  readonly token?: string | undefined;
  /** Replaces fetch, e.g. in tests. */
  readonly fetch?: typeof fetch;
  /** Waits between attempts; replaced in tests. */
  readonly sleep?: (ms: number) => Promise<void>;
};

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** A server as one person sees it. */
export class ApiClient extends HttpApi {
  readonly #options: ApiClientOptions;

  constructor(options: ApiClientOptions) {
    super({ fetch, sleep, ...options, newId });
    this.#options = options;
  }

  /** The same server for the person of another session. */
  withToken(token: string | undefined): ApiClient {
    return new ApiClient({ ...this.#options, token });
  }
}
