/** One request at a time writes to an upload, and bytes that have come are never thrown away for the next request: that
 *  one waits while the one before still gets any, and ends it when it does not, for it may hang on a dead line. The
 *  library's own lock spins meanwhile, and takes the whole process with it. */
import { ERRORS, type Lock, type RequestRelease } from '@tus/server';

const PATIENCE_MS = 10_000;
/** A line without a byte for so long is dead when another asks. */
const IDLE_MS = 1000;

type Held = { release: RequestRelease; movedAt: number; readonly waiting: (() => RequestRelease)[] };

export class Turns {
  private readonly held = new Map<string, Held>();

  /** @param onQueued told as soon as nobody can overtake */
  newLock(id: string, onQueued: () => void): Lock {
    return {
      lock: async (stop, release) => {
        const turn = this.take(id, stop, release);
        onQueued();
        await turn;
      },
      unlock: async () => this.pass(id),
    };
  }

  /** Bytes have come for the upload. */
  moved(id: string): void {
    const held = this.held.get(id);
    if (held !== undefined) held.movedAt = performance.now();
  }

  private async take(id: string, stop: AbortSignal, release: RequestRelease): Promise<void> {
    const held = this.held.get(id);
    if (held === undefined) {
      this.held.set(id, { release, movedAt: performance.now(), waiting: [] });
      return;
    }
    const turn = new Promise<void>((resolve, reject) => {
      const begin = (): RequestRelease => {
        settle(resolve);
        return release;
      };
      const giveUp = (): void => {
        held.waiting.splice(held.waiting.indexOf(begin), 1);
        settle(() => reject(ERRORS.ERR_LOCK_TIMEOUT as unknown as Error));
      };
      const timer = setTimeout(giveUp, PATIENCE_MS);
      const watch = setInterval(() => {
        if (performance.now() - held.movedAt > IDLE_MS) void held.release();
      }, IDLE_MS / 5);
      const settle = (end: () => void): void => {
        clearTimeout(timer);
        clearInterval(watch);
        stop.removeEventListener('abort', giveUp);
        end();
      };
      stop.addEventListener('abort', giveUp, { once: true });
      held.waiting.push(begin);
    });
    await turn;
  }

  private async pass(id: string): Promise<void> {
    const held = this.held.get(id);
    const next = held?.waiting.shift();
    if (held === undefined || next === undefined) {
      this.held.delete(id);
      return;
    }
    held.release = next();
    held.movedAt = performance.now();
  }
}
