/** Requests to a Segel server: bearer token, problem details as errors, repeated when the network fails. The fetch is the
 *  program's. */
import { FRAMED, framed, type Api } from './api.js';
import { ApiProblem, NetworkError, problemOf } from './failure.js';

export type HttpApiOptions = {
  /** Address of the server, e.g. `https://tenders.example`. */
  readonly url: string;
  /** Undefined where the browser's own cookie says who asks. */
  readonly token?: string | undefined;
  /** Sent with every request: a page's proof that it is ours, where a cookie says who asks. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly fetch: typeof fetch;
  /** A fresh UUIDv7 for each act. */
  readonly newId: () => string;
  /** Waits between attempts. */
  readonly sleep: (ms: number) => Promise<void>;
};

type Call = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: string | Uint8Array<ArrayBuffer> | undefined;
  readonly contentType?: string;
  /** The same key on every attempt, so that an act whose answer was lost is not done twice. */
  readonly idempotencyKey?: string;
  readonly timeoutMs?: number;
};

const ATTEMPTS = 5;
const TIMEOUT_MS = 60_000;
/** A proxy without a server behind it: nothing was done, asking again may help. */
const TEMPORARY = new Set([502, 503, 504]);

/** A server as one person sees it. */
export class HttpApi implements Api {
  readonly url: string;
  readonly #options: HttpApiOptions;

  constructor(options: HttpApiOptions) {
    this.url = options.url.replace(/\/+$/, '');
    this.#options = options;
  }

  get signedIn(): boolean {
    return this.#options.token !== undefined;
  }

  /** Where a path of the server is, for requests that are not made here. */
  address(path: string): string {
    return `${this.url}${path}`;
  }

  /** What says who asks. */
  get authorization(): Readonly<Record<string, string>> {
    const { token, headers = {} } = this.#options;
    return token === undefined ? headers : { ...headers, authorization: `Bearer ${token}` };
  }

  sleep(ms: number): Promise<void> {
    return this.#options.sleep(ms);
  }

  async get<T>(path: string): Promise<T> {
    return json<T>(await this.#send({ method: 'GET', path }));
  }

  /** Every row of a list, page after page. */
  async list<T>(path: string): Promise<readonly T[]> {
    const rows: T[] = [];
    let after: string | undefined;
    do {
      const page = after === undefined ? path : `${path}${path.includes('?') ? '&' : '?'}after=${after}`;
      const answer = await this.get<readonly T[] | { readonly items: readonly T[]; readonly next?: string }>(page);
      const items = 'items' in answer ? answer.items : answer;
      rows.push(...items);
      after = 'items' in answer ? answer.next : undefined;
    } while (after !== undefined);
    return rows;
  }

  /** The text at a path, or undefined when there is none (404, 202 or 204): asked for receipts. */
  async text(path: string, timeoutMs = TIMEOUT_MS): Promise<string | undefined> {
    try {
      const response = await this.#send({ method: 'GET', path, timeoutMs });
      return response.status === 200 ? await response.text() : undefined;
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 404) return undefined;
      throw error;
    }
  }

  async bytes(path: string): Promise<Uint8Array> {
    return new Uint8Array(await (await this.#send({ method: 'GET', path })).arrayBuffer());
  }

  /** An act. It is repeated under one idempotency key until an answer comes or the attempts end. */
  async post<T>(path: string, body: object = {}): Promise<T> {
    return json<T>(
      await this.#send({
        method: 'POST',
        path,
        body: JSON.stringify(body),
        contentType: 'application/json',
        idempotencyKey: this.#options.newId(),
      }),
    );
  }

  /** An act with bytes that belong to it, in one body. Sent once: who cannot send it whole has other ways. */
  async postWith<T>(path: string, body: object, bytes: Uint8Array): Promise<T> {
    const call = { body: framed(body, bytes), contentType: FRAMED, idempotencyKey: this.#options.newId() };
    return json<T>(await this.#send({ method: 'POST', path, ...call }, 1));
  }

  async put<T>(path: string, body: object): Promise<T> {
    const call = { body: JSON.stringify(body), contentType: 'application/json', idempotencyKey: this.#options.newId() };
    return json<T>(await this.#send({ method: 'PUT', path, ...call }));
  }

  /** Bytes under their own hash: doing it twice is doing it once. */
  async putBytes(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#send({ method: 'PUT', path, body: bytes, contentType: 'application/octet-stream' });
  }

  async postBytes<T>(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<T> {
    const call = { body: bytes, contentType: 'application/octet-stream', idempotencyKey: this.#options.newId() };
    return json<T>(await this.#send({ method: 'POST', path, ...call }));
  }

  async delete(path: string): Promise<void> {
    await this.#send({ method: 'DELETE', path });
  }

  async #send(call: Call, attempts = ATTEMPTS): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      const response = await this.#once(call).catch((error: unknown) => {
        if (attempt === attempts) throw new NetworkError(`${this.url} does not answer`, { cause: error });
      });
      if (response?.ok) return response;
      if (response !== undefined && (attempt === attempts || !TEMPORARY.has(response.status))) {
        throw problemOf(response.status, await response.text());
      }
      // 0.2 s, 0.4 s, 0.8 s, 1.6 s: a restart of the server fits in.
      await this.sleep(100 * 2 ** attempt);
    }
  }

  #once({ method, path, body, contentType, idempotencyKey, timeoutMs = TIMEOUT_MS }: Call): Promise<Response> {
    const { fetch: get } = this.#options;
    return get(`${this.url}${path}`, {
      method,
      headers: {
        ...(contentType === undefined ? {} : { 'content-type': contentType }),
        ...this.authorization,
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      },
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body }),
    });
  }
}

async function json<T>(response: Response): Promise<T> {
  const text = await response.text();
  if (text === '') return undefined as T;
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    throw new NetworkError(`the answer of ${new URL(response.url).host} is not JSON`, { cause: error });
  }
}
