/** A measured outage before the deadline moves it, by the rule pack and by nobody's hand (requirement 80): no official can ask
 *  for it, and none can keep it away. Decided a few minutes before the deadline, so that bidders hear early, and again at it. */
import { formatInstant, fromBase64 } from '@segel/encoding';
import { downMs, outageDocument, outageExtension, outageWindow, planDeadline } from '@segel/procurement';
import type { OutageEvidence } from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Config } from '../platform/config/config.js';
import type { Tx } from '../platform/journal/act.js';
import { contentKey, ObjectStore } from '../platform/object-store/object-store.js';
import { Probe } from '../platform/probe/probe.entity.js';
import { Tender } from '../tenders/tender.entity.js';
import { publishedTender } from './bid-window.js';
import { Outage } from './outage.entity.js';

type OpenTender = Tender & { readonly deadlineAt: Date };

@Injectable()
export class OutageExtension {
  constructor(
    private readonly config: Config,
    private readonly store: ObjectStore,
  ) {}

  /** Under the tender's exclusive lock, of a tender that still takes bids: records an outage that counts and moves the one
   *  deadline row. Undefined: there is none. `extendedTo` null: the pack's extensions are used up; told at the deadline only. */
  async record(tx: Tx, tender: OpenTender): Promise<{ readonly extendedTo: Date | null } | undefined> {
    const { rulePack: pack, deadlineAt } = tender;
    const evidence = await this.evidence(tx, tender);
    if (evidence === undefined) return undefined;
    const earlier = await earlierOf(tx.manager, tender.id);
    const decided = outageExtension({ pack, deadlineAt, earlier, now: tx.now, downMs: downMs(evidence) });
    if (decided === undefined || (decided.extendedTo === null && tx.now < deadlineAt)) return undefined;
    const { minutes, extendedTo } = decided;
    const document = outageDocument(evidence);
    const evidenceSha256 = fromBase64(document.sha256);
    await this.store.put(contentKey(evidenceSha256), document.bytes);
    if (extendedTo !== null) await moveDeadline(tx, tender, extendedTo, minutes);
    const recorded = await tx.record({
      type: 'outage.recorded',
      tenderId: tender.id,
      body: {
        from: formatInstant(evidence.from),
        until: formatInstant(evidence.until),
        minutes,
        evidence_sha256: document.sha256,
        deadline: formatInstant(deadlineAt),
        ...(extendedTo === null ? {} : { extended_to: formatInstant(extendedTo) }),
      },
    });
    await tx.manager.insert(Outage, {
      id: tx.newId(),
      tenderId: tender.id,
      fromAt: evidence.from,
      untilAt: evidence.until,
      minutes,
      evidenceSha256,
      deadlineBefore: deadlineAt,
      extendedTo,
      leafSha256: fromBase64(recorded.leafSha256),
      recordedAt: tx.now,
    });
    return { extendedTo };
  }

  private async evidence(tx: Tx, tender: OpenTender): Promise<OutageEvidence | undefined> {
    const everyS = this.config.settings.OUTAGE_PROBE_S;
    const { id: tenderId, rulePack: pack, deadlineAt, publishedAt } = tender;
    if (everyS === 0 || publishedAt === null) return undefined;
    const earlier = await earlierOf(tx.manager, tenderId);
    const window = outageWindow({ pack, publishedAt, deadlineAt, earlier, now: tx.now });
    if (window === undefined) return undefined;
    // With the last one before the window: it may hold into it.
    const probes = await tx.manager
      .createQueryBuilder(Probe, 'p')
      .where('p.at < :until', window)
      .andWhere('p.at >= coalesce((SELECT max(e.at) FROM probe e WHERE e.at <= :from), :from)', window)
      .orderBy('p.at')
      .addOrderBy('p.id')
      .getMany();
    return { tenderId, ...window, everyS, probes: probes.map(({ at, ok, failed }) => ({ at, ok, failed })) };
  }
}

async function earlierOf(
  manager: EntityManager,
  tenderId: string,
): Promise<readonly { readonly until: Date; readonly extendedTo: Date | null }[]> {
  const rows = await manager.find(Outage, { where: { tenderId }, order: { id: 'ASC' } });
  return rows.map(({ untilAt, extendedTo }) => ({ until: untilAt, extendedTo }));
}

async function moveDeadline(tx: Tx, tender: OpenTender, deadlineAt: Date, minutes: number): Promise<void> {
  const { id: tenderId, title, rulePack } = tender;
  const { precommit } = await publishedTender(tx.manager, tenderId);
  await tx.manager.update(Tender, { id: tenderId }, { deadlineAt });
  for (const { job, key, runAt } of planDeadline(tenderId, { deadlineAt, precommit }, rulePack, tx.now))
    await tx.enqueue(job, { tenderId }, { runAt, key });
  const params = { tenderId, title, minutes: String(minutes), deadline: formatInstant(deadlineAt) };
  for (const accountId of await everybodyOf(tx.manager, tenderId))
    await tx.notify({ accountId, code: 'deadline_extended', params });
}

/** Everybody with a role on the tender, and everybody who acts for a vendor with a bid on it. */
async function everybodyOf(manager: EntityManager, tenderId: string): Promise<readonly string[]> {
  const rows = await manager.query<{ account_id: string }[]>(
    `SELECT account_id FROM role_assignment WHERE revoked_at IS NULL AND (tender_id = $1
       OR (role = 'vendor' AND organisation_id IN (SELECT vendor_id FROM bid WHERE tender_id = $1)))
     UNION SELECT submitted_by FROM bid WHERE tender_id = $1 ORDER BY account_id`,
    [tenderId],
  );
  return rows.map((row) => row.account_id);
}
