/** A time server on the loopback interface: honest, off, silent or lying, as the test says. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

const NTP_TO_UNIX_S = 2_208_988_800;

/** What is wrong with its answers; nothing: an honest server. */
export type Lie =
  | 'silent'
  | 'foreign_cookie'
  | 'kiss'
  | 'unsynchronised'
  | 'short'
  | 'client_mode'
  | 'no_time'
  | 'unsure'
  | 'backwards';

export class NtpServer {
  offsetMs = 0;
  lie: Lie | undefined;
  kiss = 'RATE';
  asked = 0;

  private constructor(
    private readonly socket: Socket,
    private readonly now: () => number,
  ) {
    socket.on('message', (question, from) => {
      this.asked++;
      const answer = this.answer(question);
      if (answer !== undefined) socket.send(answer, from.port, from.address);
    });
  }

  static async start(now: () => number): Promise<NtpServer> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new NtpServer(socket, now);
  }

  get url(): string {
    return `ntp://127.0.0.1:${this.socket.address().port}`;
  }

  close(): void {
    this.socket.close();
  }

  private answer(question: Buffer): Buffer | undefined {
    if (this.lie === 'silent') return undefined;
    if (this.lie === 'short') return Buffer.alloc(20);
    const packet = Buffer.alloc(48);
    const leap = this.lie === 'unsynchronised' ? 3 : 0;
    packet[0] = (leap << 6) | (4 << 3) | (this.lie === 'client_mode' ? 3 : 4);
    packet[1] = this.lie === 'kiss' ? 0 : 2;
    if (this.lie === 'kiss') packet.write(this.kiss, 12, 'latin1');
    packet.writeUInt32BE(this.lie === 'unsure' ? 2 << 16 : 100, 8);
    question.copy(packet, 24, 40, 48);
    if (this.lie === 'foreign_cookie') packet[30] = packet[30]! ^ 1;
    const at = this.now() + this.offsetMs;
    writeTimestamp(packet, 32, at);
    if (this.lie !== 'no_time') writeTimestamp(packet, 40, this.lie === 'backwards' ? at - 5 : at);
    return packet;
  }
}

function writeTimestamp(packet: Buffer, at: number, ms: number): void {
  packet.writeUInt32BE((Math.floor(ms / 1000) + NTP_TO_UNIX_S) % 2 ** 32, at);
  packet.writeUInt32BE(Math.floor(((ms % 1000) / 1000) * 2 ** 32), at + 4);
}
