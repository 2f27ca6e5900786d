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
  private freeAt = 0;
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
      // Of a line that is cut elsewhere nothing more gets through.
      if (server.writableEnded) return;
      const bytes = chunk as Buffer;
      const left = (this.cutAt[0] ?? Infinity) - this.sent;
      const part = bytes.subarray(0, Math.max(0, left));
      this.sent += part.length;
      const drained = server.write(part);
      if (part.length < bytes.length) {
        this.cutAt.shift();
        this.cut();
        return;
      }
      if (!drained) await Promise.race([once(server, 'drain'), once(server, 'close')]);
      await this.pace(part.length);
    }
    server.end();
  }

  /** All connections share the line. */
  private async pace(bytes: number): Promise<void> {
    if (!Number.isFinite(this.bytesPerSecond)) return;
    const now = performance.now();
    this.freeAt = Math.max(now, this.freeAt) + (bytes / this.bytesPerSecond) * 1000;
    await sleep(this.freeAt - now);
  }
}
