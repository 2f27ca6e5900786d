/** What the log says of damaged objects: each is named when it is found and when the right bytes are in its place again. */
import type { Entry } from '@segel/evidence';
import type { Findings } from '../report.js';

export class StorageCheck {
  /** Index of the damage by hash (base64). */
  readonly #open = new Map<string, number>();

  constructor(private readonly found: Findings) {}

  /** Takes every clear entry, in order. */
  take(index: number, { type, body }: Entry): void {
    const { sha256: hash = '' } = body as { readonly sha256?: string };
    const where = { entry: index };
    if (type === 'storage.damaged') {
      if (this.#open.has(hash)) this.found.error('damaged_twice', `Object ${hash} is damaged twice over.`, where);
      else this.#open.set(hash, index);
    } else if (type === 'storage.restored' && !this.#open.delete(hash)) {
      this.found.error(
        'restored_undamaged',
        `Object ${hash} was restored, and no entry says that it was damaged.`,
        where,
      );
    }
  }

  /** Says what is damaged still. Whose it is the log does not say: a bid of any tender may wait for it. */
  end(): void {
    for (const [hash, entry] of this.#open)
      this.found.warn('damaged', `Object ${hash} is damaged or gone, and nothing was put in its place yet.`, { entry });
  }
}
