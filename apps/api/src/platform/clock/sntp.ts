/** A simple NTP client (RFC 4330, packet of RFC 5905): one question, one answer, examined before it is believed. */
import type { ClockAnswer } from '@segel/procurement';
import { createSocket, type Socket } from 'node:dgram';

const PACKET_BYTES = 48;
/** Version 4, mode 3 (client). */
const CLIENT_HEADER = 0x23;
const MODE_SERVER = 4;
const NTP_TO_UNIX_S = 2_208_988_800;
const ERA_S = 2 ** 32;
/** A longer way leaves an error of more than half a second, and the limit is one. */
const MAX_DELAY_MS = 1000;
/** RFC 4330 section 5, item 6: root delay and dispersion of less than a second. */
const MAX_ROOT_S = 1;

export type TimeSource = { readonly name: string; readonly host: string; readonly port: number };

/** Why an answer is not believed; `kiss` is the code of a server that does not want to be asked (RFC 4330 section 8). */
export class NoTime extends Error {
  override readonly name = 'NoTime';

  constructor(
    message: string,
    readonly kiss?: string,
  ) {
    super(message);
  }
}

/** The source of `ntp://host[:port]`. Throws on any other form. */
export function timeSource(text: string): TimeSource {
  const match = /^ntp:\/\/(\[[0-9a-f:]+\]|[a-z0-9.-]+)(?::(\d{1,5}))?$/i.exec(text);
  const port = Number(match?.[2] ?? 123);
  if (match === null || port < 1 || port > 65_535) throw new Error(`${text} is not of the form ntp://host[:port]`);
  return { name: text, host: match[1]!.replace(/^\[|\]$/g, ''), port };
}

/** Our own clock, how time passes (ms), and unpredictable bytes. */
export type OwnTime = {
  readonly now: () => Date;
  readonly monotonicMs: () => number;
  readonly random: (length: number) => Uint8Array;
};

/** Asks a source once. Throws {@link NoTime} when it does not answer in time, or with something that is no time. */
export async function askTime(source: TimeSource, own: OwnTime, timeoutMs = 2000): Promise<ClockAnswer> {
  // Not our time: a random cookie that only who got the question can give back, against forged answers.
  const cookie = Buffer.from(own.random(8));
  const question = Buffer.alloc(PACKET_BYTES);
  question[0] = CLIENT_HEADER;
  cookie.copy(question, 40);
  const socket = createSocket(source.host.includes(':') ? 'udp6' : 'udp4');
  try {
    await connected(socket, source);
    const sentAt = own.now().getTime();
    const sentMs = own.monotonicMs();
    const packet = await answered(socket, question, cookie, timeoutMs);
    const roundTripMs = own.monotonicMs() - sentMs;
    return offsetOf(packet, sentAt, roundTripMs);
  } finally {
    socket.close();
  }
}

/** Connected: the kernel drops what comes from another address. */
function connected(socket: Socket, { host, port, name }: TimeSource): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => reject(new NoTime(`${name}: ${error.message}`));
    socket.once('error', failed);
    socket.connect(port, host, () => {
      socket.off('error', failed);
      resolve();
    });
  });
}

function answered(socket: Socket, question: Buffer, cookie: Buffer, timeoutMs: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new NoTime('no answer')), timeoutMs);
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      settle();
    };
    socket.on('error', (error) => end(() => reject(new NoTime(error.message))));
    socket.on('message', (packet) => {
      // Not an answer to this question: forged, or late. The true one may still come.
      if (packet.length < PACKET_BYTES || !packet.subarray(24, 32).equals(cookie)) return;
      end(() => resolve(packet));
    });
    socket.send(question, (error) => {
      if (error) end(() => reject(new NoTime(error.message)));
    });
  });
}

function offsetOf(packet: Buffer, sentAt: number, roundTripMs: number): ClockAnswer {
  demandBelievable(packet);
  const [received, transmitted] = [timestampMs(packet, 32), timestampMs(packet, 40)];
  if (transmitted < received) throw new NoTime('answered before it was asked');
  const delayMs = roundTripMs - (transmitted - received);
  // A millisecond back: our own clock counts whole ones.
  if (delayMs < -1) throw new NoTime('says it took longer than it did');
  if (delayMs > MAX_DELAY_MS) throw new NoTime('the way was too long');
  const offsetMs = (received - sentAt + (transmitted - (sentAt + roundTripMs))) / 2;
  return { offsetMs: Math.round(offsetMs), delayMs: Math.max(0, Math.round(delayMs)) };
}

function demandBelievable(packet: Buffer): void {
  const [header, stratum] = [packet[0]!, packet[1]!];
  const [leap, version, mode] = [header >> 6, (header >> 3) & 7, header & 7];
  if (mode !== MODE_SERVER || version < 3 || version > 4) throw new NoTime('not the answer of a time server');
  if (stratum === 0) {
    const kiss = packet.toString('latin1', 12, 16).replaceAll(/[^A-Z]/g, '');
    throw new NoTime(`does not want to be asked: ${kiss}`, kiss);
  }
  if (stratum > 15 || leap === 3) throw new NoTime('is not synchronised itself');
  const [rootDelay, rootDispersion] = [packet.readInt32BE(4) / 65_536, packet.readUInt32BE(8) / 65_536];
  if (Math.abs(rootDelay) >= MAX_ROOT_S || rootDispersion >= MAX_ROOT_S) throw new NoTime('is too unsure itself');
  if (packet.readBigUInt64BE(40) === 0n) throw new NoTime('gives no time');
}

/** Milliseconds since 1970. From 2036 on the seconds begin again at nought (RFC 4330 section 3). */
function timestampMs(packet: Buffer, at: number): number {
  const seconds = packet.readUInt32BE(at);
  const era = seconds < ERA_S / 2 ? ERA_S : 0;
  return (seconds + era - NTP_TO_UNIX_S) * 1000 + (packet.readUInt32BE(at + 4) * 1000) / ERA_S;
}
