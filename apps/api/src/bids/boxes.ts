/** Closed boxes as everybody sees them, and the auditors' attestations of them (protocol section 5). */
import { toBase64, type Signature } from '@segel/encoding';
import { Refusal, attestBox, demand, type EnvelopeKind } from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import { IsNull, type EntityManager } from 'typeorm';
import { RoleAssignment } from '../accounts/role-assignment.entity.js';
import { demandOwnSignature } from '../platform/auth/own-signature.js';
import type { Actor } from '../platform/auth/actor.js';
import { Database } from '../platform/database/database.js';
import { Journal } from '../platform/journal/journal.js';
import { once } from './bid-rows.js';
import { BoxAttestation } from './box-attestation.entity.js';
import { Box } from './box.entity.js';
import type { AttestationBody, AttestationView, BoxView } from './boxes.dto.js';

type Row = {
  readonly id: string;
  readonly lot_id: string;
  readonly envelope: EnvelopeKind;
  readonly deadline_at: Date;
  readonly cut_size: number;
  readonly count: number;
  readonly set_root: Buffer;
  readonly entry_sha256: Buffer;
  readonly leaf_sha256: Buffer;
  readonly idx: number | null;
  readonly closed_at: Date;
};

@Injectable()
export class Boxes {
  constructor(
    private readonly database: Database,
    private readonly journal: Journal,
  ) {}

  /** All closed boxes of the tender; none before the close. */
  async list(tenderId: string): Promise<readonly BoxView[]> {
    const rows = await this.database.query<Row>(
      `SELECT x.*, t.deadline_at, e.idx FROM box x
       JOIN tender t ON t.id = x.tender_id
       LEFT JOIN tlog.entry e ON sha256(e.data) = x.leaf_sha256
       WHERE x.tender_id = $1 ORDER BY x.id`,
      [tenderId],
    );
    return Promise.all(rows.map(async (row) => viewOf(row, await this.attestationsOf(row.id))));
  }

  /** An auditor who opened every entry of the period signs for the box. */
  async attest(actor: Actor, tenderId: string, boxId: string, signature: Signature): Promise<AttestationView> {
    return this.journal.commit(actor, { on: 'tender', id: tenderId, mode: 'shared' }, async (tx) => {
      const box = await tx.manager.findOneBy(Box, { id: boxId, tenderId });
      demand(box, 'not_found', 'There is no such box.');
      const { boxIndex } = attestBox({
        roles: actor.roles.map((held) => held.role),
        tenderRoles: await rolesOn(tx.manager, actor.id, tenderId),
        boxIndex: await indexOf(tx.manager, box.leafSha256),
        attestedBefore: await tx.manager.existsBy(BoxAttestation, { boxId, auditorId: actor.id }),
      });
      const body = {
        lot_id: box.lotId,
        envelope: box.envelope,
        box_idx: boxIndex,
        set_root: toBase64(box.setRoot),
        cut_size: Number(box.cutSize),
      };
      const { key, sig } = signature;
      await demandOwnSignature(tx.manager, actor.id, 'box.attested', body, { key, sig });
      // TypeORM's type of a partial row does not end on a recursive document.
      const row: object = { id: tx.newId(), boxId, auditorId: actor.id, body, key, sig, attestedAt: tx.now };
      const twice = new Refusal('wrong_state', 'You have attested this box already.');
      await once(tx.manager.insert(BoxAttestation, row), twice);
      // The last thing that a box without a bid to open may have waited for; others wait for their openers.
      await tx.enqueue('opening.combine', { boxId }, { key: `combine:${boxId}` });
      await tx.record({ type: 'box.attested', tenderId, lotId: box.lotId, body, bodySig: [{ key, sig }] });
      return { key, sig, body, attestedAt: tx.now.toISOString() };
    });
  }

  private async attestationsOf(boxId: string): Promise<readonly AttestationView[]> {
    const rows = await this.database.manager.find(BoxAttestation, {
      where: { boxId },
      order: { id: 'ASC' },
      take: 100,
    });
    return rows.map(({ key, sig, body, attestedAt }) => ({
      key,
      sig,
      body: body as unknown as AttestationBody,
      attestedAt: attestedAt.toISOString(),
    }));
  }
}

async function rolesOn(
  manager: EntityManager,
  accountId: string,
  tenderId: string,
): Promise<Actor['roles'][number]['role'][]> {
  const rows = await manager.findBy(RoleAssignment, { accountId, tenderId, revokedAt: IsNull() });
  return rows.map((row) => row.role as Actor['roles'][number]['role']);
}

async function indexOf(manager: EntityManager, leafSha256: Uint8Array): Promise<number | undefined> {
  const [row] = await manager.query<{ idx: number }[]>('SELECT idx FROM tlog.entry WHERE sha256(data) = $1', [
    leafSha256,
  ]);
  return row?.idx;
}

function viewOf(row: Row, attestations: readonly AttestationView[]): BoxView {
  return {
    id: row.id,
    lotId: row.lot_id,
    envelope: row.envelope,
    deadlineAt: row.deadline_at.toISOString(),
    cutSize: Number(row.cut_size),
    count: row.count,
    setRoot: toBase64(row.set_root),
    entrySha256: toBase64(row.entry_sha256),
    leafSha256: toBase64(row.leaf_sha256),
    ...(row.idx === null ? {} : { index: Number(row.idx) }),
    closedAt: row.closed_at.toISOString(),
    attestations,
  };
}
