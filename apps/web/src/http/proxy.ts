/** One origin: what is not a page goes on to the API, byte for byte, as it comes. Nothing is held in memory and nothing
 *  is limited here; the API has its own limits. */
import proxyAddr from '@fastify/proxy-addr';
import { Agent, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Sessions } from './sessions.js';

/** Of one connection, not of the message (RFC 9110 section 7.6.1). A cookie is for pages: the API knows none. */
const NOT_PASSED_ON = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'cookie',
  'x-forwarded-for',
  'x-segel-form',
]);

export const isForApi = (url: string | undefined): boolean => /^\/(api|log)(\/|\?|$)/.test(url ?? '');

export type Proxy = {
  handle(incoming: IncomingMessage, outgoing: ServerResponse): void;
  close(): void;
};

export function proxyTo(api: URL, sessions: Sessions, trusted: readonly string[]): Proxy {
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity, scheduling: 'lifo' });
  const isTrusted = proxyAddr.compile([...trusted]);
  return {
    handle: (incoming, outgoing) => {
      const coding = incoming.headers['transfer-encoding'];
      if (coding !== undefined && coding.toLowerCase() !== 'chunked') return fail(outgoing, UNKNOWN_CODING);
      const token = incoming.headers.authorization === undefined ? sessions.tokenFor(incoming) : undefined;
      const headers = headersOf(incoming, proxyAddr(incoming, isTrusted), token);
      pass({ api, agent, headers, isPrivate: token !== undefined }, incoming, outgoing);
    },
    close: () => agent.destroy(),
  };
}

type Way = {
  readonly api: URL;
  readonly agent: Agent;
  readonly headers: readonly string[];
  /** The answer is for the owner of a session that stands in a cookie: no cache may hand it to another. */
  readonly isPrivate: boolean;
};

function pass(way: Way, incoming: IncomingMessage, outgoing: ServerResponse, again = false): void {
  const { api, agent, headers, isPrivate } = way;
  const { method = 'GET', url = '/' } = incoming;
  const upstream = request(
    { host: api.hostname, port: api.port || 80, method, path: url, agent, headers: [...headers] },
    (answer) => {
      const head = passedOn(answer.rawHeaders);
      if (isPrivate && answer.headers['cache-control'] === undefined) head.push('cache-control', 'private, no-store');
      outgoing.writeHead(answer.statusCode ?? 502, answer.statusMessage ?? '', head);
      // An event stream sends its head long before its first event.
      outgoing.flushHeaders();
      answer.pipe(outgoing);
      answer.once('error', () => outgoing.destroy());
    },
  );
  upstream.once('error', () => {
    // The API closed a connection it had kept open just as this request went out: nothing was read of it.
    const isRead = (method === 'GET' || method === 'HEAD') && !hasBody(incoming);
    if (isRead && upstream.reusedSocket && !outgoing.headersSent && !again) return pass(way, incoming, outgoing, true);
    fail(outgoing, AWAY);
  });
  // A client that goes away must not leave the API waiting: what arrived of an upload is kept, the rest comes later.
  outgoing.once('close', () => outgoing.writableFinished || upstream.destroy());
  // Nor one that had its answer and never sends the rest.
  incoming.once('close', () => incoming.complete || upstream.destroy());
  // What has no framing has no body: bytes after such a head would be read as the next request of this connection.
  if (hasBody(incoming)) incoming.pipe(upstream);
  else upstream.end();
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;

function passedOn(raw: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2)
    if (!NOT_PASSED_ON.has(raw[i]!.toLowerCase())) kept.push(raw[i]!, raw[i + 1]!);
  return kept;
}

/** The API is told one address, the client's as we believe it: who may be believed is decided in one place. */
function headersOf(incoming: IncomingMessage, client: string, token: string | undefined): string[] {
  const headers = passedOn(incoming.rawHeaders);
  // Said outright: by itself node frames no body of a GET.
  if (incoming.headers['transfer-encoding'] !== undefined) headers.push('transfer-encoding', 'chunked');
  headers.push('x-forwarded-for', client.replace(/^::ffff:/, ''));
  if (token !== undefined) headers.push('authorization', `Bearer ${token}`);
  return headers;
}

type Failure = { readonly status: number; readonly code: string; readonly detail: string };

const AWAY: Failure = {
  status: 502,
  code: 'unavailable',
  detail: 'The service behind this address does not answer. Try again in a moment.',
};
const UNKNOWN_CODING: Failure = {
  status: 501,
  code: 'request_malformed',
  detail: 'Bodies are taken plain or chunked.',
};

function fail(outgoing: ServerResponse, { status, code, detail }: Failure): void {
  if (outgoing.headersSent) return void outgoing.destroy();
  const body = { type: `urn:segel:problem:${code}`, title: code, status, code, detail };
  const wait = status === 502 ? { 'retry-after': '5' } : { connection: 'close' };
  outgoing.writeHead(status, { 'content-type': 'application/problem+json', ...wait });
  outgoing.end(JSON.stringify(body));
}
