/** One sealed file, on disk or in memory, written once and read as it lies there. */
import type { ByteStream } from '@segel/sealing';

export type SealedFile = {
  readonly kept: 'disk' | 'memory';
  /** Writes everything and sees to it that it is stored; tells how many bytes are written. */
  readonly write: (pieces: ByteStream, onWritten: (bytes: number) => void) => Promise<void>;
  /** What lies there now, to be sent or copied. */
  readonly blob: () => Promise<Blob>;
};

/** Large writes are what makes the private file system fast. */
const WRITE_BYTES = 2 ** 20;
const READ_BYTES = 2 ** 22;

export class DiskFile implements SealedFile {
  readonly kept = 'disk';

  constructor(private readonly handle: FileSystemFileHandle) {}

  async write(pieces: ByteStream, onWritten: (bytes: number) => void): Promise<void> {
    const access = await this.handle.createSyncAccessHandle();
    try {
      access.truncate(0);
      let at = 0;
      for await (const bytes of gathered(pieces)) {
        for (let from = 0; from < bytes.length;) from += access.write(bytes.subarray(from), { at: at + from });
        at += bytes.length;
        onWritten(at);
      }
      access.flush();
    } finally {
      access.close();
    }
  }

  blob(): Promise<Blob> {
    return this.handle.getFile();
  }
}

export class MemoryFile implements SealedFile {
  readonly kept = 'memory';
  #blob = new Blob();

  async write(pieces: ByteStream, onWritten: (bytes: number) => void): Promise<void> {
    const parts: Blob[] = [];
    let written = 0;
    for await (const bytes of gathered(pieces)) {
      parts.push(new Blob([bytes]));
      onWritten((written += bytes.length));
    }
    this.#blob = new Blob(parts);
  }

  async blob(): Promise<Blob> {
    return this.#blob;
  }
}

/** The bytes of a file, some at a time, the next ones on their way meanwhile; `onRead` is told how many have been given. */
export async function* piecesOf(
  file: Blob,
  onRead: (bytes: number) => void = () => undefined,
): AsyncGenerator<Uint8Array> {
  const read = (at: number): Promise<ArrayBuffer> => file.slice(at, at + READ_BYTES).arrayBuffer();
  let next = read(0);
  for (let at = 0; at < file.size; at += READ_BYTES) {
    const bytes = new Uint8Array(await next);
    next = read(at + READ_BYTES);
    // Whoever awaits it gets the error; a reader that stopped early must not end the worker.
    next.catch(() => undefined);
    yield bytes;
    onRead(Math.min(at + READ_BYTES, file.size));
  }
}

/** The same bytes in pieces of WRITE_BYTES. A piece is good until the next one is asked for. */
async function* gathered(pieces: ByteStream): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const buffer = new Uint8Array(WRITE_BYTES);
  let filled = 0;
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length;) {
      const count = Math.min(WRITE_BYTES - filled, piece.length - at);
      buffer.set(piece.subarray(at, at + count), filled);
      filled += count;
      at += count;
      if (filled < WRITE_BYTES) continue;
      yield buffer;
      filled = 0;
    }
  }
  if (filled > 0) yield buffer.subarray(0, filled);
}
