/** The witness over HTTP (C2SP tlog-witness): add-checkpoint, and what it says of itself. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { utf8Text } from '@segel/encoding';
import { parseVkey, witnessKeyOf } from '@segel/tlog';
import { Refused } from './add-checkpoint.js';
import { loadSeed, verifyWithNode } from './keys.js';
import { WitnessState } from './state.js';
import { Witness } from './witness.js';

const MAX_BODY_BYTES = 64 * 1024;
const MAX_CONNECTIONS = 256;
const STOP_MS = 2000;

/** How to start a witness. `seed` (32 bytes) is read from or made in `dataDir` when not given; `logs` are vkeys;
 *  `port` 0 takes any; `prefix` is a path before the end points; `now` gives milliseconds since 1970. */
export type WitnessOptions = {
  readonly name: string;
  readonly seed?: Uint8Array;
  readonly dataDir: string;
  readonly logs: readonly string[];
  readonly port?: number;
  readonly host?: string;
  readonly prefix?: string;
  readonly now?: () => number;
  readonly report?: (line: string) => void;
};

/** A running witness: its submission prefix, its vkey, and how to stop it. */
export type RunningWitness = { readonly url: string; readonly vkey: string; readonly close: () => Promise<void> };

/** Starts a witness and resolves once it listens. Throws when its folder, a key or the port is not usable. */
export async function startWitness(options: WitnessOptions): Promise<RunningWitness> {
  const { name, dataDir, port = 0, host = '127.0.0.1', prefix = '', now = Date.now } = options;
  const report = options.report ?? ((line: string) => process.stderr.write(`${line}\n`));
  const key = { name, seed: options.seed ?? loadSeed(join(dataDir, 'witness.key')) };
  const verifier = witnessKeyOf(key);
  const logs = options.logs.map(parseVkey);
  if (logs.length === 0) throw new Error('a witness needs the vkey of at least one log');
  const state = new WitnessState(dataDir, verifier, verifyWithNode);
  const witness = new Witness({ key, logs, state, verify: verifyWithNode, now, report });
  const routes: Routes = {
    [`POST ${prefix}/add-checkpoint`]: async (request) => text(200, await witness.addCheckpoint(await bodyOf(request))),
    [`GET ${prefix}/vkey`]: () => text(200, `${verifier.vkey}\n`),
    [`GET ${prefix}/health`]: () => json({ name, vkey: verifier.vkey, logs: witness.logs() }),
  };
  const server = createServer(
    { requestTimeout: 10_000, headersTimeout: 5_000, keepAliveTimeout: 65_000, connectionsCheckingInterval: 1_000 },
    (request, response) => void answer(routes, request, response, report),
  );
  server.maxConnections = MAX_CONNECTIONS;
  try {
    await listen(server, port, host);
  } catch (error) {
    state.close();
    throw error;
  }
  const close = async (): Promise<void> => {
    await stop(server);
    await witness.idle();
    state.close();
  };
  const shown = host.includes(':') ? `[${host}]` : host;
  return { url: `http://${shown}:${(server.address() as AddressInfo).port}${prefix}`, vkey: verifier.vkey, close };
}

type Reply = { readonly status: number; readonly contentType: string; readonly body: string };
type Routes = Readonly<Record<string, (request: IncomingMessage) => Reply | Promise<Reply>>>;

const text = (status: number, body: string): Reply => ({ status, contentType: 'text/plain; charset=utf-8', body });
const json = (value: object): Reply => ({ status: 200, contentType: 'application/json', body: JSON.stringify(value) });

async function answer(
  routes: Routes,
  request: IncomingMessage,
  response: ServerResponse,
  report: (line: string) => void,
): Promise<void> {
  const { status, contentType, body } = await reply(routes, request, report);
  // What was not read of a refused body must not be taken for the next request.
  if (!request.complete) response.setHeader('Connection', 'close');
  response.writeHead(status, {
    'Content-Type': contentType,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(body);
}

async function reply(routes: Routes, request: IncomingMessage, report: (line: string) => void): Promise<Reply> {
  const path = request.url?.split('?')[0] ?? '';
  const route = Object.hasOwn(routes, `${request.method} ${path}`) ? routes[`${request.method} ${path}`] : undefined;
  if (route === undefined) {
    const known = Object.keys(routes).some((name) => name.endsWith(` ${path}`));
    return known ? text(405, 'another method is needed\n') : text(404, 'not found\n');
  }
  try {
    return await route(request);
  } catch (error) {
    if (error instanceof Refused) return error;
    report(`internal error: ${(error as Error).stack}`);
    return text(500, 'internal error\n');
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) throw new Refused(413, `the body is over ${MAX_BODY_BYTES} bytes\n`);
    chunks.push(chunk);
  }
  try {
    return utf8Text(Buffer.concat(chunks));
  } catch {
    throw new Refused(400, 'malformed request: not UTF-8\n');
  }
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Lets answers under way end, then cuts what is left. */
async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), STOP_MS);
  await closed;
  clearTimeout(cut);
}
