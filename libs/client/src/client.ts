/** A fetch over the API's own description: addresses, parameters, bodies and answers are checked by the compiler. */
import type { components, paths } from './schema.js';

export type Schemas = components['schemas'];
export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
/** Addresses that have this method. */
export type PathWith<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, object> ? P : never;
}[keyof paths];

type Operation<P extends keyof paths, M extends Method> = paths[P] extends Record<M, infer O> ? O : never;
type Part<O, K extends string> = O extends { readonly parameters: { readonly [k in K]?: infer V } } ? V : undefined;
type Json<R> = R extends { readonly content: { readonly 'application/json': infer T } }
  ? T
  : R extends { readonly content: { readonly 'text/plain': infer T } }
    ? T
    : undefined;
type Body<O> = O extends { readonly requestBody: { readonly content: { readonly 'application/json': infer T } } }
  ? T
  : undefined;
/** What an operation answers when it succeeds. */
export type Answer<P extends keyof paths, M extends Method> =
  Operation<P, M> extends { readonly responses: infer R } ? Json<R[keyof R & (200 | 201 | 202 | 204)]> : never;

/** What goes with a request; members that the operation requires are required here. */
export type Input<P extends keyof paths, M extends Method> = {
  readonly path?: Part<Operation<P, M>, 'path'>;
  readonly query?: Part<Operation<P, M>, 'query'>;
  readonly body?: Body<Operation<P, M>>;
  /** The bytes of a file, for operations that take one instead of JSON. */
  readonly bytes?: Uint8Array<ArrayBuffer>;
};

/** RFC 9457 problem details; `code` is a refusal code of libs/procurement, or of the framework. */
export type ProblemDocument = {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly errors?: readonly string[];
};

/** The API said no. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(readonly document: ProblemDocument) {
    super(document.detail);
  }
}

/** Sends a request; `fetch` of a browser or of Node. */
export type Send = (url: string, init: RequestInit) => Promise<Response>;

export type Client = {
  /** The answer of one operation. Throws a {@link Problem} when it refuses, and whatever `send` throws. */
  call<M extends Method, P extends PathWith<M>>(method: M, path: P, input?: Input<P, M>): Promise<Answer<P, M>>;
  /** GET, or undefined where there is nothing (404), or nothing yet at this stage (409). */
  find<P extends PathWith<'get'>>(path: P, input?: Input<P, 'get'>): Promise<Answer<P, 'get'> | undefined>;
};

/** A client of the API at `url` that sends these headers with every request. */
export function createClient(url: string, send: Send, headers: Readonly<Record<string, string>> = {}): Client {
  const call: Client['call'] = async (method, path, input = {}) => {
    const { type, body } = sentAs(input);
    const response = await send(url + address(path, input.path ?? {}, input.query ?? {}), {
      method: method.toUpperCase(),
      headers: { ...headers, ...(type === undefined ? {} : { 'content-type': type }) },
      ...(body === undefined ? {} : { body }),
    });
    return (await answerOf(response)) as never;
  };
  const find: Client['find'] = async (path, input) => {
    try {
      return await call('get', path as never, input as never);
    } catch (error) {
      if (error instanceof Problem && [404, 409].includes(error.document.status)) return undefined;
      throw error;
    }
  };
  return { call, find };
}

type Sent = { readonly type?: string; readonly body?: string | Uint8Array<ArrayBuffer> };

function sentAs({ body, bytes }: { readonly body?: unknown; readonly bytes?: Uint8Array<ArrayBuffer> }): Sent {
  if (bytes !== undefined) return { type: 'application/octet-stream', body: bytes };
  return body === undefined ? {} : { type: 'application/json', body: JSON.stringify(body) };
}

/** A path with its parameters in their places, and the query behind it. Absent members are left out. */
export function address(path: string, parameters: object, query: object): string {
  const values = parameters as Readonly<Record<string, unknown>>;
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[name])));
  const entries = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const search = entries
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
    .join('&');
  return search === '' ? filled : `${filled}?${search}`;
}

async function answerOf(response: Response): Promise<unknown> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  const content: unknown = isJson && text !== '' ? JSON.parse(text) : text;
  if (response.ok) return content;
  throw new Problem(problemOf(response.status, content));
}

function problemOf(status: number, content: unknown): ProblemDocument {
  if (typeof content === 'object' && content !== null && 'code' in content) return content as ProblemDocument;
  return { status, code: 'unknown', detail: `The server answered ${status}.` };
}
