/** People, organisations, roles, sessions, links and keys as the entries say they are. */
import { credentialSha256, identitySha256, invitedSha256 } from '@segel/evidence';
import { LINK_MS, SESSION_MS, type LinkPurpose } from '@segel/procurement';
import { formatInstant, parseInstant } from '@segel/encoding';
import type { Act } from './row-audit-log.js';
import { ExpectedTable, OneOf, type Cell, type ExpectedRow, type Row } from './row-audit-rows.js';

export class ExpectedPeople {
  readonly organisation = new ExpectedTable('organisation');
  readonly account = new ExpectedTable('account');
  readonly session = new ExpectedTable('session');
  readonly token = new ExpectedTable('account_token');
  readonly role = new ExpectedTable('role_assignment');
  readonly key = new ExpectedTable('signing_key');
  readonly revocation = new ExpectedTable('account_revocation');

  constructor(
    private readonly logOrigin: string,
    /** Whom an entry is about where its body does not say: the trail's word. */
    private readonly subjectOf: (entryId: string) => Cell,
  ) {}

  get tables(): readonly ExpectedTable[] {
    const { organisation, account, session, token, role, key, revocation } = this;
    return [organisation, account, session, token, role, key, revocation];
  }

  take(act: Act): void {
    const { type, body } = act.entry;
    if (type === 'organisation.registered') this.registered(act);
    else if (type === 'account.opened') this.opened(act);
    else if (type === 'account.link_sent') this.linkSent(act);
    else if (type === 'account.invitation_requested') this.invited(act, act.entry.actor.id);
    else if (type === 'account.invited') this.confirmed(act);
    else if (type === 'account.signed_in') this.signedIn(act);
    else if (type === 'account.credential_changed') this.changed(act);
    else if (type === 'account.revoked') this.revoked(act);
    else if (type === 'account.erased') this.erased(act);
    else if (type === 'role.granted') this.granted(act);
    else if (type === 'role.revoked') this.endRole(act);
    else if (type === 'key.vendor.registered' || type === 'key.authority.registered') this.keyRegistered(act);
    else if (type === 'key.vendor.revoked' || type === 'key.authority.revoked')
      this.key.find({ public_key: body['key'] as string })?.set({ revoked_at: act.at }, act.index);
    else if (type === 'vendor.registered')
      this.addRole(act, act.entry.actor.id, 'vendor', { organisation_id: body['vendor_id'] as string });
    else if (type === 'tender.drafted' && body['version'] === 1)
      this.addRole(act, act.entry.actor.id, 'preparer', { tender_id: act.entry.tenderId! });
    else if (type === 'admin.acted' && body['act'] === 'account.revocation_requested') this.askedToRevoke(act);
    else if (type === 'admin.acted' && body['act'] === 'company.invitation_withdrawn')
      this.invitation((body['detail'] as readonly string[])[0])?.set({ used_at: act.at }, act.index);
  }

  private registered({ entry, at, index }: Act): void {
    const { organisation_id: id, identifier_scheme: scheme, kind, name, identifier } = entry.body as Row;
    this.organisation.add(
      { id: id! },
      { kind: kind!, name: name!, identifier_scheme: scheme ?? null, identifier: identifier ?? null, created_at: at },
      index,
    );
  }

  private opened(act: Act): void {
    const { entry, at, index } = act;
    const id = entry.body['account_id'] as string;
    const invited = entry.body['invited'] === true;
    const hashes = hashesOf(act);
    this.account.add({ id }, { created_at: at, confirmed_at: invited ? at : null, revoked_at: null, ...hashes }, index);
    if (!invited) {
      this.link(act, 'confirm', id);
      return;
    }
    this.spend(act);
    this.addRole(act, id, entry.body['role'] as string, { organisation_id: entry.body['organisation_id'] as string });
  }

  private linkSent(act: Act): void {
    const id = act.entry.body['account_id'] as string;
    if (act.entry.body['purpose'] !== 'reset') return;
    this.voidLinks(act, id, 'reset');
    this.link(act, 'reset', id);
  }

  private link({ at, index }: Act, purpose: LinkPurpose, accountId: string): void {
    const nobody = { role: null, organisation_id: null, vendor_id: null, invited_by: null, confirmed_by: null };
    this.token.add(
      { account_id: accountId, purpose, created_at: at },
      { ...nobody, confirmed_at: at, used_at: null, expires_at: later(at, LINK_MS[purpose]) },
      index,
    );
  }

  /** An invitation; it holds when a second operator confirmed it. */
  private invited(act: Act, by: string | null): ExpectedRow {
    const { token_id: id, role, organisation_id: organisation, email_sha256: email } = act.entry.body as Row;
    return this.token.add(
      { account_id: null, purpose: 'invite', created_at: act.at },
      {
        id: id!,
        role: role!,
        // Into a company, the organisation of the role is the vendor.
        organisation_id: role === 'vendor' ? null : organisation!,
        vendor_id: role === 'vendor' ? organisation! : null,
        invited_by: by,
        expires_at: later(act.at, LINK_MS.invite),
        confirmed_at: null,
        confirmed_by: null,
        used_at: null,
        ...(email === undefined ? {} : { email }),
      },
      act.index,
    );
  }

  private confirmed(act: Act): void {
    const known = this.invitation(act.entry.body['token_id']);
    if (known !== undefined) {
      known.set({ confirmed_at: act.at, confirmed_by: act.entry.actor.id }, act.index);
      return;
    }
    // Who registered a company invites its people alone.
    if (act.entry.body['role'] === 'vendor') {
      this.invited(act, act.entry.actor.id).set({ confirmed_at: act.at }, act.index);
      return;
    }
    // The first operators are invited by the installation itself, into an organisation that it enters for them.
    this.invited(act, null).set({ confirmed_at: act.at }, act.index);
    const id = act.entry.body['organisation_id'] as string;
    if (this.organisation.find({ id }) !== undefined) return;
    const unidentified = { identifier_scheme: null, identifier: null };
    this.organisation.add(
      { id },
      { kind: 'operator', name: this.logOrigin, ...unidentified, created_at: act.at },
      act.index,
    );
  }

  private invitation(id: unknown): ExpectedRow | undefined {
    return id === undefined ? undefined : this.token.rows.find(({ cells }) => cells['id'] === id);
  }

  private spend(act: Act): void {
    const id = act.entry.body['token_id'];
    this.invitation(id)?.set({ used_at: act.at }, act.index);
  }

  private signedIn({ entry, at, index }: Act): void {
    const { session_id: id, account_id: account } = entry.body as Row;
    this.session.add(
      { id: id! },
      { account_id: account!, created_at: at, expires_at: later(at, SESSION_MS), revoked_at: null },
      index,
    );
  }

  private changed(act: Act): void {
    const { entry, at, index } = act;
    const id = entry.body['account_id'] as string;
    const account = this.account.find({ id });
    if (entry.body['what'] === 'email_confirmed') {
      account?.set({ confirmed_at: at }, index);
      this.voidLinks(act, id, 'confirm');
    }
    if (entry.body['what'] !== 'password') return;
    account?.set({ ...(account.cells['confirmed_at'] === null ? { confirmed_at: at } : {}), ...hashesOf(act) }, index);
    this.voidLinks(act, id, 'reset');
    // Who replaces a password stays signed in where it was done: the entry does not say in which session.
    for (const session of this.session.filter(({ cells }) => cells['account_id'] === id))
      if (session.cells['revoked_at'] === null) session.set({ revoked_at: new OneOf([at, null]) }, index);
  }

  private voidLinks({ at, index }: Act, accountId: string, purpose: LinkPurpose): void {
    for (const link of this.token.filter(({ key }) => key['account_id'] === accountId && key['purpose'] === purpose))
      if (link.cells['used_at'] === null) link.set({ used_at: at }, index);
  }

  private revoked({ entry, at, index }: Act): void {
    const { account_id: account, session_id: session } = entry.body as Row;
    if (session === undefined) this.account.find({ id: account! })?.set({ revoked_at: at }, index);
    const ended = this.session.filter(({ key, cells }) =>
      session === undefined ? cells['account_id'] === account : key['id'] === session,
    );
    for (const one of ended)
      if (one.cells['revoked_at'] === null || one.cells['revoked_at'] instanceof OneOf)
        one.set({ revoked_at: at }, index);
  }

  /** Address, name and password are gone from the row, and the address from the links. */
  private erased({ entry, index }: Act): void {
    const id = entry.body['account_id'] as string;
    const identity = identitySha256({ id, email: `erased-${id}@account.invalid`, name: '(erased)' });
    this.account.find({ id })?.set({ 'email, name': identity, password_hash: credentialSha256('erased') }, index);
    for (const link of this.token.rows) {
      const { id: tokenId, email } = link.cells;
      if (typeof tokenId !== 'string' || typeof email !== 'string') continue;
      // Only the row says whose address it was.
      link.set({ email: new OneOf([email, invitedSha256(tokenId, 'erased@account.invalid')]) }, link.entry);
    }
  }

  private granted(act: Act): void {
    const { entry, at, index } = act;
    const { account_id: id, role, organisation_id: organisation } = entry.body as Row;
    if (entry.tenderId !== undefined) {
      this.addRole(act, id as string, role as string, { tender_id: entry.tenderId });
      return;
    }
    this.spend(act);
    const account = this.account.find({ id: id! });
    if (account !== undefined && account.cells['confirmed_at'] === null) {
      account.set({ confirmed_at: at, ...hashesOf(act) }, index);
      for (const purpose of ['confirm', 'reset'] as const) this.voidLinks(act, id as string, purpose);
    }
    const held = this.role.rows.some(
      ({ key, cells }) =>
        key['account_id'] === id &&
        key['role'] === role &&
        key['organisation_id'] === organisation &&
        !cells['revoked_at'],
    );
    if (!held) this.addRole(act, id as string, role as string, { organisation_id: organisation! });
  }

  private addRole(act: Act, accountId: string, role: string, of: Row): void {
    const { at, index, entry } = act;
    const key = { account_id: accountId, role, organisation_id: null, tender_id: null, ...of, granted_at: at };
    // Of an invitation it was its first operator, or the installation itself, who gave the role.
    const token = this.invitation(entry.body['token_id']);
    const grantedBy = token === undefined ? entry.actor.id : ((token.cells['invited_by'] as Cell) ?? 'system');
    this.role.add(key, { revoked_at: null, granted_by: grantedBy }, index);
  }

  private endRole({ entry, at, index }: Act): void {
    const { account_id: account, role, organisation_id: organisation } = entry.body as Row;
    const ended = this.role.filter(
      ({ key, cells }) =>
        key['account_id'] === account &&
        key['role'] === role &&
        key['organisation_id'] === (organisation ?? null) &&
        key['tender_id'] === (entry.tenderId ?? null) &&
        cells['revoked_at'] === null,
    );
    for (const one of ended) one.set({ revoked_at: at }, index);
  }

  private keyRegistered({ entry, at, index, entrySha256, leafSha256 }: Act): void {
    const { key, account_id: account, vendor_id: vendor, escrow_recipient: escrow } = entry.body as Row;
    this.key.add(
      { public_key: key! },
      {
        account_id: account!,
        vendor_id: vendor ?? null,
        escrow_recipient: escrow ?? null,
        entry_sha256: entrySha256,
        leaf_sha256: leafSha256,
        registered_at: at,
        revoked_at: null,
      },
      index,
    );
  }

  private askedToRevoke({ entry, at, index }: Act): void {
    const [reason] = entry.body['detail'] as readonly string[];
    const account = this.subjectOf(entry.id);
    this.revocation.add(
      { requested_by: entry.actor.id, requested_at: at },
      { account_id: account, reason: reason! },
      index,
    );
  }
}

/** Hashes of what is no log's business in the clear: who somebody is, and the password's own hash. */
function hashesOf({ entry }: Act): Readonly<Record<string, Cell>> {
  const { identity_sha256: identity, credential_sha256: credential } = entry.body as Row;
  return {
    ...(identity === undefined ? {} : { 'email, name': identity }),
    ...(credential === undefined ? {} : { password_hash: credential }),
  };
}

function later(at: string, ms: number): string {
  return formatInstant(parseInstant(at).getTime() + ms);
}
