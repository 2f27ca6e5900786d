/** The evidence of a tender: one document, written as it is read, that lets strangers verify it without a database
 *  (protocol section 8). Nothing is in it before its disclosure point. */
import { toBase64, type CanonicalObject } from '@segel/encoding';
import { decodeEntry } from '@segel/evidence';
import { demand, packDocument } from '@segel/procurement';
import { PRICE_FORM_PATH, proveFile, type SealJson } from '@segel/sealing';
import { parseLeaf } from '@segel/tlog';
import { Injectable } from '@nestjs/common';
import { Outage } from '../bids/outage.entity.js';
import { Evaluation } from '../evaluations/evaluation.entity.js';
import { Finding } from '../evaluations/finding.entity.js';
import { holdsRole, type Actor } from '../platform/auth/actor.js';
import { Config } from '../platform/config/config.js';
import { Database } from '../platform/database/database.js';
import { Journal } from '../platform/journal/journal.js';
import { recordReading } from '../platform/journal/reading.js';
import { LogPolicy } from '../platform/log/policy-file.js';
import { contentKey, ObjectStore } from '../platform/object-store/object-store.js';
import { Tender } from '../tenders/tender.entity.js';
import { hasReached, isDisclosed, type Stage } from './disclosure.js';
import { bidsOf, blindedInPeriod, entriesOf, entryView, erasedView, keyEntries, type BidRow } from './evidence-rows.js';
import { stageOf } from './stage.js';

@Injectable()
export class EvidenceService {
  constructor(
    private readonly database: Database,
    private readonly journal: Journal,
    private readonly store: ObjectStore,
    private readonly policy: LogPolicy,
    private readonly config: Config,
  ) {}

  /** The document, piece by piece. An auditor gets all of the tender, and that is logged before anything is read.
   *  @throws Refusal `not_found` before the publication */
  async evidence(actor: Actor, tenderId: string): Promise<AsyncGenerator<string>> {
    const tender = await this.database.manager.findOneBy(Tender, { id: tenderId });
    demand(tender?.publishedAt, 'not_found', 'There is no such tender.');
    const everything = holdsRole(actor, 'auditor');
    if (everything) await recordReading(this.journal, actor, { what: 'tender evidence', subject: tenderId });
    const stage = await stageOf(this.database, tenderId, everything);
    return this.document(tender, stage, await this.terms(tenderId));
  }

  private async *document(tender: Tender, stage: Stage, terms: readonly object[]): AsyncGenerator<string> {
    const head = {
      v: 1,
      tenderId: tender.id,
      logOrigin: this.config.settings.LOG_ORIGIN,
      policy: this.policy.text,
      rulePack: toBase64(packDocument(tender.rulePack).bytes),
      lots: stage.lots.map(({ id, state }) => ({ id, state })),
      terms,
    };
    const counted = { shown: 0 };
    yield JSON.stringify(head).slice(0, -1);
    yield* listed('entries', this.entries(tender.id, stage, counted));
    yield* listed('manifests', this.manifests(tender.id, stage));
    yield* listed('opened', this.opened(tender.id, stage));
    const blinded = await blindedInPeriod(this.database, tender.id);
    const undisclosed = { blindedLeavesInPeriod: Math.max(0, blinded - counted.shown) };
    const outages = await this.outages(tender.id);
    const tail = { ...(await this.evaluated(tender.id, stage)), outages, undisclosed };
    yield `,${JSON.stringify(tail).slice(1)}`;
  }

  private async *entries(tenderId: string, stage: Stage, counted: { shown: number }): AsyncGenerator<object> {
    const keys = new Set<string>();
    const shown = new Set<number>();
    for await (const row of entriesOf(this.database, tenderId)) {
      if (!isDisclosed(row, stage)) continue;
      const leaf = parseLeaf(row.data);
      const bytes = leaf.blinded ? row.entryBytes : leaf.entryBytes;
      if (bytes === null) {
        // Erased: the leaf stays blinded, and the log says so. Shown all the same, so that it is counted.
        if (row.erasedBy !== null) yield erasedView(row);
        continue;
      }
      for (const { key } of decodeEntry(bytes).bodySig ?? []) keys.add(key);
      if (leaf.blinded) counted.shown++;
      shown.add(row.index);
      yield entryView(row);
    }
    for (const row of await keyEntries(this.database, keys)) if (!shown.has(row.index)) yield entryView(row);
  }

  private async *manifests(tenderId: string, stage: Stage): AsyncGenerator<object> {
    for await (const bid of this.bids(tenderId, stage)) {
      const bytes = await this.store.bytes(contentKey(bid.manifestObject));
      const envelope = JSON.parse(new TextDecoder().decode(bytes)) as object;
      yield { bidId: bid.id, commitment: toBase64(bid.commitment), envelope };
    }
  }

  private async *opened(tenderId: string, stage: Stage): AsyncGenerator<object> {
    for await (const bid of this.bids(tenderId, stage)) {
      if (bid.outcome === null) continue;
      const priced = stage.everything || hasReached(stage, bid.lotId, 'intended');
      yield {
        bidId: bid.id,
        commitment: toBase64(bid.commitment),
        outcome: bid.outcome,
        ...(bid.plaintextRoot === null ? {} : { plaintextRoot: toBase64(bid.plaintextRoot) }),
        ...(priced ? await this.offer(bid) : {}),
      };
    }
  }

  /** The form as it was in the bid, byte for byte, with the proof that it was. */
  private async offer({ seal }: BidRow): Promise<{ offer?: object }> {
    if (seal === null) return {};
    const sealJson = seal as unknown as SealJson;
    const at = sealJson.files.findIndex(({ path }) => path === PRICE_FORM_PATH);
    if (at < 0) return {};
    const proof = proveFile(sealJson, at);
    const bytes = await this.store.bytes(contentKey(Buffer.from(proof.file.sha256, 'base64')));
    return { offer: { bytes: toBase64(bytes), proof } };
  }

  private bids(tenderId: string, stage: Stage): AsyncGenerator<BidRow> {
    const lotIds = stage.lots.filter(({ opened }) => opened).map(({ id }) => id);
    return bidsOf(this.database, tenderId, { lotIds, everything: stage.everything });
  }

  private async evaluated(tenderId: string, stage: Stage): Promise<{ findings: object[]; results: object[] }> {
    const shown = (lotId: string): boolean => stage.everything || hasReached(stage, lotId, 'intended');
    const { manager } = this.database;
    const findings = await manager.find(Finding, { where: { tenderId }, order: { id: 'ASC' } });
    const evaluations = await manager.find(Evaluation, { where: { tenderId }, order: { id: 'ASC' } });
    return {
      findings: findings.filter(({ lotId }) => shown(lotId)).map(findingView),
      results: evaluations
        .filter(({ lotId }) => shown(lotId))
        .map(({ lotId, resultSha256, result, committee }) => ({
          lotId,
          sha256: toBase64(resultSha256),
          bytes: toBase64(result),
          committee,
        })),
    };
  }

  /** The probes that measured outages rest on. */
  private async outages(tenderId: string): Promise<readonly { readonly sha256: string; readonly bytes: string }[]> {
    const rows = await this.database.manager.find(Outage, { where: { tenderId }, order: { id: 'ASC' } });
    return Promise.all(
      rows.map(async ({ evidenceSha256 }) => {
        const bytes = await this.store.bytes(contentKey(evidenceSha256));
        return { sha256: toBase64(evidenceSha256), bytes: toBase64(bytes) };
      }),
    );
  }

  private async terms(
    tenderId: string,
  ): Promise<readonly { readonly version: number; readonly sha256: string; readonly bytes: string }[]> {
    const rows = await this.database.query<{ version: number; sha256: Buffer }>(
      `SELECT p.version, v.terms_sha256 AS sha256 FROM tender_publication p
       JOIN tender_version v ON v.tender_id = p.tender_id AND v.version = p.version
       WHERE p.tender_id = $1 ORDER BY p.version`,
      [tenderId],
    );
    return Promise.all(
      rows.map(async ({ version, sha256 }) => {
        const bytes = await this.store.bytes(contentKey(sha256));
        return { version, sha256: toBase64(sha256), bytes: toBase64(bytes) };
      }),
    );
  }
}

/** A member of the document whose list is written as it is read. */
async function* listed(name: string, items: AsyncIterable<object>): AsyncGenerator<string> {
  yield `,"${name}":[`;
  let between = '';
  for await (const item of items) {
    yield `${between}${JSON.stringify(item)}`;
    between = ',';
  }
  yield ']';
}

function findingView({ lotId, bidId, evaluatorId, admitted, criterionId, evidence, reason }: Finding): CanonicalObject {
  return {
    lotId,
    bidId,
    evaluatorId,
    admitted,
    ...(criterionId === null ? {} : { criterionId }),
    ...(evidence === null ? {} : { evidence }),
    ...(reason === null ? {} : { reason }),
  };
}
