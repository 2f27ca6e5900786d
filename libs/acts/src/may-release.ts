/** May I release? Decided from the log alone (protocol section 6): an operator who asks too early, for another set, or
 *  after an addendum nobody was told of, gets a refusal with a reason and no share. */
import { parseInstant, sha256, toBase64, utf8 } from '@segel/encoding';
import { notIndependent, quorumWithin } from '@segel/tlog';
import { check, CheckFailed } from './failure.js';
import type { LogReader } from './log-reader.js';
import {
  authorityKey,
  type BoxBody,
  deadlineOf,
  entriesOf,
  isSignedBy,
  type LoggedNotice,
  noticesOf,
  readTenderLog,
  type TenderLog,
} from './tender-log.js';

/** A quorum checkpoint older than this says nothing about now. */
const FRESH_MS = 10 * 60 * 1000;
/** Witnesses this far ahead of our clock mean that our clock is wrong. */
const AHEAD_MS = 60 * 1000;

export type ReleaseQuestion = {
  readonly log: LogReader;
  readonly tenderId: string;
  readonly lotId: string;
  readonly envelope: BoxBody['envelope'];
  /** Own clock. */
  readonly now: Date;
};

/** A closed box as the log has it. */
export type LoggedBox = { readonly index: number; readonly body: BoxBody };

/** Yes, and what for. */
export type ReleasePermission = {
  readonly tender: TenderLog;
  readonly notices: readonly LoggedNotice[];
  readonly notice: LoggedNotice;
  readonly box: LoggedBox;
  /** The frozen rules let the opening happen without an auditor: to be said. */
  readonly attestationWaived: boolean;
  /** The log's witnesses are marked as the operator's own: to be said. */
  readonly notIndependent: boolean;
};

/** What must hold before an opener releases, in the order in which it is found out, with the codes of what does not. */
export const RELEASE_CONDITIONS = {
  fresh: ['checkpoint_stale', 'clock_differs'],
  notice: ['tender_unknown', 'notice_unsigned', 'policy_differs'],
  going_on: ['tender_cancelled', 'tender_suspended'],
  deadline: ['deadline_earlier', 'deadline_running'],
  frozen: ['box_not_closed', 'box_repeated', 'notice_outdated', 'deadline_differs'],
  witnessed: ['unwitnessed', 'witnessed_early', 'witnessed_late'],
  attested: ['box_not_attested'],
  same_bids: ['set_differs', 'terms_differ'],
  all_here: ['ciphertext_awaited'],
} as const;

/** Returns when every condition holds; else throws CheckFailed with the code of the first that does not:
 *  `checkpoint_stale`, `clock_differs`, `tender_unknown`, `notice_unsigned`, `policy_differs`, `tender_cancelled`,
 *  `tender_suspended`, `deadline_earlier`, `deadline_running`, `box_not_closed`, `box_repeated`, `notice_outdated`, `deadline_differs`,
 *  `unwitnessed`, `witnessed_early`, `witnessed_late`, `box_not_attested`. */
export async function mayRelease(question: ReleaseQuestion): Promise<ReleasePermission> {
  const { log, tenderId, now } = question;
  demandFresh(log, now);
  const tender = await readTenderLog(log, tenderId);
  const notices = noticesOf(tender);
  const notice = notices.at(-1)!;
  check(
    notice.body.policy_sha256 === toBase64(sha256(utf8(log.policy.text))),
    'policy_differs',
    'The notice was published under another log policy than the one used here.',
  );
  demandGoingOn(tender, question.lotId);
  demandDeadlinesOnlyLater(tender);
  const inForce = deadlineOf(tender);
  const deadline = parseInstant(inForce);
  check(now >= deadline, 'deadline_running', `The deadline is ${inForce}: it has not passed.`);
  const box = boxOf(tender, question);
  check(
    box.body.latest_notice_sha256 === notice.sha256 && notice.index < box.index,
    'notice_outdated',
    'The box was closed on another notice than the latest one.',
  );
  check(box.body.deadline === inForce, 'deadline_differs', 'The box names another deadline.');
  await demandWitnessed(log, notice, box, deadline);
  if (notice.body.attestation_required) demandAttested(tender, box);
  return {
    tender,
    notices,
    notice,
    box,
    attestationWaived: !notice.body.attestation_required,
    notIndependent: notIndependent(log.policy.text),
  };
}

function demandFresh(log: LogReader, now: Date): void {
  const { quorumSince } = log.checkpoint;
  const seen = quorumSince === undefined ? undefined : quorumSince * 1000;
  check(
    seen !== undefined && now.getTime() - seen <= FRESH_MS,
    'checkpoint_stale',
    'The newest checkpoint was cosigned more than 10 minutes ago: what happened since is not known.',
  );
  check(seen - now.getTime() <= AHEAD_MS, 'clock_differs', 'The witnesses are ahead of the clock of this computer.');
}

/** A forged addendum that brings the deadline forward would open the bids early: vendors sealed for the later one. */
function demandDeadlinesOnlyLater(tender: TenderLog): void {
  const deadlines = entriesOf(tender, 'tender.published', 'tender.addendum', 'outage.recorded').flatMap(
    ({ entry: { type, body } }) => body[type === 'outage.recorded' ? 'extended_to' : 'deadline'] ?? [],
  ) as readonly string[];
  const later = deadlines.every((deadline, i) => i === 0 || deadline >= deadlines[i - 1]!);
  check(later, 'deadline_earlier', 'The deadline was moved to an earlier time.');
}

/** The failure of another lot, such as one that nobody bid for, does not end this one. */
function demandGoingOn(tender: TenderLog, lotId: string): void {
  const ended = entriesOf(tender, 'tender.cancelled', 'tender.failed').find(
    ({ entry }) => entry.lotId === undefined || entry.lotId === lotId,
  );
  check(ended === undefined, 'tender_cancelled', 'The tender was cancelled or has failed.');
  const last = entriesOf(tender, 'tender.suspended', 'tender.resumed').at(-1);
  check(last?.entry.type !== 'tender.suspended', 'tender_suspended', 'The tender is suspended.');
}

/** The one `box.closed` of a lot and envelope. */
export function boxOf(tender: TenderLog, { lotId, envelope }: Pick<ReleaseQuestion, 'lotId' | 'envelope'>): LoggedBox {
  const boxes = entriesOf(tender, 'box.closed')
    .map(({ index, entry }) => ({ index, body: entry.body as unknown as BoxBody }))
    .filter(({ body }) => body.lot_id === lotId && body.envelope === envelope);
  const [box, second] = boxes;
  check(box !== undefined, 'box_not_closed', 'The log does not say that the box was closed.');
  check(second === undefined, 'box_repeated', 'The log closes the box twice.');
  check(box.body.cut_size <= box.index, 'box_repeated', 'The box is cut after its own entry.');
  return box;
}

/** The quorum saw the first tree that goes beyond the box between the deadline and the tolerance after it: not before,
 *  so the box did not close early; not after, so nothing was slipped in later. Beyond, not at: a quiet log was cosigned
 *  at the very size of the cut long before the box was cut there. */
async function demandWitnessed(
  log: LogReader,
  notice: LoggedNotice,
  { body }: LoggedBox,
  deadline: Date,
): Promise<void> {
  const first = await log.firstCheckpoint(body.cut_size + 1);
  check(first?.quorumMet, 'unwitnessed', 'No cosigned checkpoint shows when the box was closed.');
  const deadlineMs = deadline.getTime();
  const from = Math.ceil(deadlineMs / 1000);
  const to = Math.floor(deadlineMs / 1000 + notice.body.tolerance_s);
  if (quorumWithin(log.policy, first.cosignatures, from, to)) return;
  const early = first.cosignatures.some(({ time }) => time < from);
  throw early
    ? new CheckFailed('witnessed_early', 'Witnesses saw the closed box before the deadline: it closed early.')
    : new CheckFailed('witnessed_late', 'Witnesses saw the closed box only after the tolerance of the notice.');
}

function demandAttested(tender: TenderLog, box: LoggedBox): void {
  const attested = entriesOf(tender, 'box.attested').some(({ index, entry }) => {
    const { body } = entry;
    const fits =
      body['lot_id'] === box.body.lot_id &&
      body['envelope'] === box.body.envelope &&
      body['box_idx'] === box.index &&
      body['set_root'] === box.body.set_root &&
      body['cut_size'] === box.body.cut_size;
    return (
      fits &&
      (entry.bodySig ?? []).some(({ key }) => isSignedBy(entry, key, tender.verify) && isAuditor(tender, key, index))
    );
  });
  check(attested, 'box_not_attested', 'No auditor has attested that the box is complete.');
}

/** A registered official's key that was registered for an auditor: with a role, or with the recipient that only
 *  auditors have. */
function isAuditor(tender: TenderLog, key: string, index: number): boolean {
  const registered = authorityKey(tender, key, index)?.entry.body;
  if (registered === undefined) return false;
  return registered['role'] === undefined
    ? registered['escrow_recipient'] !== undefined
    : registered['role'] === 'auditor';
}
