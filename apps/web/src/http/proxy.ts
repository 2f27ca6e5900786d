/** One origin: what is not a page goes on to the API, byte for byte, as it comes. Nothing is held in memory and nothing
 *  is limited here; the API has its own limits. */
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
  return {
    handle: (incoming, outgoing) =>
      pass({ api, agent, headers: headersOf(incoming, sessions, trusted) }, incoming, outgoing),
    close: () => agent.destroy(),
  };
}

type Way = { readonly api: URL; readonly agent: Agent; readonly headers: readonly string[] };

function pass(way: Way, incoming: IncomingMessage, outgoing: ServerResponse, again = false): void {
  const { api, agent, headers } = way;
  const { method = 'GET', url = '/' } = incoming;
  const upstream = request(
    { host: api.hostname, port: api.port || 80, method, path: url, agent, headers: [...headers] },
    (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.statusMessage ?? '', passedOn(answer.rawHeaders));
      // An event stream sends its head long before its first event.
      outgoing.flushHeaders();
      answer.pipe(outgoing);
      answer.once('error', () => outgoing.destroy());
    },
  );
  upstream.once('error', () => {
    // The API closed a connection it had kept open just as this request went out: nothing was read of it.
    const repeatable = upstream.reusedSocket && (method === 'GET' || method === 'HEAD') && !outgoing.headersSent;
    if (repeatable && !again) return pass(way, incoming, outgoing, true);
    fail(outgoing);
  });
  // A client that goes away must not leave the API waiting: what arrived of an upload is kept, the rest comes later.
  outgoing.once('close', () => outgoing.writableFinished || upstream.destroy());
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

function headersOf(incoming: IncomingMessage, sessions: Sessions, trusted: readonly string[]): string[] {
  const headers = passedOn(incoming.rawHeaders);
  const peer = (incoming.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  const before = trusted.includes(peer) ? incoming.headers['x-forwarded-for'] : undefined;
  // Said outright: by itself node frames no body of a GET.
  if (incoming.headers['transfer-encoding'] !== undefined) headers.push('transfer-encoding', 'chunked');
  headers.push('x-forwarded-for', before === undefined ? peer : `${String(before)}, ${peer}`);
  if (incoming.headers.authorization !== undefined) return headers;
  const token = sessions.tokenFor(incoming);
  if (token !== undefined) headers.push('authorization', `Bearer ${token}`);
  return headers;
}

function fail(outgoing: ServerResponse): void {
  if (outgoing.headersSent) return void outgoing.destroy();
  const detail = 'The service behind this address does not answer. Try again in a moment.';
  const body = {
    type: 'urn:segel:problem:unavailable',
    title: 'unavailable',
    status: 502,
    code: 'unavailable',
    detail,
  };
  outgoing.writeHead(502, { 'content-type': 'application/problem+json', 'retry-after': '5' });
  outgoing.end(JSON.stringify(body));
}
