/** What comes quickly is taken into memory; what takes its time is not waited for. */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** What has come is held in memory so long at most, and not while nothing comes: bytes in memory are lost with the process,
 *  and a sender on another line must find those that have come. */
const QUICK_MS = 1000;
const PAUSE_MS = 200;

export type Arrived = { readonly bytes: Uint8Array; readonly sha256: Uint8Array };

/** The bytes of the message as far as they came quickly, taken into `room`, and their hash. When they do not fill it, the
 *  message is paused, or ended, or broken: whoever reads on gets what is left. */
export async function arrivedQuickly(message: IncomingMessage, room: Uint8Array): Promise<Arrived> {
  const hash = createHash('sha256');
  let came = 0;
  await new Promise<void>((resolve) => {
    const settle = (): void => {
      clearTimeout(pause);
      clearTimeout(end);
      message.off('data', take).off('end', settle).off('close', settle).off('error', settle);
      message.pause();
      resolve();
    };
    const take = (chunk: Buffer): void => {
      // Hashed as it comes, while the processor still has it at hand.
      hash.update(chunk);
      room.set(chunk, came);
      came += chunk.length;
      pause.refresh();
      if (came === room.length) settle();
    };
    const pause = setTimeout(settle, PAUSE_MS);
    const end = setTimeout(settle, QUICK_MS);
    message.on('end', settle).on('close', settle).on('error', settle).on('data', take);
    if (message.destroyed) settle();
  });
  return { bytes: room.subarray(0, came), sha256: hash.digest() };
}
