import type { Decimal } from './decimal.js';
import { decimal, sum } from './decimal.js';
import type { AbnormallyLow } from './evaluation-types.js';
import type { RulePack } from './rule-pack.js';

/** The abnormally low triggers that fire for one price (procurement.md section 6). Both sides are multiplied out, so
 *  nothing is divided and nothing rounded.
 *  @param others corrected totals of the other valid bids @param estimate the lot's estimate */
export function abnormallyLow(
  price: Decimal,
  others: readonly Decimal[],
  estimate: Decimal | undefined,
  triggers: RulePack['abnormallyLow'],
): readonly AbnormallyLow[] {
  const flags: AbnormallyLow[] = [];
  const { belowMeanPercent: mean, belowNextPercent: next, reasonablenessPercentOfEstimate: share } = triggers;
  if (mean !== undefined && others.length > 0) {
    const left = price.times('100').times(String(others.length));
    if (left.lte(sum(others).times(rest(mean)))) {
      flags.push({
        trigger: 'below_mean',
        percent: mean,
        text: `The price is ${mean} % or more below the mean of the others.`,
      });
    }
  }
  const higher = others.filter((other) => other.gt(price)).sort((a, b) => a.cmp(b))[0];
  if (next !== undefined && higher && price.times('100').lte(higher.times(rest(next)))) {
    flags.push({
      trigger: 'below_next',
      percent: next,
      text: `The price is ${next} % or more below the next higher one.`,
    });
  }
  if (share !== undefined && estimate && price.times('100').lt(estimate.times(decimal(share)))) {
    flags.push({ trigger: 'below_estimate', percent: share, text: `The price is under ${share} % of the estimate.` });
  }
  return flags;
}

function rest(percent: string): Decimal {
  return decimal('100').minus(decimal(percent));
}
