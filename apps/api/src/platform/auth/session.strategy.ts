import { createSecretKey } from 'node:crypto';
import type { Role } from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { Clock } from '../clock/clock.js';
import { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import type { Actor, RoleHeld } from './actor.js';

export type TokenClaims = { readonly sub: string; readonly sid: string };

type Row = { readonly id: string; readonly roles: readonly RoleHeld[] };

const SESSION = {
  name: 'session',
  text: `
    SELECT a.id, coalesce((
      SELECT json_agg(json_build_object('role', r.role, 'organisationId', r.organisation_id, 'tenderId', r.tender_id))
      FROM role_assignment r WHERE r.account_id = a.id AND r.revoked_at IS NULL), '[]') AS roles
    FROM session s JOIN account a ON a.id = s.account_id
    WHERE s.id = $1 AND a.id = $2 AND s.revoked_at IS NULL AND a.revoked_at IS NULL AND s.expires_at > $3`,
};

/** Session tokens: HS256, one issuer, and a session row that is read on every request, so that a revocation holds
 *  at once (requirement 76). */
@Injectable()
export class SessionStrategy extends PassportStrategy(Strategy, 'session') {
  constructor(
    config: Config,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      // As a key, which the types do not know of: bytes would be tried as a public key first, on every request.
      secretOrKey: createSecretKey(config.settings.TOKEN_SECRET) as never,
      algorithms: ['HS256'],
      issuer: 'segel',
    });
  }

  /** The actor behind valid claims, or false. */
  async validate(claims: TokenClaims): Promise<Actor | false> {
    const rows = await this.database.ask<Row>(SESSION, [claims.sid, claims.sub, this.clock.now()]);
    const row = rows[0];
    if (row === undefined) return false;
    const vendor = row.roles.find((held) => held.role === ('vendor' satisfies Role));
    return {
      kind: 'person',
      id: row.id,
      sessionId: claims.sid,
      vendorId: vendor?.organisationId ?? undefined,
      roles: row.roles,
    };
  }
}
