/** What an act asks of the program that runs it: a server to talk to, and time. */

/** A server as one person sees it; the programs bring their own way to it. Answers that say no are thrown as ApiProblem,
 *  silence as NetworkError. */
export type Api = {
  readonly get: <T>(path: string) => Promise<T>;
  /** Every row of a list, page after page. */
  readonly list: <T>(path: string) => Promise<readonly T[]>;
  readonly bytes: (path: string) => Promise<Uint8Array>;
  /** An act, repeated under one idempotency key until an answer comes. */
  readonly post: <T>(path: string, body?: object) => Promise<T>;
  /** An act with bytes that belong to it, as {@link framed}, sent once. */
  readonly postWith: <T>(path: string, body: object, bytes: Uint8Array) => Promise<T>;
  /** The text at a path, or undefined when there is none yet. */
  readonly text: (path: string, timeoutMs?: number) => Promise<string | undefined>;
};

/** Waiting, and milliseconds of a clock that only runs forward. */
export type Pace = { readonly now: () => number; readonly sleep: (ms: number) => Promise<void> };

/** Reports how far a long act has come, in bytes unless it is told otherwise. */
export type Progress = (done: number, total: number, what: string, unit?: 'bytes' | 'entries') => void;

/** The type of a {@link framed} body. */
export const FRAMED = 'application/vnd.segel.framed';

/** A document with bytes in one body: the length of the JSON in four bytes, the JSON, the bytes. */
export function framed(document: object, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(JSON.stringify(document));
  const body = new Uint8Array(4 + json.length + bytes.length);
  new DataView(body.buffer).setUint32(0, json.length);
  body.set(json, 4);
  body.set(bytes, 4 + json.length);
  return body;
}
