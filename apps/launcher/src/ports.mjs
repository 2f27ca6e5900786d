// Ports: which are free. Another program may take one between the question and its use; callers then fail with a message.
import net from 'node:net';

/** Resolves to true when this port of this address can be listened on now. */
export const isFree = (port, host = '127.0.0.1') =>
  new Promise((resolve) => {
    const server = net.createServer().once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });

/** A port that is free: the preferred one when it is. */
export async function freePort(preferred, host = '127.0.0.1') {
  if (preferred !== undefined && (await isFree(preferred, host))) return preferred;
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    server.listen(0, host, () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
