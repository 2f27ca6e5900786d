/** What people read about tenders. */
import { isUuidV7, toBase64, type CanonicalObject, type Signature } from '@segel/encoding';
import type { Finding, LotState, RulePack, TenderTerms } from '@segel/procurement';
import { checkTerms, demand, packDocument } from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Account } from '../accounts/account.entity.js';
import { Outage } from '../bids/outage.entity.js';
import type { Actor } from '../platform/auth/actor.js';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import { pageOf } from '../platform/http/page.js';
import { OpenerKey } from './opener-key.entity.js';
import { openerKeyView, type RegisteredOpenerKey } from './opener-keys.service.js';
import { TenderNotice } from './tender-notice.entity.js';
import { TenderPublication } from './tender-publication.entity.js';
import { lotsOf, newestVersion, openerKeysFor, teamOf, versionOf, type TenderRow } from './tender-rows.js';
import { frozenTerms } from './tender-terms.js';
import type { TenderListQuery } from './tenders.dto.js';
import { isOnTeam, visibleTender } from './visible.js';

export type PackSummary = Pick<RulePack, 'id' | 'version' | 'title' | 'demonstration' | 'unverified'> & {
  readonly sha256: string;
};
export type TeamMember = { readonly accountId: string; readonly name: string; readonly role: string };
export type TenderSummary = {
  readonly id: string;
  readonly ocid: string;
  readonly title: string;
  readonly state: string;
  readonly buyerName: string;
  readonly deadlineAt: Date | null;
  readonly publishedAt: Date | null;
  readonly timeZone: string;
};
export type NoticeView = {
  readonly type: string;
  readonly at: Date;
  readonly entrySha256: string;
  readonly leafSha256: string;
  readonly index?: number;
  readonly version?: number;
  readonly body?: CanonicalObject;
  readonly bodySig?: readonly Signature[];
};

type NoticeRow = Pick<NoticeView, 'type' | 'at'> & {
  readonly entry: Buffer;
  readonly leaf: Buffer;
  readonly idx: number | null;
};

@Injectable()
export class TendersService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Those the actor is on the team of, in any state, the newest first. */
  async mine(actor: Actor, { state, after, limit = 50 }: TenderListQuery): Promise<object> {
    demand(after === undefined || isUuidV7(after), 'request_malformed', '`after` is not of this list.', {
      field: 'after',
    });
    const own = actor.roles.flatMap((held) => held.tenderId ?? []);
    const rows = await this.database.query<TenderSummary>(
      `SELECT t.id, t.ocid, t.title, t.state, o.name AS "buyerName", t.deadline_at AS "deadlineAt",
         t.published_at AS "publishedAt", t.rule_pack #>> '{calendar,timeZone}' AS "timeZone"
       FROM tender t JOIN organisation o ON o.id = t.buyer_id
       WHERE t.id = ANY($4) AND ($1::text[] IS NULL OR t.state = ANY($1)) AND ($2::uuid IS NULL OR t.id < $2)
       ORDER BY t.id DESC LIMIT $3`,
      [state?.split(',') ?? null, after ?? null, limit + 1, own],
    );
    return pageOf(rows, limit);
  }

  async view(actor: Actor, tenderId: string): Promise<object> {
    const tender = await visibleTender(this.database, actor, tenderId);
    const manager = this.database.manager;
    const [version, lots, outages] = await Promise.all([
      versionOf(manager, tenderId, tender.version),
      lotsOf(manager, tenderId) as Promise<readonly { id: string; state: LotState }[]>,
      manager.find(Outage, { where: { tenderId }, order: { id: 'ASC' } }),
    ]);
    return {
      ...pick(tender),
      noticeSha256: tender.noticeSha256 === null ? undefined : toBase64(tender.noticeSha256),
      resealRequiredSince: tender.resealRequiredSince ?? undefined,
      rulePack: packSummary(tender.rulePack),
      rules: rulesView(tender.rulePack),
      terms: version.content,
      termsVersion: version.version,
      termsSha256: toBase64(version.termsSha256),
      lots,
      outages: outages.map(outageView),
      ...(isOnTeam(actor, tenderId) ? await this.teamView(tender, version.content) : {}),
    };
  }

  /** The canonical terms document: published versions for everybody, all of them for the team. */
  async termsBytes(actor: Actor, tenderId: string, version: number): Promise<Uint8Array> {
    await visibleTender(this.database, actor, tenderId);
    const published = await this.database.manager.existsBy(TenderPublication, { tenderId, version });
    demand(published || isOnTeam(actor, tenderId), 'not_found', 'The tender has no such version.');
    return frozenTerms((await versionOf(this.database.manager, tenderId, version)).content).bytes;
  }

  /** Keys that the terms in force name; for the team before the publication, all that are registered. */
  async openerKeys(actor: Actor, tenderId: string): Promise<readonly RegisteredOpenerKey[]> {
    const tender = await visibleTender(this.database, actor, tenderId);
    const manager = this.database.manager;
    const rows = await manager.find(OpenerKey, { where: { tenderId }, order: { id: 'ASC' } });
    const current = rows.filter((row) => row.revokedAt === null);
    if (tender.publishedAt === null) return current.map(openerKeyView);
    const { content } = await versionOf(manager, tenderId, tender.version);
    const named = content.groups.flatMap((group) => group.openerIds);
    return current.filter((row) => named.includes(row.openerId)).map(openerKeyView);
  }

  /** The entries that make up the tender in public: its notices and its cancellation, in their order. */
  async notices(actor: Actor, tenderId: string): Promise<readonly NoticeView[]> {
    await visibleTender(this.database, actor, tenderId);
    const rows = await this.database.query<NoticeRow>(
      `SELECT type, at, entry_sha256 AS entry, leaf_sha256 AS leaf, e.idx FROM trail
         LEFT JOIN tlog.entry e ON sha256(e.data) = leaf_sha256
       WHERE tender_id = $1 AND type IN ('tender.published', 'tender.addendum', 'tender.cancelled')`,
      [tenderId],
    );
    const manager = this.database.manager;
    const publications = await manager.findBy(TenderPublication, { tenderId });
    const notices = await manager.findBy(TenderNotice, { id: In(publications.map((one) => one.noticeId)) });
    const views = rows.map(({ type, at, entry, leaf, idx }): NoticeView => {
      const view = {
        type,
        at,
        entrySha256: toBase64(entry),
        leafSha256: toBase64(leaf),
        ...(idx === null ? {} : { index: idx }),
      };
      const publication = publications.find((one) => toBase64(one.leafSha256) === view.leafSha256);
      const notice = notices.find((one) => one.id === publication?.noticeId);
      if (publication === undefined || notice === undefined) return view;
      const bodySig = [
        { key: notice.preparerKey, sig: notice.preparerSig },
        { key: publication.approverKey, sig: publication.approverSig },
      ];
      return { ...view, version: publication.version, body: notice.body, bodySig };
    });
    // Entries of one millisecond have no order of their own; versions have, and a cancellation comes last.
    return views.toSorted((a, b) => (a.version ?? Infinity) - (b.version ?? Infinity));
  }

  private async teamView(
    tender: TenderRow,
    terms: TenderTerms,
  ): Promise<{
    team: readonly TeamMember[];
    findings: readonly Finding[];
    openersReady: number;
    newestVersion: number;
  }> {
    const manager = this.database.manager;
    const [assignments, newest] = await Promise.all([teamOf(manager, tender.id), newestVersion(manager, tender.id)]);
    const accounts = await manager.findBy(Account, { id: In(assignments.map(({ accountId }) => accountId)) });
    const names = new Map(accounts.map(({ id, name }) => [id, name]));
    const keys = await openerKeysFor(manager, tender.id, terms, assignments);
    return {
      team: assignments.map(({ accountId, role }) => ({ accountId, role, name: names.get(accountId) ?? '' })),
      findings: tender.publishedAt === null ? checkTerms(terms, tender.rulePack, this.clock.now()) : [],
      openersReady: keys.length,
      newestVersion: newest.version,
    };
  }
}

function pick(tender: TenderRow): object {
  const { id, ocid, buyerId, title, state, version, deadlineAt, createdAt, publishedAt } = tender;
  return { id, ocid, buyerId, title, state, version, deadlineAt, createdAt, publishedAt };
}

function outageView({ fromAt, untilAt, minutes, evidenceSha256, deadlineBefore, extendedTo }: Outage): object {
  const evidence = toBase64(evidenceSha256);
  return { from: fromAt, until: untilAt, minutes, evidenceSha256: evidence, deadlineBefore, extendedTo };
}

export function packSummary(pack: RulePack): PackSummary {
  const { id, version, title, demonstration, unverified } = pack;
  return { id, version, title, demonstration, unverified, sha256: packDocument(pack).sha256 };
}

/** The figures of a pack that everybody who bids should know. */
function rulesView(pack: RulePack): object {
  const { submission, evaluation, minimumBids, standstill, estimate, attestation, tieRule } = pack;
  return {
    timeZone: pack.calendar.timeZone,
    submission,
    evaluation,
    minimumBids,
    standstillDays: standstill.length,
    standstillWorking: standstill.calendar === 'working',
    rejectsAboveEstimate: estimate.rejectAbove,
    attestationRequired: attestation === 'required',
    tieRule,
  };
}
