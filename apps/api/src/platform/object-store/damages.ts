/** Stored objects that are gone or not what their name says: from the finding to the right bytes in their place. Each of
 *  the two is an act with an entry. Neither says whose the object is; the rows that name its hash do. */
import { toBase64, toHex } from '@segel/encoding';
import { createHash } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { SYSTEM } from '../auth/actor.js';
import type { Tx } from '../journal/act.js';
import { Journal } from '../journal/journal.js';
import { ObjectDamage } from './object-damage.entity.js';
import { contentKey, ObjectMissing, ObjectStore } from './object-store.js';

/** An object as it was read; `bytes` are those that were there. */
export type Examined = { readonly stored: 'whole' | 'damaged' | 'missing'; readonly bytes: number };

/** What else belongs into the act, such as notices. */
type Also = (tx: Tx) => Promise<void>;

/** The row says it already; nothing was done. */
class Known extends Error {}

@Injectable()
export class Damages {
  private readonly logger = new Logger('Storage');

  constructor(
    private readonly store: ObjectStore,
    private readonly journal: Journal,
  ) {}

  /** Reads the object and compares it with its name. What keeps the store from answering is thrown: a store that is
   *  away has lost nothing. */
  async examine(sha256: Uint8Array): Promise<Examined> {
    const hash = createHash('sha256');
    let bytes = 0;
    try {
      for await (const chunk of (await this.store.read(contentKey(sha256))) as AsyncIterable<Uint8Array>) {
        hash.update(chunk);
        bytes += chunk.length;
      }
    } catch (error) {
      if (error instanceof ObjectMissing) return { stored: 'missing', bytes: 0 };
      // A bad sector of the disk is damage, whatever the rest of the file holds.
      if ((error as NodeJS.ErrnoException).code === 'EIO') return { stored: 'damaged', bytes };
      throw error;
    }
    return { stored: hash.digest().equals(sha256) ? 'whole' : 'damaged', bytes };
  }

  /** Records a damage and raises the alarm. False when it is known already. */
  async found(sha256: Uint8Array, stored: 'damaged' | 'missing', also: Also = async () => undefined): Promise<boolean> {
    const kind = stored === 'missing' ? 'missing' : 'differs';
    const isNew = await this.once(sha256, async (tx) => {
      if ((await open(tx, sha256)) !== null) throw new Known();
      const damage = { id: tx.newId(), sha256: Buffer.from(sha256), kind, foundAt: tx.now } as const;
      await tx.manager.insert(ObjectDamage, damage);
      await also(tx);
      await tx.record({ type: 'storage.damaged', body: { sha256: toBase64(sha256), found: kind } });
    });
    if (isNew) this.logger.error(`ALARM storage: the object ${toHex(sha256)} ${says(kind)}`);
    return isNew;
  }

  /** Records that the right bytes are there again. False when no damage was recorded. */
  async restored(sha256: Uint8Array, also: Also = async () => undefined): Promise<boolean> {
    return this.once(sha256, async (tx) => {
      const damage = await open(tx, sha256);
      if (damage === null) throw new Known();
      await tx.manager.update(ObjectDamage, { id: damage.id }, { restoredAt: tx.now });
      await also(tx);
      // Not in the name of who sent them: a clear entry must not tell who bids.
      await tx.record({ type: 'storage.restored', body: { sha256: toBase64(sha256) } });
    });
  }

  private async once(sha256: Uint8Array, act: Also): Promise<boolean> {
    try {
      await this.journal.commit(SYSTEM, { on: 'platform', id: `object:${toHex(sha256)}` }, act);
      return true;
    } catch (error) {
      if (error instanceof Known) return false;
      throw error;
    }
  }
}

function open(tx: Tx, sha256: Uint8Array): Promise<ObjectDamage | null> {
  return tx.manager.findOneBy(ObjectDamage, { sha256: Buffer.from(sha256), restoredAt: IsNull() });
}

function says(kind: ObjectDamage['kind']): string {
  return kind === 'missing' ? 'is gone' : 'is not what its name says';
}
