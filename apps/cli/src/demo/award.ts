/** The committee, the ranking, the intended award, the standstill, the award. */
import { signDocument } from '@segel/encoding';
import { announceAward, decideAward, declareConflict } from '../acts/award.js';
import type { Player, Stage } from './cast.js';
import { eventually } from './eventually.js';
import type { PublishedTender } from './publish.js';
import type { Troupe } from './stage.js';
import type { Timeline } from './timeline.js';

type OpenedBid = { readonly id: string; readonly vendorName: string; readonly outcome: string };
type Evaluation = { readonly resultSha256?: string; readonly result?: Result };
type Result = {
  readonly bids: readonly { readonly vendor_id: string; readonly rank?: number; readonly corrected_total?: string }[];
};
type AwardView = {
  readonly state: string;
  readonly award?: {
    readonly vendorName: string;
    readonly amount: string;
    readonly currency: string;
    readonly standstillEndAt: string;
    readonly decidedAt?: string;
  };
};

export async function award(stage: Stage, troupe: Troupe, tender: PublishedTender, tell: Timeline): Promise<void> {
  for (const evaluator of troupe.evaluators) {
    await declareConflict(evaluator.api, evaluator.keys, {
      tenderId: tender.id,
      accountId: evaluator.id,
      conflict: false,
    });
  }
  tell.step('evaluators', 'declared that they have no interest; only now can they see the bids');
  for (const lot of tender.terms.lots) await awardLot(stage, troupe, tender, lot.id, tell);
}

async function awardLot(
  stage: Stage,
  troupe: Troupe,
  tender: PublishedTender,
  lotId: string,
  tell: Timeline,
): Promise<void> {
  const path = `/api/tenders/${tender.id}/lots/${lotId}`;
  for (const evaluator of troupe.evaluators) await judge(evaluator, path, tender);
  tell.step('evaluators', 'recorded a finding on every bid, each before seeing those of the others');
  for (const evaluator of troupe.evaluators) await signResult(evaluator, path, lotId);
  tell.step('evaluators', 'each computed the same result and signed it');
  const { awardAuthority } = troupe;
  await eventually('the intended award', () =>
    announceAward(awardAuthority.api, awardAuthority.keys, { tenderId: tender.id, lotId }),
  );
  const { award: intended } = await stage.api.get<AwardView>(`${path}/award`);
  tell.step(
    'award',
    `intended for ${intended?.vendorName}: ${intended?.amount} ${intended?.currency}; everybody told at once, with reasons`,
  );
  await eventually('the award', async () =>
    decideAward(awardAuthority.api, awardAuthority.keys, { tenderId: tender.id, lotId }),
  );
  const decided = await stage.api.get<AwardView>(`${path}/award`);
  tell.check(
    decided.award?.decidedAt !== undefined,
    `the award stands after the standstill (until ${intended?.standstillEndAt})`,
  );
}

async function judge(evaluator: Player, path: string, tender: PublishedTender): Promise<void> {
  const bids = await evaluator.api.list<OpenedBid>(`${path}/opened-bids`);
  for (const { id, outcome, vendorName } of bids) {
    if (outcome !== 'opened') continue;
    const unfit = vendorName === 'UD Sejahtera';
    const criterionId = tender.terms.criteria.find(({ kind }) => kind === 'technical')?.id;
    const rejection = {
      criterionId,
      evidence: 'documents/proposal-1.pdf, page 1',
      reason: 'The proposal names no site manager, which the terms require.',
    };
    await evaluator.api.post(`${path}/findings`, { bidId: id, admitted: !unfit, ...(unfit ? rejection : {}) });
  }
}

async function signResult(evaluator: Player, path: string, lotId: string): Promise<void> {
  const resultSha256 = await eventually(
    'the result',
    async () => (await evaluator.api.get<Evaluation>(`${path}/evaluation`)).resultSha256,
  );
  const signature = signDocument(
    'evaluation.consensus',
    { lot_id: lotId, sha256: resultSha256 },
    evaluator.keys.signingSecret,
  );
  await evaluator.api.post(`${path}/evaluation`, { resultSha256, ...signature });
}
