/** The reading of all stored objects: every object that a row names is read, compared with its name, and kept locked as
 *  long as it is needed. By pages in the order of the hashes; each page says where the next one begins. */
import { fromHex, toHex } from '@segel/encoding';
import { lockUntil } from '@segel/procurement';
import { Injectable, Logger } from '@nestjs/common';
import { SYSTEM } from '../platform/auth/actor.js';
import { Clock } from '../platform/clock/clock.js';
import { Config } from '../platform/config/config.js';
import { Journal } from '../platform/journal/journal.js';
import { contentKey, ObjectMissing, ObjectStore } from '../platform/object-store/object-store.js';
import { Damages, type Examined } from '../platform/object-store/damages.js';
import { DamageNotices } from './damage-notices.js';
import { StorageAudit } from './storage-audit.entity.js';
import { StoredObjects } from './stored-objects.js';

/** A reading under way: plain JSON, so that a job carries it from page to page. `after` is a hash in hex. */
export type Reading = {
  readonly startedAt: string;
  readonly after: string;
  readonly checked: number;
  readonly bytes: number;
  readonly damaged: number;
  readonly missing: number;
};

/** What a crash makes be read again at most: half a gigabyte of parts. */
const PAGE = 64;
/** Objects read at a time. */
const AT_ONCE = 4;

@Injectable()
export class StorageAudits {
  private readonly logger = new Logger('Storage');

  constructor(
    private readonly objects: StoredObjects,
    private readonly damages: Damages,
    private readonly notices: DamageNotices,
    private readonly store: ObjectStore,
    private readonly journal: Journal,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  begin(): Reading {
    return { startedAt: this.clock.now().toISOString(), after: '', checked: 0, bytes: 0, damaged: 0, missing: 0 };
  }

  /** Reads one page; undefined when there is nothing left to read. */
  async next(reading: Reading): Promise<Reading | undefined> {
    const page = await this.objects.after(fromHex(reading.after), PAGE);
    if (page.length === 0) return undefined;
    const results: Examined[] = [];
    for (let at = 0; at < page.length; at += AT_ONCE)
      results.push(...(await Promise.all(page.slice(at, at + AT_ONCE).map((sha256) => this.examine(sha256)))));
    await this.keepLocked(page.filter((_, i) => results[i]!.stored === 'whole'));
    const count = (stored: Examined['stored']): number => results.filter((one) => one.stored === stored).length;
    return {
      startedAt: reading.startedAt,
      after: toHex(page.at(-1)!),
      checked: reading.checked + page.length,
      bytes: reading.bytes + results.reduce((sum, { bytes }) => sum + bytes, 0),
      damaged: reading.damaged + count('damaged'),
      missing: reading.missing + count('missing'),
    };
  }

  /** Records a reading that came to its end. */
  async complete({ startedAt, checked, bytes, damaged, missing }: Reading): Promise<void> {
    await this.journal.commit(SYSTEM, { on: 'platform', id: 'storage.audit' }, async (tx) => {
      await tx.manager.insert(StorageAudit, {
        id: tx.newId(),
        startedAt: new Date(startedAt),
        completedAt: tx.now,
        checked,
        bytes,
        damaged,
        missing,
      });
      await tx.record({ type: 'storage.audited', body: { started_at: startedAt, damaged, missing } });
    });
    if (damaged + missing === 0) this.logger.log(`${checked} stored objects are what their names say`);
    else this.logger.error(`ALARM storage: of ${checked} objects ${missing} are gone and ${damaged} differ`);
  }

  /** Reads one object and says what is wrong, or that it is right again. */
  async examine(sha256: Uint8Array): Promise<Examined> {
    const first = await this.damages.examine(sha256);
    // Nobody is alarmed, in a public log at that, by a single reading.
    const examined = first.stored === 'whole' ? first : await this.damages.examine(sha256);
    if (examined.stored === 'whole') {
      // Somebody put it back past the server, or a crash came between the bytes and their entry.
      if (await this.objects.isKnownDamaged(sha256)) await this.damages.restored(sha256);
    } else {
      const owners = await this.objects.owners([sha256]);
      await this.damages.found(sha256, examined.stored, (tx) => this.notices.send(tx, owners));
    }
    return examined;
  }

  private async keepLocked(page: readonly Buffer[]): Promise<void> {
    const owners = await this.objects.owners(page);
    const needs = await this.objects.needs([...new Set(owners.flatMap(({ tenderId }) => tenderId ?? []))]);
    const ahead = this.config.settings.S3_RETENTION_DAYS;
    for (const sha256 of page) {
      const own = owners.filter((owner) => owner.sha256.equals(sha256));
      // A company's own documents belong to no tender: they are needed as long as it is registered.
      const ends = own.map(({ tenderId }) => (tenderId === null ? undefined : needs.get(tenderId)));
      const until = lockUntil(ends, this.clock.now(), ahead);
      if (until !== undefined) await this.retain(sha256, until);
    }
  }

  private async retain(sha256: Uint8Array, until: Date): Promise<void> {
    try {
      await this.store.retainUntil(contentKey(sha256), until);
    } catch (error) {
      // Gone since it was read: the next reading says so.
      if (!(error instanceof ObjectMissing)) throw error;
    }
  }
}
