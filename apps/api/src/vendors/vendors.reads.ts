/** What the company itself, operators and auditors see of a registration. */
import { formatInstant } from '@segel/encoding';
import { Refusal } from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import { In, IsNull, MoreThan, Not } from 'typeorm';
import { holdsRole, type Actor } from '../platform/auth/actor.js';
import { Database } from '../platform/database/database.js';
import { pageOf } from '../platform/http/page.js';
import { exclusionView } from './exclusions.service.js';
import { VendorDecision } from './vendor-decision.entity.js';
import { viewOf } from './vendor-documents.service.js';
import { VendorDocument } from './vendor-document.entity.js';
import { VendorExclusion } from './vendor-exclusion.entity.js';
import { Vendor } from './vendor.entity.js';
import type { VendorPage, VendorsQuery, VendorSummary, VendorView } from './vendors.dto.js';

@Injectable()
export class VendorsReads {
  constructor(private readonly database: Database) {}

  async list({ state, after, limit = 50 }: VendorsQuery): Promise<VendorPage> {
    const { manager } = this.database;
    const rows = await manager.find(Vendor, {
      where: { id: after === undefined ? Not(IsNull()) : MoreThan(after), ...(state === undefined ? {} : { state }) },
      order: { id: 'ASC' },
      take: limit + 1,
    });
    const ids = rows.map(({ id }) => id);
    const approvals = await manager.findBy(VendorDecision, { vendorId: In(ids), decision: 'approve' });
    const count = (vendorId: string): number => approvals.filter((row) => row.vendorId === vendorId).length;
    return pageOf(
      rows.map((vendor) => summaryOf(vendor, count(vendor.id))),
      limit,
    );
  }

  async one(actor: Actor, vendorId: string): Promise<VendorView> {
    const { manager } = this.database;
    const may = actor.vendorId === vendorId || holdsRole(actor, 'operator', 'auditor');
    const vendor = may ? await manager.findOneBy(Vendor, { id: vendorId }) : null;
    if (vendor === null) throw new Refusal('not_found', 'There is no such company.');
    const of = { where: { vendorId }, order: { id: 'ASC' } } as const;
    const decisions = await manager.find(VendorDecision, of);
    const documents = await manager.find(VendorDocument, of);
    const exclusions = await manager.find(VendorExclusion, of);
    return {
      ...summaryOf(vendor, decisions.filter(({ decision }) => decision === 'approve').length),
      address: vendor.address,
      record: vendor.record,
      documents: documents.map(viewOf),
      decisions: decisions.map(({ decidedBy, decision, reasons, decidedAt }) => ({
        decidedBy,
        decision,
        reasons: reasons['list'] as readonly string[],
        decidedAt: formatInstant(decidedAt),
      })),
      exclusions: exclusions.map((row) => exclusionView(row, vendor.name)),
    };
  }
}

/** A plain object, to be spread; the DTO's shape. */
function summaryOf(vendor: Vendor, approvals: number): { [K in keyof VendorSummary]: VendorSummary[K] } {
  const { id, state, name, country, identifierScheme, identifier, registeredAt } = vendor;
  return {
    id,
    state,
    name,
    country,
    identifierScheme,
    identifier,
    registeredAt: formatInstant(registeredAt),
    approvals,
  };
}
