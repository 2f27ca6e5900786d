/** The vendor's own evidence: does the log still keep what the receipts and promises say? */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type CheckedReceipt,
  CheckFailed,
  judgePromise,
  type LogReader,
  type LogSource,
  readBidReceipt,
} from '@segel/acts';
import { equalBytes, type Envelope } from '@segel/encoding';
import { blindedLeaf, clearLeaf, type Policy } from '@segel/tlog';
import type { MonitorEvent } from './event.js';
import { boxName, type MonitorState } from './state.js';

const RECEIPT = '.receipt.tlog-proof';
const PROMISE = '.promise.json';

/** A kept receipt; `wrong` says why it does not even hold by itself. */
export type OwnReceipt = { readonly file: string } & (
  { readonly checked: CheckedReceipt } | { readonly checked?: never; readonly wrong: string }
);

export type OwnEvidence = {
  readonly receipts: readonly OwnReceipt[];
  /** Promises for which no receipt came. */
  readonly promises: readonly { readonly file: string; readonly envelope: Envelope }[];
};

/** What lies in a folder of sealed bids. */
export async function readOwnEvidence(folder: string, policy: Policy): Promise<OwnEvidence> {
  const names = (await readdir(folder)).toSorted();
  const receipts = names
    .filter((name) => name.endsWith('.tlog-proof'))
    .map(async (name): Promise<OwnReceipt> => {
      const file = join(folder, name);
      try {
        return { file, checked: readBidReceipt(await readFile(file, 'utf8'), policy) };
      } catch (error) {
        return { file, wrong: (error as Error).message };
      }
    });
  const unreceipted = names.filter((name) => name.endsWith(PROMISE) && !names.includes(name.replace(PROMISE, RECEIPT)));
  const promises = unreceipted.map(async (name) => {
    const file = join(folder, name);
    return { file, envelope: JSON.parse(await readFile(file, 'utf8')) as Envelope };
  });
  return { receipts: await Promise.all(receipts), promises: await Promise.all(promises) };
}

/** What is to be said about a receipt against the log as it is now. */
export async function receiptEvents(
  log: LogReader,
  own: OwnReceipt,
  state: MonitorState,
): Promise<readonly MonitorEvent[]> {
  const { file } = own;
  if (own.checked === undefined) return [warning('receipt_invalid', own.wrong, { file })];
  const { receipt, entry } = own.checked;
  const place = { file, tenderId: entry.tenderId, index: receipt.index };
  // The public log lags behind receipts by an interval; the next look will see it.
  if (receipt.size > log.size) return [];
  const leaf = receipt.commitment === undefined ? clearLeaf(receipt.entryBytes) : blindedLeaf(receipt.commitment);
  const same = equalBytes(await log.rootAt(receipt.size), receipt.root);
  if (!same || !equalBytes(await log.entry(receipt.index), leaf)) {
    const sentence = 'The log does not hold what this receipt proves: it was rewritten. Keep the receipt.';
    return [warning('receipt_contradicts', sentence, place)];
  }
  const holds = news('receipt_holds', `The log holds the ${entry.type} of this receipt.`, place);
  const { lot_id: lot, envelope } = entry.body as { readonly lot_id?: string; readonly envelope?: string };
  const isBid = entry.type === 'bid.submitted' || entry.type === 'bid.replaced';
  const name = lot === undefined || envelope === undefined ? '' : boxName({ lot, envelope });
  const cut = state.tenders[entry.tenderId ?? '']?.closed[name];
  if (!isBid || cut === undefined) return [holds];
  if (receipt.index < cut)
    return [holds, news('bid_before_cut', `The box was cut at ${cut}: the bid is below.`, place)];
  const after = `The box was cut at ${cut}, below this bid: it is not in the box.`;
  return [holds, warning('bid_after_cut', after, place)];
}

/** What is to be said about a promise without a receipt. */
export async function promiseEvents(
  log: LogReader,
  source: LogSource,
  { file, envelope }: OwnEvidence['promises'][number],
): Promise<readonly MonitorEvent[]> {
  try {
    const { outcome, promise, index, checkpoint } = await judgePromise(log, source, envelope);
    const due = promise.dueAt.toISOString();
    if (outcome === 'open') return [];
    if (outcome !== 'broken' && outcome !== 'kept_late')
      return [news('promise_kept', 'The promised entry is in the log; ask for its receipt.', { file, index: index! })];
    const sentence = `The entry was due ${due} and is not among the ${checkpoint.size} leaves that the quorum saw then: segel receipt verify ${file}`;
    return [warning('promise_broken', sentence, { file })];
  } catch (error) {
    // Only the promise itself can be at fault for what a check says; for the rest it is the log or the network.
    if (!(error instanceof CheckFailed)) return [noAnswer(error as Error, { file })];
    return [warning('promise_invalid', (error as Error).message, { file })];
  }
}

/** The code of a warning that accuses nobody and is repeated at every look. */
export const NO_ANSWER = 'no_answer';

export const noAnswer = (error: Error, place: Place): MonitorEvent =>
  warning(NO_ANSWER, `This could not be checked, and is asked again: ${error.message}.`, place);

type Place = Pick<MonitorEvent, 'file' | 'tenderId' | 'index'>;
const warning = (code: string, sentence: string, place: Place): MonitorEvent => ({
  kind: 'warning',
  code,
  sentence,
  ...place,
});
const news = (code: string, sentence: string, place: Place): MonitorEvent => ({
  kind: 'news',
  code,
  sentence,
  ...place,
});
