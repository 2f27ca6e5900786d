/** The award went to the first rank, after the standstill. */
import { parseInstant } from '@segel/encoding';
import { standstillEnd } from '@segel/procurement';
import { MAY_HAVE_GAPS, seenInTime } from '../../seen-in-time.js';
import type { Findings, Where } from '../report.js';
import { lotOf, text, type TenderView } from '../tender-view.js';
import type { LogEntry } from './entries.js';
import { resultOf } from './evaluation.js';
import { firstCheckpoint } from './witnessed.js';

const SAME = ['bid_commitment', 'vendor_id', 'amount', 'currency', 'result_sha256'] as const;

/** Clocks of witnesses and of the log may be this far apart, in seconds. */
const CLOCKS_S = 60;

export async function awardCheck(view: TenderView, found: Findings): Promise<void> {
  for (const intended of view.of('award.intended')) {
    checkIntended(view, intended, found);
    await checkMoment(view, intended, found);
  }
  for (const decided of view.of('award.decided')) {
    const where = { entry: decided.index, lot: lotOf(decided) ?? '' };
    checkSigner(view, decided, found, where);
    const intended = view.of('award.intended').findLast((entry) => lotOf(entry) === where.lot);
    if (intended === undefined) {
      found.error('award_unannounced', 'A contract was awarded that was not announced before.', where);
      continue;
    }
    for (const field of SAME) {
      if (decided.entry.body[field] === intended.entry.body[field]) continue;
      found.error('award_differs', `The award differs from the intended one in ${field}.`, { ...where, field });
    }
    if (decided.entry.at < parseInstant(text(intended.entry.body, 'standstill_end'))) {
      found.error('standstill_broken', 'The contract was awarded before the standstill was over.', where);
    }
  }
}

function checkIntended(view: TenderView, intended: LogEntry, found: Findings): void {
  const { body, at } = intended.entry;
  const lotId = lotOf(intended) ?? '';
  const where = { entry: intended.index, lot: lotId };
  checkSigner(view, intended, found, where);
  const completed = view.of('evaluation.completed').find((entry) => lotOf(entry) === lotId);
  if (completed === undefined) {
    found.error('award_unevaluated', 'An award was announced without a published evaluation.', where);
  } else if (completed.index > intended.index || completed.entry.body['result_sha256'] !== body['result_sha256']) {
    found.error('award_result', 'The award rests on another result than the completed one.', where);
  }
  const winner = resultOf(view, lotId);
  const says = [winner?.winner?.commitment, winner?.winner?.vendorId, winner?.winner?.amount, winner?.currency];
  const announced = [body['bid_commitment'], body['vendor_id'], body['amount'], body['currency']];
  if (JSON.stringify(says) !== JSON.stringify(announced)) {
    found.error('award_not_first', 'The announced award is not the first rank of the evaluation.', where);
  }
  if (view.pack !== undefined && text(body, 'standstill_end') < standstillEnd(at, view.pack).toISOString()) {
    found.error('standstill_short', 'The announced standstill is shorter than the rule pack asks for.', where);
  }
}

/** The standstill is counted from the instant that the entry states; witnesses must have seen it then, else it could
 *  be stated as long past. */
async function checkMoment(view: TenderView, { index, entry }: LogEntry, found: Findings): Promise<void> {
  const where = { entry: index, lot: lotOf({ entry }) ?? '' };
  const what = `when the award of lot ${where.lot} was announced`;
  const first = await firstCheckpoint(view, index + 1, what, found, where);
  if (first === undefined) return;
  const at = entry.at.getTime() / 1000;
  const tolerance = view.noticeAt(index)?.entry.body['tolerance_s'] as number | undefined;
  const window = { from: at - CLOCKS_S, to: at + (tolerance ?? 0) + CLOCKS_S };
  const seen = await seenInTime(view.log, index + 1, first, window);
  if (seen === 'in_time') return;
  if (seen === 'unknown') return found.cannot(what, MAY_HAVE_GAPS);
  found.error('award_unwitnessed', 'No quorum of witnesses saw the announcement near the time that it states.', where);
}

function checkSigner(view: TenderView, { index, entry }: LogEntry, found: Findings, where: Where): void {
  const holder = view.keys.holder(entry.bodySig?.[0]?.key, index);
  const committee = view.evidence.results.find((result) => result.lotId === lotOf({ entry }))?.committee ?? [];
  if (holder !== undefined && committee.includes(holder.accountId))
    found.error('award_evaluator', 'Somebody who evaluated the bids awards the contract.', where);
  if (holder !== undefined && holder.kind !== 'vendor') return;
  found.error('award_signer', 'The award is not signed by a key that an official had registered.', where);
}
