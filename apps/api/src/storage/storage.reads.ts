/** What operators and auditors see of the store. */
import { isUuidV7, toBase64 } from '@segel/encoding';
import { demand } from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import { In, IsNull, MoreThan } from 'typeorm';
import { Database } from '../platform/database/database.js';
import { pageOf, type PageQuery } from '../platform/http/page.js';
import { ObjectDamage } from '../platform/object-store/object-damage.entity.js';
import { Tender } from '../tenders/tender.entity.js';
import { StorageAudit } from './storage-audit.entity.js';
import type { DamageView, StorageView } from './storage.dto.js';
import { StoredObjects, type Owner } from './stored-objects.js';

const LAST = 10;
/** States before the count of bids is public, and before it is public whose they are. */
const UNCOUNTED = ['draft', 'in_approval', 'tendering', 'closing'];
const UNNAMED = [...UNCOUNTED, 'closed'];

@Injectable()
export class StorageReads {
  constructor(
    private readonly database: Database,
    private readonly objects: StoredObjects,
  ) {}

  async view({ after, limit = 50 }: PageQuery): Promise<StorageView> {
    demand(after === undefined || isUuidV7(after), 'request_malformed', '`after` is not of a page.');
    const { manager } = this.database;
    const audits = await manager.find(StorageAudit, { order: { id: 'DESC' }, take: LAST });
    const damages = await manager.find(ObjectDamage, {
      where: { restoredAt: IsNull(), ...(after === undefined ? {} : { id: MoreThan(after) }) },
      order: { id: 'ASC' },
      take: limit + 1,
    });
    const owners = await this.objects.owners(damages.map(({ sha256 }) => sha256));
    const states = await this.statesOf(owners);
    const page = pageOf(
      damages.map((damage) => viewOf(damage, owners, states)),
      limit,
    );
    const open = await manager.countBy(ObjectDamage, { restoredAt: IsNull() });
    return {
      audits: audits.map(({ id, startedAt, completedAt, checked, bytes, damaged, missing }) => ({
        id,
        startedAt: startedAt.toISOString(),
        completedAt: completedAt.toISOString(),
        checked,
        bytes,
        damaged,
        missing,
      })),
      whole: open === 0,
      ...page,
    };
  }

  private async statesOf(owners: readonly Owner[]): Promise<ReadonlyMap<string, string>> {
    const ids = [...new Set(owners.flatMap(({ tenderId }) => tenderId ?? []))];
    const tenders = await this.database.manager.findBy(Tender, { id: In(ids) });
    return new Map(tenders.map(({ id, state }) => [id, state]));
  }
}

/** A curious administrator must not learn here what the log hides: before the close how many bid, before the opening who. */
function viewOf(damage: ObjectDamage, owners: readonly Owner[], states: ReadonlyMap<string, string>): DamageView {
  const own = owners.filter(({ sha256 }) => sha256.equals(damage.sha256));
  const [first] = own;
  const state = states.get(first?.tenderId ?? '') ?? '';
  const ofBid = first?.bidId !== null;
  const tenderId = ofBid && UNCOUNTED.includes(state) ? null : (first?.tenderId ?? null);
  const vendorId = ofBid && UNNAMED.includes(state) ? null : (first?.vendorId ?? null);
  return {
    id: damage.id,
    sha256: toBase64(damage.sha256),
    found: damage.kind,
    foundAt: damage.foundAt.toISOString(),
    kinds: [...new Set(own.map(({ kind }) => kind))],
    ...(tenderId === null ? {} : { tenderId }),
    ...(vendorId === null ? {} : { vendorId }),
  };
}
