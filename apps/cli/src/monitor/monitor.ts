/** A monitor: reads what is new in a log about a few tenders, and says when something is late, early or gone. */
import {
  type BoxBody,
  CheckFailed,
  clearEntry,
  type LoggedEntry,
  type LogReader,
  type LogSource,
  NetworkError,
  type NoticeBody,
} from '@segel/acts';
import { equalBytes, fromBase64, parseInstant, toBase64 } from '@segel/encoding';
import type { Policy } from '@segel/tlog';
import { openLog } from '../log-reader.js';
import { logSource } from '../log-source.js';
import { Alarm } from '../problem.js';
import { MAY_HAVE_GAPS, seenInTime } from '../seen-in-time.js';
import { entryEvent, type MonitorEvent } from './event.js';
import { NO_ANSWER, noAnswer, promiseEvents, readOwnEvidence, receiptEvents, type OwnEvidence } from './own-bids.js';
import { boxName, readState, writeState, type BoxName, type MonitorState, type WatchedTender } from './state.js';

export type MonitorOptions = {
  /** URL or folder of the log. */
  readonly log: string;
  readonly policy: Policy;
  readonly tenders: readonly string[];
  /** Folder with the vendor's receipts and promises. */
  readonly receipts?: string | undefined;
  readonly stateFile: string;
  readonly fetch?: typeof fetch;
  readonly now?: () => Date;
};

/** A box that is not closed this long after the end of the tolerance is overdue: the public log lags by an interval. */
const GRACE_S = 60;
/** A log whose newest checkpoint is older than this is silent. */
const SILENT_MS = 10 * 60 * 1000;

/** Looks at the log once. Everything is told once: the state file remembers it, after `tell` returned. Throws Alarm when
 *  the log does not hold what it held before. */
export async function look(options: MonitorOptions, tell: (event: MonitorEvent) => void): Promise<void> {
  const { now = () => new Date() } = options;
  const log = await openLog(options.log, options.policy, options.fetch && { fetch: options.fetch });
  const state = await readState(options.stateFile, log.checkpoint.origin);
  await demandSameBeginning(log, state);
  const own: OwnEvidence =
    options.receipts === undefined
      ? { receipts: [], promises: [] }
      : await readOwnEvidence(options.receipts, options.policy);
  const ofOwnBids = own.receipts.flatMap(({ checked }) => checked?.entry.tenderId ?? []);
  const watched = new Set([...options.tenders, ...ofOwnBids]);
  // A tender that is watched from now on is told from its beginning.
  const fresh = new Set([...watched].filter((id) => !state.watched.includes(id)));
  if (fresh.size > 0) for await (const event of entriesOf(log, state, fresh, [0, state.size])) tell(event);
  state.watched.push(...fresh);
  for await (const event of entriesOf(log, state, watched, [state.size, log.size])) tell(event);
  for (const event of await warnings(log, state, own, { options, now: now() })) {
    const key = [event.code, event.tenderId, event.box, event.file, event.index, event.at].join(' ');
    if (state.told.includes(key)) continue;
    tell(event);
    // Nothing was learned: it is asked again at the next look.
    if (event.code !== NO_ANSWER) state.told.push(key);
  }
  state.root = toBase64(log.checkpoint.root);
  state.size = log.size;
  await writeState(options.stateFile, state);
}

/** A monitor, too, notices when the log goes back or changes what was read. */
async function demandSameBeginning(log: LogReader, { size, root }: MonitorState): Promise<void> {
  if (size === 0) return;
  if (log.size < size)
    throw new Alarm('log_rolled_back', `ALARM: the log went back: it showed ${size} leaves and now shows ${log.size}.`);
  if (equalBytes(await log.rootAt(size), fromBase64(root))) return;
  throw new Alarm('log_forked', `ALARM: the first ${size} leaves of the log are not those that were read before.`);
}

async function* entriesOf(
  log: LogReader,
  state: MonitorState,
  tenders: ReadonlySet<string>,
  [from, to]: readonly [number, number],
): AsyncGenerator<MonitorEvent> {
  for await (const { index, data } of log.entries(from, to)) {
    const logged = clearEntry(index, data);
    const tenderId = logged?.entry.tenderId;
    if (logged === undefined || tenderId === undefined || !tenders.has(tenderId)) continue;
    follow(state, tenderId, logged);
    yield entryEvent(logged);
  }
}

/** Takes up what an entry says about a tender's deadline and boxes. */
function follow(state: MonitorState, tenderId: string, { entry }: LoggedEntry): void {
  const { type, body, lotId } = entry;
  if (type === 'tender.published' || type === 'tender.addendum') {
    const { title, deadline, tolerance_s: toleranceS, lots } = body as unknown as NoticeBody;
    const boxes = lots.flatMap(({ id, envelopes }) => envelopes.map((envelope) => ({ lot: id, envelope })));
    const before = state.tenders[tenderId] ?? { closed: {}, ended: [] };
    state.tenders[tenderId] = { ...before, title, deadline, toleranceS, boxes };
  }
  const tender = state.tenders[tenderId];
  if (tender === undefined) return;
  if (type === 'outage.recorded' && typeof body['extended_to'] === 'string') tender.deadline = body['extended_to'];
  if (type === 'tender.cancelled' || type === 'tender.failed')
    tender.ended.push(...(lotId === undefined ? tender.boxes.map(({ lot }) => lot) : [lotId]));
  if (type === 'box.closed') {
    const { lot_id: lot, envelope, cut_size: cut } = body as unknown as BoxBody;
    tender.closed[boxName({ lot, envelope })] = cut;
  }
}

type Moment = { readonly options: MonitorOptions; readonly now: Date };

async function warnings(
  log: LogReader,
  state: MonitorState,
  own: OwnEvidence,
  { options, now }: Moment,
): Promise<readonly MonitorEvent[]> {
  const seenMs = (log.checkpoint.quorumSince ?? 0) * 1000;
  const events: MonitorEvent[] = [];
  if (now.getTime() - seenMs > SILENT_MS)
    events.push({
      kind: 'warning',
      code: 'log_silent',
      sentence: 'The newest checkpoint is more than 10 minutes old: what happens now is not known.',
      at: new Date(seenMs).toISOString(),
    });
  const source = logSource(options.log, options.fetch);
  for (const [tenderId, tender] of Object.entries(state.tenders))
    for (const box of tender.boxes) events.push(...(await boxEvents({ log, source }, tenderId, tender, box)));
  for (const receipt of own.receipts) events.push(...(await receiptEvents(log, receipt, state)));
  for (const promise of own.promises) events.push(...(await promiseEvents(log, source, promise)));
  return events;
}

async function boxEvents(
  { log, source }: { readonly log: LogReader; readonly source: LogSource },
  tenderId: string,
  tender: WatchedTender,
  box: BoxName,
): Promise<readonly MonitorEvent[]> {
  const cut = tender.closed[boxName(box)];
  const deadlineS = parseInstant(tender.deadline).getTime() / 1000;
  const warn = (code: string, sentence: string): readonly MonitorEvent[] => [
    { kind: 'warning', code, sentence, tenderId, box: boxName(box), at: tender.deadline },
  ];
  if (cut === undefined) {
    // By the clocks of the witnesses: a log that stands still is told of by itself.
    const overdue = (log.checkpoint.quorumSince ?? 0) > deadlineS + tender.toleranceS + GRACE_S;
    if (!overdue || tender.ended.includes(box.lot)) return [];
    return warn('box_overdue', `The deadline ${tender.deadline} passed and the box was not closed.`);
  }
  const window = { from: deadlineS, to: deadlineS + tender.toleranceS };
  try {
    const first = await log.firstCheckpoint(cut);
    if (first === undefined) return warn('box_undated', 'The log keeps no checkpoint that dates the close of the box.');
    const seen = await seenInTime({ policy: log.policy, source }, cut, first, window);
    if (seen === 'in_time') return [];
    if (seen === 'unknown') return warn('box_undated', `Nothing dates the close of the box: ${MAY_HAVE_GAPS}.`);
  } catch (error) {
    // A signed checkpoint that is no prefix is a fork; a server that is down or serves nonsense is not.
    if (error instanceof CheckFailed && error.code === 'log_rewritten')
      throw new Alarm('log_forked', `ALARM: ${error.message}.`);
    if (error instanceof NetworkError) return [noAnswer(error, { tenderId })];
    return warn('box_undated', `The checkpoint that should date the box is refused: ${(error as Error).message}.`);
  }
  const sentence = `No quorum of witnesses saw the cut between the deadline and ${tender.toleranceS} s after it.`;
  return warn('unwitnessed_in_time', sentence);
}
