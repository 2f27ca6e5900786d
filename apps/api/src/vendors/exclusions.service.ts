/** The blacklist: two people enter a vendor, until a date; one may admit it again. */
import { formatInstant, parseInstant } from '@segel/encoding';
import { blacklistVendor, demand, demandReason, Refusal } from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import { In, IsNull, MoreThan, MoreThanOrEqual, Not } from 'typeorm';
import type { Actor } from '../platform/auth/actor.js';
import { Database } from '../platform/database/database.js';
import { pageOf, type PageQuery } from '../platform/http/page.js';
import type { Tx } from '../platform/journal/act.js';
import { Journal } from '../platform/journal/journal.js';
import { VendorExclusionRequest } from './vendor-exclusion-request.entity.js';
import { VendorExclusion } from './vendor-exclusion.entity.js';
import { peopleOf, vendorOf } from './vendor-rows.js';
import { Vendor } from './vendor.entity.js';
import type { ExclusionPage, ExclusionRequest, ExclusionView } from './vendors.dto.js';

/** A second person must ask the same within this time. */
const REQUEST_MS = 30 * 86_400_000;
type Result = { readonly id: string; readonly state: 'requested' | 'in_force' };

@Injectable()
export class ExclusionsService {
  constructor(
    private readonly journal: Journal,
    private readonly database: Database,
  ) {}

  /** The first person asks; the same reason and date by a second one bars the vendor. */
  async exclude(actor: Actor, vendorId: string, request: ExclusionRequest): Promise<Result> {
    const untilAt = instantOf(request.untilAt);
    return this.journal.commit<Result>(actor, { on: 'vendor', id: vendorId }, async (tx) => {
      const vendor = await vendorOf(tx, vendorId);
      const reason = demandReason(request.reason);
      demand(untilAt > tx.now, 'request_malformed', 'A blacklisting ends in the future.', { path: 'untilAt' });
      const since = MoreThan(new Date(tx.now.getTime() - REQUEST_MS));
      const same = { vendorId, reason, untilAt, requestedAt: since };
      const asked = await tx.manager.findOne(VendorExclusionRequest, { where: same, order: { id: 'DESC' } });
      if (asked === null) return this.ask(tx, actor, vendorId, reason, untilAt);
      // A request that led to a barring is used up: after a reinstatement it takes two people again.
      const ended = { vendorId, reason, untilAt, fromAt: MoreThanOrEqual(asked.requestedAt), endedAt: Not(IsNull()) };
      if (await tx.manager.existsBy(VendorExclusion, ended)) return this.ask(tx, actor, vendorId, reason, untilAt);
      const inForce = { vendorId, reason, untilAt, endedAt: IsNull() };
      demand(!(await tx.manager.existsBy(VendorExclusion, inForce)), 'wrong_state', 'The vendor is barred already.');
      blacklistVendor({ requestedBy: asked.requestedBy, confirmedBy: actor.id, reason, until: untilAt, now: tx.now });
      return this.enter(tx, actor, vendor, reason, untilAt);
    });
  }

  async reinstate(actor: Actor, vendorId: string, given: string): Promise<void> {
    await this.journal.commit(actor, { on: 'vendor', id: vendorId }, async (tx) => {
      const vendor = await vendorOf(tx, vendorId);
      const reason = demandReason(given);
      const inForce = { vendorId, endedAt: IsNull(), untilAt: MoreThan(tx.now) };
      const { affected } = await tx.manager.update(VendorExclusion, inForce, { endedAt: tx.now });
      demand((affected ?? 0) > 0, 'wrong_state', 'The vendor is not barred.');
      await this.tell(tx, vendor, 'vendor_reinstated', { reason });
      await tx.record({
        type: 'vendor.reinstated',
        subjectId: vendor.registeredBy,
        body: { vendor_id: vendorId, reason },
      });
    });
  }

  async list({ after, limit = 50 }: PageQuery): Promise<ExclusionPage> {
    const rows = await this.database.manager.find(VendorExclusion, {
      where: after === undefined ? {} : { id: MoreThan(after) },
      order: { id: 'ASC' },
      take: limit + 1,
    });
    const ids = [...new Set(rows.map(({ vendorId }) => vendorId))];
    const vendors = await this.database.manager.findBy(Vendor, { id: In(ids) });
    const names = new Map(vendors.map(({ id, name }) => [id, name]));
    return pageOf(
      rows.map((row) => exclusionView(row, names.get(row.vendorId) ?? '')),
      limit,
    );
  }

  private async ask(tx: Tx, actor: Actor, vendorId: string, reason: string, untilAt: Date): Promise<Result> {
    const id = tx.newId();
    const row = { id, vendorId, reason, requestedBy: actor.id, requestedAt: tx.now, untilAt };
    await tx.manager.insert(VendorExclusionRequest, row);
    const body = { vendor_id: vendorId, until: formatInstant(untilAt), reason };
    await tx.record({ type: 'vendor.blacklisting_requested', body });
    return { id, state: 'requested' };
  }

  private async enter(tx: Tx, actor: Actor, vendor: Vendor, reason: string, untilAt: Date): Promise<Result> {
    const id = tx.newId();
    const row = { id, vendorId: vendor.id, reason, excludedBy: actor.id, fromAt: tx.now, untilAt, endedAt: null };
    await tx.manager.insert(VendorExclusion, row);
    const until = formatInstant(untilAt);
    await this.tell(tx, vendor, 'vendor_blacklisted', { reason, until });
    const body = { vendor_id: vendor.id, until, reason };
    await tx.record({ type: 'vendor.blacklisted', subjectId: vendor.registeredBy, body });
    return { id, state: 'in_force' };
  }

  private async tell(tx: Tx, vendor: Vendor, code: string, params: Record<string, string>): Promise<void> {
    for (const accountId of await peopleOf(tx, vendor.id))
      await tx.notify({ accountId, code, params: { vendorId: vendor.id, name: vendor.name, ...params } });
  }
}

export function exclusionView(row: VendorExclusion, vendorName: string): ExclusionView {
  const { id, vendorId, reason, endedAt } = row;
  return {
    id,
    vendorId,
    vendorName,
    reason,
    fromAt: formatInstant(row.fromAt),
    untilAt: formatInstant(row.untilAt),
    ...(endedAt === null ? {} : { endedAt: formatInstant(endedAt) }),
  };
}

function instantOf(text: string): Date {
  try {
    return parseInstant(text);
  } catch {
    throw new Refusal('request_malformed', 'untilAt is not an instant.');
  }
}
