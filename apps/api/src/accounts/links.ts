/** One-use links: confirmation, reset, invitation. The token is derived from the row's id and a secret of the server,
 *  so that a copy of the database opens nothing; the mail job derives it again. */
import { equalBytes, type CanonicalObject } from '@segel/encoding';
import { invitedSha256 } from '@segel/evidence';
import { demand, LINK_MS, Refusal, type LinkPurpose, type Role } from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import { createHmac, hkdfSync } from 'node:crypto';
import { IsNull, Not } from 'typeorm';
import { Config } from '../platform/config/config.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/journal/act.js';
import { AccountToken } from './account-token.entity.js';

type Draft = {
  readonly purpose: LinkPurpose;
  readonly email: string;
  readonly accountId?: string;
  readonly role?: Role;
  readonly organisationId?: string;
  readonly vendorId?: string;
  readonly invitedBy?: string;
};

/** An invitation as its entries tell it. */
export const invitationBody = ({ id, email, role, organisationId, vendorId }: AccountToken): CanonicalObject => ({
  token_id: id,
  role: role!,
  organisation_id: (vendorId ?? organisationId)!,
  email_sha256: invitedSha256(id, email),
});

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

@Injectable()
export class Links {
  private readonly key: Uint8Array;

  constructor(
    config: Config,
    private readonly database: Database,
  ) {
    // A key of its own: nothing signed here can pass for a session token, nor the other way round.
    this.key = new Uint8Array(hkdfSync('sha256', config.settings.TOKEN_SECRET, '', 'segel/v1/account-link', 32));
  }

  /** Stores the link and lets a job mail it. */
  async issue(tx: Tx, draft: Draft): Promise<AccountToken> {
    const token = await this.store(tx, draft, tx.now);
    await this.mail(tx, token.id);
    return token;
  }

  /** Stores a link that holds, and is mailed, only when it is confirmed. */
  async request(tx: Tx, draft: Draft): Promise<AccountToken> {
    return this.store(tx, draft, null);
  }

  /** The requested link holds from now on, and is mailed. */
  async confirm(tx: Tx, id: string, confirmedBy: string): Promise<void> {
    const waiting = { id, confirmedAt: IsNull(), usedAt: IsNull() };
    const confirmed = await tx.manager.update(AccountToken, waiting, { confirmedAt: tx.now, confirmedBy });
    demand(confirmed.affected === 1, 'wrong_state', 'It is confirmed already.');
    await this.mail(tx, id);
  }

  private async mail(tx: Tx, tokenId: string): Promise<void> {
    await tx.enqueue('account.mail', { tokenId });
  }

  private async store(tx: Tx, draft: Draft, confirmedAt: Date | null): Promise<AccountToken> {
    const { purpose, email } = draft;
    const token: AccountToken = {
      id: tx.newId(),
      purpose,
      email,
      accountId: draft.accountId ?? null,
      role: draft.role ?? null,
      organisationId: draft.organisationId ?? null,
      vendorId: draft.vendorId ?? null,
      invitedBy: draft.invitedBy ?? null,
      createdAt: tx.now,
      expiresAt: new Date(tx.now.getTime() + LINK_MS[purpose]),
      confirmedAt,
      confirmedBy: null,
      usedAt: null,
    };
    await tx.manager.insert(AccountToken, token);
    return token;
  }

  /** `<id>.<base64url of the MAC>`: what the mail carries. */
  text(token: Pick<AccountToken, 'id' | 'purpose'>): string {
    return `${token.id}.${Buffer.from(this.mac(token.purpose, token.id)).toString('base64url')}`;
  }

  /** The row of a token that we made for this purpose and that holds. Throws `token_invalid`. */
  async read(text: string, purpose: LinkPurpose): Promise<AccountToken> {
    const [id = '', mac = ''] = text.split('.', 2);
    const ours = ID.test(id) && text === `${id}.${mac}` && equalBytes(this.mac(purpose, id), decode(mac));
    const row = ours ? await this.database.manager.findOneBy(AccountToken, { id, purpose }) : null;
    if (row === null || row.confirmedAt === null) throw new Refusal('token_invalid', 'This link is not valid.');
    return row;
  }

  /** Uses the token up. Throws `token_invalid` when it was used, `token_expired`. */
  async spend(tx: Tx, token: AccountToken): Promise<void> {
    demand(token.expiresAt > tx.now, 'token_expired', 'This link has expired; ask for a new one.');
    // The row decides, not what was read before the lock: of two requests with one token one finds it unused.
    const open = { id: token.id, usedAt: IsNull(), confirmedAt: Not(IsNull()) };
    const spent = await tx.manager.update(AccountToken, open, { usedAt: tx.now });
    demand(spent.affected === 1, 'token_invalid', 'This link was used already.');
  }

  /** No link of this purpose that the account was sent before holds any longer. */
  async void(tx: Tx, accountId: string, purpose: LinkPurpose): Promise<void> {
    await tx.manager.update(AccountToken, { accountId, purpose, usedAt: IsNull() }, { usedAt: tx.now });
  }

  private mac(purpose: string, id: string): Uint8Array {
    return new Uint8Array(createHmac('sha256', this.key).update(`${purpose}\n${id}`).digest());
  }
}

function decode(mac: string): Uint8Array {
  const bytes = Buffer.from(mac, 'base64url');
  // Decoding ignores what it does not know; a token has one spelling.
  return bytes.toString('base64url') === mac ? new Uint8Array(bytes) : new Uint8Array();
}
