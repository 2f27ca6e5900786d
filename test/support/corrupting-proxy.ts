/** A line that damages what goes over it: of long runs of one letter, every run has one letter changed. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export type CorruptingProxy = {
  readonly endpoint: string;
  /** How many times something was changed. */
  readonly corrupted: () => number;
  close(): Promise<void>;
};

const RUN = Buffer.alloc(64, 'a');

/** A proxy in front of the server at `target`. Only what the client sends is damaged. */
export async function corruptingProxy(target: string): Promise<CorruptingProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let corrupted = 0;
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    const upstream = keep(connect(Number(port), hostname));
    keep(client).on('data', (chunk: Buffer) => {
      const at = chunk.indexOf(RUN);
      if (at >= 0) {
        chunk[at + 32] = 'b'.charCodeAt(0);
        corrupted++;
      }
      upstream.write(chunk);
    });
    client.on('end', () => upstream.end());
    upstream.pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    corrupted: () => corrupted,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
