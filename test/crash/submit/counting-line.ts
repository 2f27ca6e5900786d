/** The line between a vendor and the server, which counts what is sent over it. It lives when the server behind it does
 *  not: then it hangs up. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export class CountingLine {
  /** Bytes from the vendor to the server, headers included. */
  sentBytes = 0;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly port: number) {
    this.server = createServer((vendor) => this.join(vendor));
  }

  /** A line to a port of this machine. */
  static async open(url: string): Promise<CountingLine> {
    const line = new CountingLine(Number(new URL(url).port));
    line.server.listen(0, '127.0.0.1');
    await once(line.server, 'listening');
    return line;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(vendor: Socket): void {
    const server = connect(this.port, '127.0.0.1');
    vendor.on('data', (bytes: Buffer) => (this.sentBytes += bytes.length));
    vendor.pipe(server).pipe(vendor);
    for (const [socket, other] of [
      [vendor, server],
      [server, vendor],
    ] as const) {
      this.sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
    }
  }
}
