/** A page that has nothing but the sealing worker, under the policy of the bid page, in front of a real server: the web
 *  server, or the API itself, with the session of one vendor. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, request as send, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The same whether this runs as a source or compiled. */
const root = path.resolve(import.meta.dirname, '../..').replace(/\/dist$/, '');
export const assets = path.join(root, 'dist', 'web-assets');

const CSP =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** The file of an entry, by Vite's manifest. */
export function assetOf(entry: string): string {
  const manifest = JSON.parse(readFileSync(path.join(assets, 'manifest.json'), 'utf8')) as Record<
    string,
    { readonly file: string }
  >;
  return manifest[entry]!.file;
}

const CLIENT = 'apps/web/src/islands/sealing/sealing-client.ts';
const script = (formToken: string): string => `import { SealingClient } from '/assets/${assetOf(CLIENT)}';
globalThis.said = [];
globalThis.sealing = new SealingClient({
  onProgress: (phase, done, total) => said.push({ phase, done, total, at: performance.now() }),
  onWarning: (warning) => said.push({ warning }),
}, '${formToken}');
globalThis.ready = true;`;

export class SealingPage {
  /** Bytes of parts that came from the browser. */
  uploaded = 0;
  /** Of parts, from the browser. */
  bytesPerSecond = Infinity;
  /** Goes before the worker's own code: a browser whose disk or memory does something else. */
  beforeWorker = '';
  /** What the server says, changed on the way to the browser. */
  alter: (path: string, body: string) => string = (_, body) => body;
  readonly requests: string[] = [];
  readonly #files = new Map<string, Uint8Array>();
  readonly #server: Server;

  private constructor(
    readonly target: string,
    private readonly session: Readonly<Record<string, string>>,
    private readonly formToken: string,
  ) {
    this.#server = createServer((request, response) => {
      this.answer(request, response).catch(() => response.destroy());
    });
  }

  /** Before the API, which knows tokens only. */
  static async open(api: string, token: string): Promise<SealingPage> {
    return SealingPage.listening(new SealingPage(api, { authorization: `Bearer ${token}` }, ''));
  }

  /** Before the web server, as a browser that signed in there. */
  static async behind(web: string, token: string): Promise<SealingPage> {
    const cookie = `segel=${token}; segel-form=${randomUUID()}`;
    const account = await (await fetch(`${web}/akun`, { headers: { cookie } })).text();
    const formToken = /name="_form" value="([^"]+)"/.exec(account)?.[1];
    if (formToken === undefined) throw new Error('the account page shows no form');
    return SealingPage.listening(new SealingPage(web, { cookie }, formToken));
  }

  private static async listening(page: SealingPage): Promise<SealingPage> {
    await new Promise<void>((done) => page.#server.listen(0, '127.0.0.1', done));
    return page;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** A file that the person at the browser has. */
  addFile(name: string, bytes: Uint8Array): void {
    this.#files.set(`/files/${name}`, bytes);
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((done) => this.#server.close(() => done()));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url!;
    if (url === '/') {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': CSP });
      response.end('<!doctype html><title>Sealing</title><script type="module" src="/page.js"></script>');
    } else if (url === '/page.js') this.script(response, script(this.formToken));
    else if (url === '/favicon.ico') response.writeHead(204).end();
    else if (url.startsWith('/assets/')) {
      const code = await readFile(path.join(assets, path.basename(url)), 'utf8');
      this.script(response, url.includes('-worker') ? this.beforeWorker + code : code);
    } else if (this.#files.has(url)) response.end(this.#files.get(url));
    else this.pass(request, response);
  }

  private script(response: ServerResponse, code: string): void {
    response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8', 'content-security-policy': CSP });
    response.end(code);
  }

  /** To the server, with the vendor's session. */
  private pass(request: IncomingMessage, response: ServerResponse): void {
    const { method, url = '', headers } = request;
    this.requests.push(`${method} ${url}`);
    const { host: _, ...kept } = headers;
    const upstream = send(`${this.target}${url}`, { method, headers: { ...kept, ...this.session } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const { 'transfer-encoding': __, 'content-length': ___, ...given } = answer.headers;
        response.writeHead(answer.statusCode!, given);
        const body = Buffer.concat(chunks);
        response.end(/\/api\//.test(url) && body.length > 0 ? this.alter(url, body.toString()) : body);
      });
    });
    upstream.on('error', () => response.destroy());
    response.on('close', () => upstream.destroy());
    void this.carry(request, upstream, url.includes('/uploads/'));
  }

  private async carry(request: IncomingMessage, upstream: ReturnType<typeof send>, counted: boolean): Promise<void> {
    try {
      for await (const chunk of request as AsyncIterable<Buffer>) {
        if (counted) this.uploaded += chunk.length;
        upstream.write(chunk);
        if (counted && this.bytesPerSecond !== Infinity) await sleep((chunk.length * 1000) / this.bytesPerSecond);
      }
      upstream.end();
    } catch {
      // The page is gone: what came so far is the server's.
      upstream.destroy();
    }
  }
}
