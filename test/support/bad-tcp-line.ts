/** A TCP line between a client and a server that counts what the client sends, is slow when told, and is cut where told. */
import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export class BadTcpLine {
  /** Bytes from the client that went through, requests' heads included. */
  sent = 0;
  cuts = 0;
  onCut: () => void = () => undefined;
  private cutAt: number[] = [];
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    /** Where the line leads; a new one counts for new connections. */
    public target: string,
    private readonly bytesPerSecond: number,
  ) {}

  static async to(target: string, bytesPerSecond = Infinity): Promise<BadTcpLine> {
    const server = createServer();
    const line = new BadTcpLine(server, target, bytesPerSecond);
    server.on('connection', (socket) => line.join(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return line;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Cuts every connection when so many bytes in all have gone through; each place once. */
  cutAfter(places: readonly number[]): void {
    this.cutAt = places.toSorted((a, b) => a - b);
  }

  cut(): void {
    this.cuts++;
    this.onCut();
    // What was counted as sent gets through.
    for (const socket of this.sockets) socket.destroySoon();
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(client: Socket): void {
    const server = connect(Number(new URL(this.target).port), '127.0.0.1');
    for (const socket of [client, server]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.sockets.delete(socket);
        client.destroy();
        server.destroySoon();
      });
    }
    server.pipe(client);
    void this.forward(client, server).catch(() => undefined);
  }

  private async forward(client: Socket, server: Socket): Promise<void> {
    for await (const chunk of client) {
      const bytes = chunk as Buffer;
      const left = (this.cutAt[0] ?? Infinity) - this.sent;
      const part = bytes.subarray(0, Math.max(0, left));
      this.sent += part.length;
      if (!server.write(part)) await Promise.race([once(server, 'drain'), once(server, 'close')]);
      if (Number.isFinite(this.bytesPerSecond)) await sleep((part.length / this.bytesPerSecond) * 1000);
      if (part.length === bytes.length) continue;
      this.cutAt.shift();
      this.cut();
      return;
    }
    server.end();
  }
}
