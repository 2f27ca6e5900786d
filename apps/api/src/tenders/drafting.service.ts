/** Drafts: made, imported, changed version by version until they are submitted. */
import { fromBase64 } from '@segel/encoding';
import { importRelease, type ImportedBid } from '@segel/ocds';
import { demand, demandRole, refuseInProduction, rulePack } from '@segel/procurement';
import type { OpenerGroup, TenderTerms } from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import { Organisation } from '../accounts/organisation.entity.js';
import { RoleAssignment } from '../accounts/role-assignment.entity.js';
import type { Actor } from '../platform/auth/actor.js';
import { Clock } from '../platform/clock/clock.js';
import { Config } from '../platform/config/config.js';
import type { Tx } from '../platform/journal/act.js';
import { Journal } from '../platform/journal/journal.js';
import { TenderVersion } from './tender-version.entity.js';
import { Tender } from './tender.entity.js';
import { heldInOrganisation, newestVersion, teamOf, tenderUnderLock } from './tender-rows.js';
import { demandAgreement, demandShape, frozenTerms, type FrozenTerms } from './tender-terms.js';
import type { TermsDto } from './terms.dto.js';

/** The log's limit for an ocid. */
const OCID_MAX = 100;

export type Drafted = {
  readonly id: string;
  readonly ocid: string;
  readonly version: number;
  readonly termsSha256: string;
};
export type Import = {
  readonly package: object;
  readonly buyerId: string;
  readonly rulePackId: string;
  readonly suite: TenderTerms['suite'];
  readonly enquiryEndAt: string;
  readonly deadlineAt: string;
  readonly groups?: readonly OpenerGroup[];
};

@Injectable()
export class DraftingService {
  constructor(
    private readonly journal: Journal,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  async create(actor: Actor, buyerId: string, terms: TermsDto): Promise<Drafted> {
    const id = this.clock.newId();
    return this.journal.commit(actor, { on: 'tender', id, mode: 'exclusive' }, async (tx) => {
      const frozen = frozenTerms(terms);
      demand(frozen.content.source === undefined, 'terms_invalid', 'Only an import names a source.', {
        path: 'source',
      });
      return this.insert(tx, actor, { id, ocid: `ocds-segel-${id}`, buyerId }, frozen);
    });
  }

  /** A draft from a release package. An ocid that is taken, or too long for an entry, is extended or replaced. */
  async import(
    actor: Actor,
    input: Import,
  ): Promise<Drafted & { readonly notes: readonly string[]; readonly bids: readonly ImportedBid[] }> {
    const id = this.clock.newId();
    return this.journal.commit(actor, { on: 'tender', id, mode: 'exclusive' }, async (tx) => {
      const buyer = await tx.manager.findOneBy(Organisation, { id: input.buyerId, kind: 'buyer' });
      demand(buyer, 'not_found', 'There is no such buyer.');
      const { terms, notes, bids } = importRelease(input.package, {
        shift: { now: tx.now, deadlineAt: new Date(input.deadlineAt) },
        rulePackId: input.rulePackId,
        groups: input.groups ?? [],
        suite: input.suite,
        newId: () => tx.newId(),
        buyer: { id: buyer.id, name: buyer.name },
      });
      const frozen = frozenTerms({ ...terms, enquiryEndAt: input.enquiryEndAt });
      demandShape(frozen.content);
      const ocid = await freeOcid(tx, terms.source?.ocid ?? '', id);
      const drafted = await this.insert(tx, actor, { id, ocid, buyerId: buyer.id }, frozen);
      return { ...drafted, notes, bids };
    });
  }

  /** The next version of a draft, by somebody who has seen the newest one. */
  async change(actor: Actor, tenderId: string, seen: number, terms: TermsDto): Promise<Drafted> {
    return this.journal.commit(actor, { on: 'tender', id: tenderId, mode: 'exclusive' }, async (tx) => {
      const tender = await tenderUnderLock(tx, tenderId);
      demandRole(await teamOf(tx.manager, tenderId), actor.id, 'preparer');
      demand(
        tender.state === 'draft',
        'wrong_state',
        'Only a draft is changed; a published tender takes an addendum.',
        {
          state: tender.state,
        },
      );
      demand(seen === tender.version, 'terms_changed', 'Somebody changed the draft since.', {
        version: tender.version,
      });
      const frozen = frozenTerms(terms);
      const before = (await newestVersion(tx.manager, tenderId)).content;
      const sameSource = JSON.stringify(before.source ?? {}) === JSON.stringify(frozen.content.source ?? {});
      demand(sameSource, 'terms_invalid', 'The source of an import does not change.', { path: 'source' });
      const pack = this.pack(frozen.content);
      await demandAgreement(tx.manager, tender, frozen.content);
      const version = tender.version + 1;
      const { title } = frozen.content;
      await tx.manager.update(Tender, { id: tenderId }, { version, title, rulePack: pack });
      return this.store(tx, actor, { id: tenderId, ocid: tender.ocid, version }, frozen);
    });
  }

  private async insert(
    tx: Tx,
    actor: Actor,
    tender: { readonly id: string; readonly ocid: string; readonly buyerId: string },
    frozen: FrozenTerms,
  ): Promise<Drafted> {
    const pack = this.pack(frozen.content);
    const held = await heldInOrganisation(tx.manager, actor.id);
    const ofBuyer = held.some(({ role, organisationId }) => role === 'preparer' && organisationId === tender.buyerId);
    demand(ofBuyer, 'not_allowed', 'Only a preparer of the buyer drafts its tenders.');
    await demandAgreement(tx.manager, tender, frozen.content);
    await tx.manager.insert(Tender, {
      ...tender,
      title: frozen.content.title,
      state: 'draft',
      version: 1,
      rulePack: pack,
      createdBy: actor.id,
      createdAt: tx.now,
    });
    await tx.manager.insert(RoleAssignment, {
      id: tx.newId(),
      accountId: actor.id,
      role: 'preparer',
      tenderId: tender.id,
      grantedAt: tx.now,
      grantedBy: actor.id,
    });
    return this.store(tx, actor, { id: tender.id, ocid: tender.ocid, version: 1 }, frozen);
  }

  private async store(
    tx: Tx,
    actor: Actor,
    { id, ocid, version }: { readonly id: string; readonly ocid: string; readonly version: number },
    frozen: FrozenTerms,
  ): Promise<Drafted> {
    await tx.manager.insert(TenderVersion, {
      id: tx.newId(),
      tenderId: id,
      version,
      content: frozen.content,
      termsSha256: fromBase64(frozen.sha256),
      kind: 'draft',
      preparedBy: actor.id,
      preparedAt: tx.now,
    });
    await tx.record({ type: 'tender.drafted', tenderId: id, body: { version, terms_sha256: frozen.sha256 } });
    return { id, ocid, version, termsSha256: frozen.sha256 };
  }

  private pack(terms: TenderTerms): ReturnType<typeof rulePack> {
    const pack = rulePack(terms.rulePackId);
    refuseInProduction(pack, this.config.production);
    return pack;
  }
}

async function freeOcid(tx: Tx, ocid: string, id: string): Promise<string> {
  const own = `ocds-segel-${id}`;
  if (ocid === '' || ocid.length + 1 + id.length > OCID_MAX) return own;
  // Two imports of one file at once: the second waits here and then sees the first.
  await tx.manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 2))', [ocid]);
  return (await tx.manager.existsBy(Tender, { ocid })) ? `${ocid}-${id}` : ocid;
}
