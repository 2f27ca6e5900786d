/** What people see of their own account, and the public lists of organisations, officials and keys. */
import { formatInstant } from '@segel/encoding';
import { decodeEntry } from '@segel/evidence';
import { Injectable } from '@nestjs/common';
import { IsNull, LessThan, MoreThan, Not } from 'typeorm';
import type { Actor } from '../platform/auth/actor.js';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import { pageOf, type PageQuery } from '../platform/http/page.js';
import { AccountToken } from './account-token.entity.js';
import { Account } from './account.entity.js';
import type { InvitationPage, OfficialsQuery, OfficialPage, OrganisationPage } from './accounts.dto.js';
import type { KeyPage, KeysQuery } from './keys.dto.js';
import { Organisation } from './organisation.entity.js';
import { Session } from './session.entity.js';
import type { Me, SecurityEventPage, SessionPage } from './sessions.dto.js';
import { SigningKey } from './signing-key.entity.js';

const PAGE = 50;
const SECURITY_TYPES = ['account.%', 'role.%', 'key.%', 'access.denied', 'admin.acted'];

type TrailRow = { id: string; type: string; at: Date; actor_id: string; entry_bytes: Buffer | null };
type OfficialRow = {
  assignment: string;
  id: string;
  name: string;
  role: string;
  organisation_id: string;
  organisation_name: string;
};

@Injectable()
export class AccountsReads {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async me(actor: Actor): Promise<Me> {
    const account = await this.database.manager.findOneByOrFail(Account, { id: actor.id });
    const keys = await this.database.manager.find(SigningKey, { where: { accountId: actor.id }, order: { id: 'ASC' } });
    const { id, email, name, language } = account;
    return {
      id,
      email,
      name,
      language,
      ...(actor.vendorId === undefined ? {} : { vendorId: actor.vendorId }),
      roles: actor.roles.map(({ role, organisationId, tenderId }) => ({
        role,
        ...known({ organisationId, tenderId }),
      })),
      keys: keys.map((key) => ({
        id: key.id,
        key: base64(key.publicKey),
        registeredAt: formatInstant(key.registeredAt),
        ...known({ revokedAt: key.revokedAt && formatInstant(key.revokedAt) }),
      })),
    };
  }

  /** Own sign-ins, the newest first. */
  async sessions(actor: Actor, { after, limit = PAGE }: PageQuery): Promise<SessionPage> {
    const rows = await this.database.manager.find(Session, {
      where: { accountId: actor.id, ...(after === undefined ? {} : { id: LessThan(after) }) },
      order: { id: 'DESC' },
      take: limit + 1,
    });
    const views = rows.map(({ id, createdAt, expiresAt, ip, userAgent, revokedAt }) => ({
      id,
      createdAt: formatInstant(createdAt),
      expiresAt: formatInstant(expiresAt),
      ip,
      userAgent,
      current: id === actor.sessionId,
      ...known({ revokedAt: revokedAt && formatInstant(revokedAt) }),
    }));
    return pageOf(views, limit);
  }

  /** What happened to the own account, the newest first (requirement 77). */
  async securityEvents(actor: Actor, { after, limit = PAGE }: PageQuery): Promise<SecurityEventPage> {
    const rows = await this.database.query<TrailRow>(
      `SELECT t.id, t.type, t.at, t.actor_id, o.entry_bytes FROM trail t
       LEFT JOIN tlog.opening o ON o.commitment = t.commitment
       WHERE t.subject_id = $1 AND t.type LIKE ANY($2) AND ($3::uuid IS NULL OR t.id < $3)
       ORDER BY t.id DESC LIMIT $4`,
      [actor.id, SECURITY_TYPES, after ?? null, limit + 1],
    );
    return pageOf(
      rows.map((row) => ({
        id: row.id,
        type: row.type,
        at: formatInstant(row.at),
        byMyself: row.actor_id === actor.id,
        ...detailsOf(row.entry_bytes),
      })),
      limit,
    );
  }

  async organisations({ after, limit = PAGE }: PageQuery): Promise<OrganisationPage> {
    const rows = await this.database.manager.find(Organisation, {
      where: after === undefined ? {} : { id: MoreThan(after) },
      order: { id: 'ASC' },
      take: limit + 1,
    });
    const views = rows.map(({ id, kind, name, identifierScheme, identifier }) => ({
      id,
      kind,
      name,
      ...known({ identifierScheme, identifier }),
    }));
    return pageOf(views, limit);
  }

  /** Invitations to officials' roles that can still be confirmed or accepted, for operators. */
  async invitations({ after, limit = PAGE }: PageQuery): Promise<InvitationPage> {
    const open = { purpose: 'invite', vendorId: IsNull(), usedAt: IsNull(), expiresAt: MoreThan(this.clock.now()) };
    const rows = await this.database.manager.find(AccountToken, {
      where: { ...open, ...(after === undefined ? {} : { id: MoreThan(after) }) },
      order: { id: 'ASC' },
      take: limit + 1,
    });
    const views = rows.map(({ id, email, role, organisationId, invitedBy, createdAt, expiresAt, confirmedAt }) => ({
      id,
      email,
      role: role!,
      organisationId: organisationId!,
      ...known({ requestedBy: invitedBy }),
      requestedAt: formatInstant(createdAt),
      expiresAt: formatInstant(expiresAt),
      state: confirmedAt === null ? 'requested' : 'confirmed',
    }));
    return pageOf(views, limit);
  }

  /** Officials of whom a tender's team is composed. */
  async officials({ role, after, limit = PAGE }: OfficialsQuery): Promise<OfficialPage> {
    const rows = await this.database.query<OfficialRow>(
      `SELECT r.id AS assignment, a.id, a.name, r.role, o.id AS organisation_id, o.name AS organisation_name
       FROM role_assignment r JOIN account a ON a.id = r.account_id JOIN organisation o ON o.id = r.organisation_id
       WHERE r.revoked_at IS NULL AND r.tender_id IS NULL AND a.revoked_at IS NULL
         AND ($1::text IS NULL OR r.role = $1) AND ($2::uuid IS NULL OR r.id > $2)
       ORDER BY r.id LIMIT $3`,
      [role ?? null, after ?? null, limit + 1],
    );
    const last = rows.length > limit ? rows[limit - 1]?.assignment : undefined;
    const items = rows.slice(0, limit).map((row) => ({
      id: row.id,
      name: row.name,
      role: row.role,
      organisationId: row.organisation_id,
      organisationName: row.organisation_name,
    }));
    return { items, ...(last === undefined ? {} : { next: last }) };
  }

  async keys({ accountId, vendorId, after, limit = PAGE }: KeysQuery): Promise<KeyPage> {
    const rows = await this.database.manager.find(SigningKey, {
      where: { id: after === undefined ? Not(IsNull()) : MoreThan(after), ...known({ accountId, vendorId }) },
      order: { id: 'ASC' },
      take: limit + 1,
    });
    const views = rows.map((row) => ({
      id: row.id,
      key: base64(row.publicKey),
      accountId: row.accountId,
      ...known({ vendorId: row.vendorId, escrowRecipient: row.escrowRecipient }),
      entrySha256: base64(row.entrySha256),
      leafSha256: base64(row.leafSha256),
      registeredAt: formatInstant(row.registeredAt),
      ...known({ revokedAt: row.revokedAt && formatInstant(row.revokedAt) }),
    }));
    return pageOf(views, limit);
  }
}

function detailsOf(entryBytes: Buffer | null): Record<string, string> {
  if (entryBytes === null) return {};
  const { body } = decodeEntry(new Uint8Array(entryBytes));
  const text = (name: string): string | undefined => (typeof body[name] === 'string' ? body[name] : undefined);
  return known({
    what: text('what') ?? text('purpose'),
    reason: text('reason'),
    act: text('act'),
    role: text('role'),
    sessionId: text('session_id'),
  });
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** The members that have a value. */
function known<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], null> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null && value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], null>;
  };
}
