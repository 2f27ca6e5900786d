import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/** A port of this machine that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** The text at an address, which may need some seconds until it answers. */
export async function textOf(url: string): Promise<string> {
  for (let attempt = 0; attempt < 1200; attempt++) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok === true) return response.text();
    await setTimeout(50);
  }
  throw new Error(`${url} does not answer`);
}
