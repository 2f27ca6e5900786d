/** A plain file server over a folder, as strangers put one up: no listing, 404 for what is not there. For the specs. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';

export type StaticServer = {
  readonly url: string;
  /** Paths asked for. */
  readonly asked: string[];
  /** Serves another folder from now on. */
  readonly serve: (folder: string) => void;
  readonly stop: () => Promise<void>;
};

export async function serveFolder(first: string): Promise<StaticServer> {
  let folder = first;
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url!, 'http://host').pathname);
    asked.push(path);
    readFile(join(folder, path)).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end('not here'),
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    serve: (other) => void (folder = other),
    stop: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(() => done()));
    },
  };
}
