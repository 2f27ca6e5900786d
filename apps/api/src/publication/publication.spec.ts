import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { signDocument, type CanonicalObject } from '@segel/encoding';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { startHarness, type Harness } from '../../../../test/support/harness.js';
import { evaluated, type LotToEvaluate } from '../../../../test/support/lot-to-evaluate.js';
import { attestBox, closeBoxes, releaseShares } from '../../../../test/support/opening-day.js';
import { draftTender, publishTender, type PublishedTender } from '../../../../test/support/published-tender.js';
import { approvedVendor, sealAndSubmit, withdraw } from '../../../../test/support/sealed-bid.js';
import type { Signer } from '../../../../test/support/tender-people.js';
import type { Evidence } from '../../../cli/src/verify/evidence.js';
import { verifyTender } from '../../../cli/src/verify/verify-tender.js';

jest.setTimeout(120_000);

describe('the evidence of a tender', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness();
  });
  afterEach(() => harness.verifyLog());
  afterAll(() => harness.stop());

  const evidenceOf = async (
    tender: { tenderId: string },
    as?: Signer,
  ): Promise<{ evidence: Evidence; text: string }> => {
    await harness.published();
    const answer = await harness.get<Evidence>(`/api/tenders/${tender.tenderId}/evidence`, as);
    expect(answer.status).toBe(200);
    return { evidence: answer.body, text: answer.text };
  };
  const errorsOf = async (tender: { tenderId: string }): Promise<string[]> => {
    await harness.published();
    const policy = await readFile(path.join(harness.folder, 'policy'), 'utf8');
    const report = await verifyTender({ base: harness.url, tenderId: tender.tenderId, policy });
    const errors = report.findings.filter(({ severity }) => severity === 'error');
    return errors.map(({ check, code }) => `${check}/${code}`);
  };
  it('knows no tender that is not published, and no malformed id', async () => {
    const draft = await draftTender(harness);
    const routes = [draft.tenderId, draft.lotIds[0]!].map((id) => `/api/tenders/${id}/evidence`);
    for (const route of routes) {
      expect((await harness.get(route)).status).toBe(404);
      expect((await harness.get(route, draft.people.preparer)).status).toBe(404);
    }
    expect((await harness.get('/api/tenders/unknown/evidence')).status).toBe(400);
  });

  it('tells nothing about bids before the opening, everything at each stage after, and verifies clean throughout', async () => {
    const tender = await publishTender(harness);
    expect(await errorsOf(tender)).toEqual([]);
    const [acme, bolt, cold] = [
      await approvedVendor(harness, 'Acme Paper'),
      await approvedVendor(harness, 'Bolt Desks'),
      await approvedVendor(harness, 'Cold Feet'),
    ];
    const bids = [
      await sealAndSubmit(harness, tender, acme, { unitPrice: '100.00' }),
      await sealAndSubmit(harness, tender, bolt, { unitPrice: '120.00' }),
    ];
    const former = await sealAndSubmit(harness, tender, cold);
    await withdraw(harness, tender.tenderId, cold, former);
    const secrets = [acme, bolt, cold].flatMap(({ id, vendorId, key }) => [id, vendorId, key]);
    secrets.push(
      'Acme',
      'Bolt',
      'Cold',
      former.bidId,
      ...bids.flatMap(({ bidId, manifestSha256 }) => [bidId, manifestSha256]),
    );
    const names = (text: string): string[] => secrets.filter((secret) => text.includes(secret));

    const before = await evidenceOf(tender);
    expect(names(before.text)).toEqual([]);
    expect(before.evidence).toMatchObject({ manifests: [], opened: [], findings: [], results: [] });
    expect(before.evidence.entries.map(({ type }) => type).filter((type) => type.startsWith('bid.'))).toEqual([]);

    const [box] = await closeBoxes(harness, tender);
    await attestBox(harness, tender, box!);
    const closed = await evidenceOf(tender);
    expect(names(closed.text)).toEqual([]);
    expect(await errorsOf(tender)).toEqual([]);

    await releaseShares(harness, tender, box!, [0, 1, 3, 4]);
    const opened = await evidenceOf(tender);
    expect(opened.evidence.manifests.map(({ bidId }) => bidId).sort()).toEqual(bids.map(({ bidId }) => bidId).sort());
    expect(opened.evidence.opened.map(({ outcome, offer }) => [outcome, offer])).toEqual([
      ['opened', undefined],
      ['opened', undefined],
    ]);
    expect([former.bidId, cold.vendorId, cold.key].filter((secret) => opened.text.includes(secret))).toEqual([]);
    expect(await errorsOf(tender)).toEqual([]);

    await awarded(tender);
    const after = await evidenceOf(tender);
    expect(after.evidence.opened.every(({ offer }) => offer !== undefined)).toBe(true);
    expect(after.evidence.findings).toHaveLength(6);
    expect([former.bidId, cold.vendorId, cold.key].filter((secret) => after.text.includes(secret))).toEqual([]);
    expect(await errorsOf(tender)).toEqual([]);

    const audited = await evidenceOf(tender, tender.people.auditor);
    expect(audited.evidence.entries.map(({ type }) => type)).toContain('bid.withdrawn');
    expect(audited.text).toContain(former.bidId);
    const reads = await harness.owner.query("SELECT FROM trail WHERE type = 'secret.read' AND actor_id = $1", [
      tender.people.auditor.id,
    ]);
    expect(reads.rowCount).toBe(1);
  });

  /** The committee finds nothing against anybody, and the award authority announces the first. */
  async function awarded(tender: PublishedTender): Promise<void> {
    const { tenderId, lotIds, people } = tender;
    const lotId = lotIds[0]!;
    const route = `/api/tenders/${tenderId}/lots/${lotId}`;
    const { evaluators, awardAuthority: authority, preparer } = people;
    const lot: LotToEvaluate = { tenderId, lotId, path: route, evaluators, authority, preparer, bids: [] };
    await evaluated(harness, lot);
    const draft = await harness.get<{ body: CanonicalObject & { standstill_end: string } }>(
      `${route}/award`,
      authority,
    );
    const { key, sig } = signDocument('award.intended', draft.body.body, authority.secret);
    const request = { standstillEndAt: draft.body.body.standstill_end, key, sig };
    const intended = await harness.post(`${route}/award`, request, authority);
    expect([intended.status, intended.text]).toEqual([201, expect.any(String)]);
  }
});
