/** How a company comes in: its record, its documents, the decision of two operators. */
import { canonicalBytes, sha256, toBase64, toDocument, type CanonicalObject } from '@segel/encoding';
import {
  approveVendor,
  demand,
  demandRoleBeside,
  Refusal,
  rejectVendor,
  type Role,
  type VendorStatus,
} from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { Account } from '../accounts/account.entity.js';
import { RoleAssignment } from '../accounts/role-assignment.entity.js';
import type { Actor } from '../platform/auth/actor.js';
import type { Tx } from '../platform/journal/act.js';
import { Journal } from '../platform/journal/journal.js';
import type { DecisionRequest, NewVendor } from './vendors.dto.js';
import { VendorDecision } from './vendor-decision.entity.js';
import { peopleOf, vendorOf } from './vendor-rows.js';
import { emptyDraft, RECORD_BYTES } from './vendor-drafts.service.js';
import { Vendor } from './vendor.entity.js';

type State = { readonly id: string; readonly state: string };

@Injectable()
export class RegistrationService {
  constructor(private readonly journal: Journal) {}

  /** Enters a company; the person who does becomes its user. One company once, for ever. */
  async register(actor: Actor, request: NewVendor): Promise<State> {
    const { identifierScheme, identifier, name, country, address } = request;
    const record = recordOf(request);
    const id = `vendor:${identifierScheme}:${identifier}`;
    return this.journal.commit<State>(actor, { on: 'platform', id }, async (tx) => {
      await this.demandFree(tx, actor);
      await this.demandNew(tx, identifierScheme, identifier);
      const vendorId = tx.newId();
      const identity = { name, country, identifierScheme, identifier, address };
      await tx.manager.insert(Vendor, {
        id: vendorId,
        ...identity,
        // Named plainly: the deep partial of a recursive type has no end.
        record: record as object,
        registeredBy: actor.id,
        registeredAt: tx.now,
        state: 'submitted',
      });
      // The one row of another feature that is written here: who registers a company becomes its user.
      await tx.manager.insert(RoleAssignment, {
        id: tx.newId(),
        accountId: actor.id,
        role: 'vendor',
        organisationId: vendorId,
        tenderId: null,
        grantedAt: tx.now,
        grantedBy: actor.id,
        revokedAt: null,
      });
      await emptyDraft(tx, actor.id);
      const body = { vendor_id: vendorId, record_sha256: toBase64(sha256(canonicalBytes(record))) };
      await tx.record({ type: 'vendor.registered', subjectId: actor.id, body });
      return { id: vendorId, state: 'submitted' };
    });
  }

  /** One operator's decision: the second approval, or the first rejection, is final. */
  async decide(actor: Actor, vendorId: string, request: DecisionRequest): Promise<State> {
    const { decision } = request;
    return this.journal.commit<State>(actor, { on: 'vendor', id: vendorId }, async (tx) => {
      const vendor = await vendorOf(tx, vendorId);
      const people = await peopleOf(tx, vendorId);
      const reasons = (request.reasons ?? []).map((reason) => reason.trim()).filter(Boolean);
      const status = await this.decided(tx, actor, vendor, decision, reasons, people);
      const id = tx.newId();
      const row = {
        id,
        vendorId,
        decidedBy: actor.id,
        decision,
        reasons: { list: reasons } as object,
        decidedAt: tx.now,
      };
      await tx.manager.insert(VendorDecision, row);
      if (status !== 'pending') await this.close(tx, vendor, status, reasons, people);
      const body = { vendor_id: vendorId, decision, reasons };
      const type = decision === 'approve' ? 'vendor.approved' : 'vendor.rejected';
      await tx.record({ type, subjectId: vendor.registeredBy, body });
      return { id: vendorId, state: status === 'pending' ? 'submitted' : status };
    });
  }

  private async decided(
    tx: Tx,
    actor: Actor,
    vendor: Vendor,
    decision: 'approve' | 'reject',
    reasons: readonly string[],
    vendorUserIds: readonly string[],
  ): Promise<VendorStatus> {
    const status = vendor.state === 'submitted' ? 'pending' : (vendor.state as VendorStatus);
    if (decision === 'reject') return rejectVendor({ status, reason: reasons.join(' ') }).status;
    const before = await tx.manager.findBy(VendorDecision, { vendorId: vendor.id, decision: 'approve' });
    const approvedBy = before.map((row) => row.decidedBy);
    return approveVendor({ status, approvedBy, operatorId: actor.id, vendorUserIds }).status;
  }

  private async close(
    tx: Tx,
    vendor: Vendor,
    state: 'approved' | 'rejected',
    reasons: readonly string[],
    people: readonly string[],
  ): Promise<void> {
    await tx.manager.update(Vendor, { id: vendor.id }, { state });
    const code = state === 'approved' ? 'vendor_approved' : 'vendor_rejected';
    const params = { vendorId: vendor.id, name: vendor.name, reason: reasons.join(' ') };
    for (const accountId of people) await tx.notify({ accountId, code, params });
  }

  private async demandFree(tx: Tx, actor: Actor): Promise<void> {
    const account = await tx.manager.findOneByOrFail(Account, { id: actor.id });
    demand(account.confirmedAt !== null, 'email_not_confirmed', 'Confirm your e-mail address first.');
    // Two registrations of one person at once must not both find no role.
    await tx.manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`account:${actor.id}`]);
    const held = await tx.manager.findBy(RoleAssignment, { accountId: actor.id, revokedAt: IsNull() });
    const roles = held.map((assignment) => assignment.role as Role);
    demandRoleBeside(roles, 'vendor');
    demand(!roles.includes('vendor'), 'role_conflict', 'You stand for a company already.', { held: 'vendor' });
  }

  private async demandNew(tx: Tx, identifierScheme: string, identifier: string): Promise<void> {
    const known = await tx.manager.findOneBy(Vendor, { identifierScheme, identifier });
    if (known === null) return;
    if (known.state === 'rejected')
      throw new Refusal(
        'vendor_already_decided',
        'The registration of this company was rejected; the decision is final.',
      );
    throw new Refusal('vendor_exists', 'This company is registered already.');
  }
}

/** The declared record as a document: what is hashed is what is stored. */
function recordOf({ declared = {}, ...identity }: NewVendor): CanonicalObject {
  try {
    const record = { ...toDocument(identity), declared: declared as CanonicalObject };
    const length = canonicalBytes(record).length;
    demand(length <= RECORD_BYTES, 'payload_too_large', 'The record of the company is too long.');
    return record;
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal('request_malformed', `declared: ${(error as Error).message}`);
  }
}
