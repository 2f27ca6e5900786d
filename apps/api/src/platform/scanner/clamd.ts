/** ClamAV's daemon, asked over TCP or a Unix socket: `INSTREAM` as clamd(8) describes it. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { Config } from '../config/config.js';
import { NoScanner, Scanner, ScannerUnavailable, type Verdict } from './scanner.js';

export type ClamdSettings = {
  /** `host:port`, or the path of a Unix socket. */
  readonly address: string;
  /** Larger files are not sent. No larger than the daemon's own StreamMaxLength, MaxFileSize and MaxScanSize: what
   *  lies behind those it would not look at, and still say OK. */
  readonly maxBytes: number;
  /** Without a byte either way for so long, the daemon is taken for dead. */
  readonly silenceMs: number;
};

/** An answer is one line; more than this is none of ours. */
const ANSWER_MAX = 4096;
const SILENCE_MS = 60_000;

/** The scanner of the settings. */
export function scanner({ settings }: Config): Scanner {
  const { CLAMD_ADDRESS: address, CLAMD_MAX_BYTES: maxBytes } = settings;
  return address === '' ? new NoScanner() : new Clamd({ address, maxBytes, silenceMs: SILENCE_MS });
}

export class Clamd extends Scanner {
  readonly configured = true;

  constructor(private readonly settings: ClamdSettings) {
    super();
  }

  async engine(): Promise<string> {
    return this.talk(
      async (socket) => void socket.write('zVERSION\0'),
      (answer) => answer.slice(0, 300),
    );
  }

  async scan(bytes: Readable, sizeBytes: number): Promise<Verdict> {
    const { maxBytes } = this.settings;
    if (sizeBytes > maxBytes) {
      bytes.destroy();
      return { state: 'unscannable', reason: `larger than the ${maxBytes} bytes the scanner takes` };
    }
    try {
      return await this.talk(async (socket) => send(socket, bytes), verdictOf);
    } finally {
      bytes.destroy();
    }
  }

  /** Says something on a connection of its own and reads the one line that comes back. */
  private async talk<T>(say: (socket: Socket) => Promise<void>, read: (answer: string) => T): Promise<T> {
    const socket = connect(placeOf(this.settings.address));
    socket.setTimeout(this.settings.silenceMs, () => socket.destroy(new Error('it was silent for too long')));
    try {
      // Listening from the start: a daemon that has seen enough answers before it has read everything.
      const answer = answerOf(socket);
      await Promise.race([once(socket, 'connect').then(() => say(socket)), answer]);
      return read(await answer);
    } catch (error) {
      throw new ScannerUnavailable(`the scanner gave no verdict: ${(error as Error).message}`, { cause: error });
    } finally {
      socket.destroy();
    }
  }
}

function placeOf(address: string): { readonly path: string } | { readonly host: string; readonly port: number } {
  if (address.startsWith('/')) return { path: address };
  const { hostname, port } = new URL(`tcp://${address}`);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 3310) };
}

/** Pieces as `length[4] ‖ bytes`, then a length of 0. */
async function send(socket: Socket, bytes: Readable): Promise<void> {
  socket.write('zINSTREAM\0');
  for await (const piece of bytes as AsyncIterable<Uint8Array>) {
    if (piece.length === 0) continue;
    const length = Buffer.alloc(4);
    length.writeUInt32BE(piece.length);
    socket.write(length);
    if (!socket.write(piece)) await once(socket, 'drain');
  }
  socket.write(Buffer.alloc(4));
}

function answerOf(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    socket.on('data', (data: Buffer) => {
      text += data.toString('utf8');
      if (text.length > ANSWER_MAX) socket.destroy(new Error('its answer is too long'));
      else if (text.includes('\0')) resolve(text.slice(0, text.indexOf('\0')));
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('it ended the connection without an answer')));
  });
}

/** `stream: OK`, `stream: NAME FOUND`, or an error. What the daemon did not look into it reports under names of its
 *  own when it is told to (`AlertExceedsMax`, `AlertEncrypted`): nobody has seen that it is infected, nor that it is not. */
export function verdictOf(answer: string): Verdict {
  if (answer === 'stream: OK') return { state: 'clean' };
  const found = /^stream: (.{1,200}) FOUND$/.exec(answer)?.[1];
  if (found !== undefined && /^Heuristics\.(Limits\.Exceeded|Encrypted)/.test(found))
    return { state: 'unscannable', reason: found };
  if (found !== undefined) return { state: 'infected', signature: found };
  if (answer.startsWith('INSTREAM size limit exceeded'))
    return { state: 'unscannable', reason: 'larger than the scanner takes' };
  throw new Error(`it said ${JSON.stringify(answer.slice(0, 200))}`);
}
