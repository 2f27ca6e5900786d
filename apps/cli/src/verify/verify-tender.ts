/** `segel verify tender`: from published data alone, was this tender run as the rules and the notice say?
 *  (protocol section 8) */
import { attestedCheck } from './checks/attested.js';
import { awardCheck } from './checks/award.js';
import { bidsCheck } from './checks/bids.js';
import { boxCheck } from './checks/box.js';
import { disclosedEntries } from './checks/disclosed.js';
import type { LogEntry } from './checks/entries.js';
import { erasuresCheck } from './checks/erasures.js';
import { evaluationCheck } from './checks/evaluation.js';
import { lifecycleCheck } from './checks/lifecycle.js';
import { noticesCheck } from './checks/notices.js';
import { offersCheck } from './checks/offers.js';
import { openersCheck } from './checks/openers.js';
import { outagesCheck } from './checks/outages.js';
import { outcomesCheck } from './checks/outcomes.js';
import { precommitCheck } from './checks/precommit.js';
import { releasesCheck } from './checks/releases.js';
import { witnessedCheck } from './checks/witnessed.js';
import { logSource } from '../log-source.js';
import { loadEvidence, logBase, type Evidence, type TenderPlace } from './evidence.js';
import { coveringCheckpoint } from './save-tender.js';
import { ReportWriter, type Findings, type Report } from './report.js';
import { TenderView } from './tender-view.js';
import { readWholeLog } from './verify-log.js';

export type VerifyTenderOptions = TenderPlace & {
  readonly tenderId: string;
  /** Text of the policy the reader trusts. */
  readonly policy: string;
  readonly onProgress?: (read: number, size: number) => void;
};

type Check = (view: TenderView, found: Findings) => void | Promise<void>;

const CHECKS: readonly (readonly [string, Check])[] = [
  ['lifecycle', lifecycleCheck],
  ['notices', noticesCheck],
  ['outages', outagesCheck],
  ['openers', openersCheck],
  ['bids', bidsCheck],
  ['box', boxCheck],
  ['witnessed', witnessedCheck],
  ['attested', attestedCheck],
  ['releases', releasesCheck],
  ['precommit', precommitCheck],
  ['outcomes', outcomesCheck],
  ['offers', offersCheck],
  ['evaluation', evaluationCheck],
  ['award', awardCheck],
  ['limits', limits],
];

/** Verifies one tender with the log it stands in. */
export async function verifyTender(options: VerifyTenderOptions): Promise<Report> {
  const writer = new ReportWriter(options.tenderId);
  const { policy, tenderId, fetch, onProgress } = options;
  let evidence: Evidence | undefined;
  let base = options.base;
  await writer.run('evidence', async () => {
    evidence = await loadEvidence(options, tenderId);
    base = await logBase(options);
    await coveringCheckpoint(logSource(base, fetch), evidence);
  });
  const wanted = { tenderId, keep: new Set(evidence?.entries.map(({ index }) => index)) };
  const reading = { log: base, policy, ...(fetch && { fetch }), ...(onProgress && { onProgress }) };
  const log = await readWholeLog(writer, reading, wanted);
  if (log === undefined || evidence === undefined) return writer.finish(log?.checkpoint);
  const given = evidence;
  let entries: readonly LogEntry[] = [];
  await writer.run('disclosed', async (found) => {
    entries = disclosedEntries(log, given, found);
    await erasuresCheck(log, given, entries, { found, writer });
  });
  let view: TenderView | undefined;
  await writer.run('log_of_tender', (found) => {
    if (given.logOrigin !== log.checkpoint.origin) found.error('log_origin', 'The evidence names another log.');
    view = new TenderView(log, given, entries);
  });
  if (view !== undefined) for (const [name, check] of CHECKS) await writer.run(name, (found) => check(view!, found));
  return writer.finish(log.checkpoint);
}

/** Says what public data cannot show. */
function limits(view: TenderView, found: Findings): void {
  found.cannot(
    're-dealing and re-decrypting the bids',
    'needs their seeds, which the auditors hold: that every outcome is right is a listed auditor’s claim',
  );
  found.cannot(
    'that the keys of officials and auditors are of the people the buyer and the audit office appointed',
    'the log shows which keys signed; who was given which office is the operator’s word: compare the accounts with theirs',
  );
  found.cannot(
    'that bids were sealed by the programs their manifests name',
    'a program names itself: a forged one can name the hash of a released one; compare the hash of the file you have',
  );
  const [first, last] = [view.notices[0]?.index ?? 0, view.boxes.at(-1)?.index ?? Infinity];
  const opened = view.entries.filter(
    ({ index, commitment }) => commitment !== undefined && index > first && index < last,
  );
  found.cannot(
    `${view.log.blindedInPeriod - opened.length} undisclosed blinded entries of the period`,
    'they may be padding, acts of other tenders, or bids of this one that were withdrawn or replaced; the auditor who attested the box opened them',
  );
  found.cannot(
    'bids that were withdrawn or replaced',
    'they are never made public; their vendors hold receipts, and auditors can read them',
  );
}
