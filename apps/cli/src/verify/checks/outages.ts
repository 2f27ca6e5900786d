/** A deadline that an outage moved: recorded by the system in time, the outage computed again from the published probes, and
 *  the new deadline exactly the one of the frozen rules. */
import { fromBase64, sha256, toBase64 } from '@segel/encoding';
import {
  downMs,
  outageExtension,
  outageWindow,
  PROBE_EVERY_S_MAX,
  readOutageDocument,
  type OutageEvidence,
  type RecordedOutage,
} from '@segel/procurement';
import type { Findings, Where } from '../report.js';
import { text, type TenderView } from '../tender-view.js';
import type { LogEntry } from './entries.js';

export function outagesCheck(view: TenderView, found: Findings): void {
  const earlier: RecordedOutage[] = [];
  for (const recorded of view.of('outage.recorded')) {
    checkOne(view, recorded, earlier, found);
    const { body } = recorded.entry;
    const extendedTo = text(body, 'extended_to');
    earlier.push({ until: new Date(text(body, 'until')), extendedTo: extendedTo === '' ? null : new Date(extendedTo) });
  }
  if (earlier.length > 0)
    found.cannot(
      'that the probes are what the platform saw',
      'it measures its own outages: the probes show what it says it saw, and how far that may move a deadline',
    );
}

function checkOne(view: TenderView, recorded: LogEntry, earlier: readonly RecordedOutage[], found: Findings): void {
  const where: Where = { entry: recorded.index };
  const { actor, body } = recorded.entry;
  if (actor.kind !== 'system') found.error('outage_by_hand', 'A person recorded the outage; nobody may.', where);
  if (text(body, 'deadline') !== view.deadlineAt(recorded.index))
    found.error('outage_deadline', 'The outage names another deadline than the one that held.', where);
  const evidence = evidenceOf(view, text(body, 'evidence_sha256'), found, where);
  if (evidence === undefined) return;
  if (!isWhole(view, evidence, recorded, earlier)) {
    found.error('outage_window', 'The probes are not those of the time the rules look at.', where);
    return;
  }
  checkDecision(view, evidence, recorded, earlier, found);
}

function evidenceOf(view: TenderView, wanted: string, found: Findings, where: Where): OutageEvidence | undefined {
  try {
    const given = view.evidence.outages?.find(({ sha256: named }) => named === wanted);
    const bytes = given && fromBase64(given.bytes);
    if (bytes === undefined || toBase64(sha256(bytes)) !== wanted) throw new Error('the probes are not there');
    return readOutageDocument(bytes);
  } catch (error) {
    found.error('outage_evidence', `The outage cannot be computed again: ${(error as Error).message}.`, where);
    return undefined;
  }
}

/** The window of the rules, of this tender, looked at often enough. */
function isWhole(
  view: TenderView,
  evidence: OutageEvidence,
  { entry, index }: LogEntry,
  earlier: readonly RecordedOutage[],
): boolean {
  const publishedAt = view.notices[0]?.entry.at;
  if (view.pack === undefined || publishedAt === undefined) return false;
  const deadlineAt = new Date(view.deadlineAt(index));
  const window = outageWindow({ pack: view.pack, publishedAt, deadlineAt, earlier, now: entry.at });
  const { from, until, tenderId, everyS } = evidence;
  const said = [text(entry.body, 'from'), text(entry.body, 'until')];
  return (
    tenderId === view.tenderId &&
    everyS > 0 &&
    everyS <= PROBE_EVERY_S_MAX &&
    window?.from.getTime() === from.getTime() &&
    window.until.getTime() === until.getTime() &&
    said[0] === from.toISOString() &&
    said[1] === until.toISOString()
  );
}

/** The close comes within the witnesses' tolerance. */
const LATE_MS = 120_000;

function checkDecision(
  view: TenderView,
  evidence: OutageEvidence,
  { entry, index }: LogEntry,
  earlier: readonly RecordedOutage[],
  found: Findings,
): void {
  const where: Where = { entry: index };
  const deadlineAt = new Date(view.deadlineAt(index));
  // Right after a long outage, and what an operator would do who learnt that somebody is late: people must look.
  if (entry.at.getTime() > deadlineAt.getTime() + LATE_MS)
    found.warn('outage_late', 'The outage was recorded, and the tender opened again, after its deadline.', where);
  const asked = { pack: view.pack!, deadlineAt, earlier, now: entry.at, downMs: downMs(evidence) };
  const decided = outageExtension(asked);
  if (decided === undefined) {
    found.error('outage_too_short', 'The probes show a shorter outage than the rules ask for.', where);
    return;
  }
  if (entry.body['minutes'] !== decided.minutes)
    found.error('outage_minutes', `The probes show ${decided.minutes} minutes of outage.`, where);
  if (text(entry.body, 'extended_to') !== (decided.extendedTo?.toISOString() ?? ''))
    found.error('outage_extension', 'The rules move the deadline to another time, or not at all.', where);
}
