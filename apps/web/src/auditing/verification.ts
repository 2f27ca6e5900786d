/** What of `segel verify tender` a server can do for somebody who cannot run it: from the public files of the log and the
 *  public evidence of a tender, as any stranger reads them. It is the server's own word all the same: a server that lies
 *  would show a report without a fault. */
import {
  entriesOf,
  NetworkError,
  noticesOf,
  openersOf,
  readLog,
  readTenderLog,
  type LogReader,
  type LogSource,
  type TenderLog,
} from '@segel/acts';
import { equalBytes, fromBase64, sha256, toBase64 } from '@segel/encoding';
import { decodeEntry, verifyBodySignatures, type Entry } from '@segel/evidence';
import {
  blindedCommitment,
  examineCheckpoint,
  notIndependentWitnesses,
  parseLeaf,
  parsePolicy,
  setRoot,
  type ExaminedCheckpoint,
} from '@segel/tlog';
import { createHash } from 'node:crypto';

export const CHECKS = [
  'checkpoint',
  'witnesses',
  'tree',
  'notices',
  'openers',
  'deadlines',
  'terms',
  'disclosed',
  'box',
] as const;
export type CheckName = (typeof CHECKS)[number];
/** `waits`: there is nothing to check yet. */
export type Outcome = 'holds' | 'fails' | 'unknown' | 'waits';
export type Result = { readonly check: CheckName; readonly outcome: Outcome; readonly why?: string };

export type Report = {
  readonly origin: string;
  /** Entries of the log at the checkpoint everything was measured by. */
  readonly size: number;
  /** Entries of the tender that were read. */
  readonly entries: number;
  readonly witnesses: readonly { readonly name: string; readonly independent: boolean }[];
  readonly results: readonly Result[];
  readonly at: Date;
};

/** The public evidence, as far as it is looked at here. */
export type Evidence = {
  readonly logOrigin: string;
  readonly terms: readonly { readonly version: number; readonly sha256: string; readonly bytes: string }[];
  readonly entries: readonly {
    readonly index: number;
    readonly leafSha256: string;
    readonly type: string;
    readonly erased?: boolean;
    readonly salt?: string;
    readonly entryBytes?: string;
  }[];
};

/** A longer log takes longer than a page may: the program reads it. */
const MOST_LEAVES = 50_000;
const hashed = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

type Disclosed = { readonly index: number; readonly entry: Entry; readonly commitment: Uint8Array | undefined };

class Checked {
  readonly results: Result[] = [];

  /** Runs one check. What it throws is its outcome: a source that does not answer proves nothing either way. */
  async run<T>(
    check: CheckName,
    act: () => Promise<T> | T,
    outcome: (value: T) => Outcome = () => 'holds',
  ): Promise<T | undefined> {
    try {
      const value = await act();
      this.results.push({ check, outcome: outcome(value) });
      return value;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.results.push({
        check,
        outcome: error instanceof NetworkError || error instanceof TooLong ? 'unknown' : 'fails',
        why,
      });
      return undefined;
    }
  }

  /** Those that need what failed before. */
  get all(): readonly Result[] {
    return CHECKS.map((check) => this.results.find((one) => one.check === check) ?? { check, outcome: 'unknown' });
  }
}

class TooLong extends Error {}

function must(holds: boolean, sentence: string): asserts holds {
  if (!holds) throw new Error(sentence);
}

export async function verifyAsStranger(
  source: LogSource,
  evidence: Evidence,
  { tenderId, now }: { readonly tenderId: string; readonly now: Date },
): Promise<Report> {
  const policyText = (await source.policy()) ?? '';
  const note = await source.checkpoint();
  const policy = parsePolicy(policyText);
  const checked = new Checked();
  const examined = await checked.run('checkpoint', () => {
    const one = examineCheckpoint(policy, note);
    must(one.origin === evidence.logOrigin, 'The evidence names another log.');
    return one;
  });
  await checked.run('witnesses', () => must(examined?.quorumMet === true, 'Too few witnesses cosigned.'));
  const tender = await checked.run('tree', async () => {
    if ((examined?.size ?? 0) > MOST_LEAVES) throw new TooLong('The log is too long for a page.');
    return readWhole(source, policyText, note, { tenderId, evidence });
  });
  if (tender !== undefined) await judge(checked, tender, evidence);
  return {
    origin: examined?.origin ?? evidence.logOrigin,
    size: examined?.size ?? 0,
    entries: tender?.disclosed.length ?? 0,
    witnesses: witnessesOf(policyText, examined),
    results: checked.all,
    at: now,
  };
}

type Read = {
  readonly log: TenderLog;
  readonly leaves: ReadonlyMap<number, Uint8Array>;
  disclosed: readonly Disclosed[];
};

/** Every leaf hashes into the root of the checkpoint, or this throws. */
async function readWhole(
  source: LogSource,
  policyText: string,
  note: string,
  { tenderId, evidence }: { readonly tenderId: string; readonly evidence: Evidence },
): Promise<Read> {
  const reader = await readLog(source, parsePolicy(policyText), { checkpoint: note, sha256: hashed });
  const wanted = new Set(evidence.entries.map(({ index }) => index));
  const leaves = new Map<number, Uint8Array>();
  const kept = async function* (): ReturnType<LogReader['entries']> {
    for await (const leaf of reader.entries()) {
      if (wanted.has(leaf.index)) leaves.set(leaf.index, leaf.data);
      yield leaf;
    }
  };
  return { log: await readTenderLog({ ...reader, entries: kept }, tenderId), leaves, disclosed: [] };
}

async function judge(checked: Checked, read: Read, evidence: Evidence): Promise<void> {
  const notices = await checked.run('notices', () => noticesOf(read.log));
  if (notices !== undefined) {
    await checked.run('openers', () => notices.map((notice) => openersOf(read.log, notice)));
    await checked.run('terms', () => {
      for (const { body } of notices) {
        const terms = evidence.terms.find(({ version }) => version === body.version);
        const own = terms !== undefined && toBase64(sha256(fromBase64(terms.bytes))) === body.terms_sha256;
        must(own, `The terms of version ${body.version} are not those that were signed.`);
      }
    });
  }
  await checked.run('deadlines', () => {
    const said = entriesOf(read.log, 'tender.published', 'tender.addendum', 'outage.recorded')
      .map(({ entry: { type, body } }) => body[type === 'outage.recorded' ? 'extended_to' : 'deadline'])
      .filter((deadline) => typeof deadline === 'string');
    must(
      said.every((deadline, i) => i === 0 || deadline >= said[i - 1]!),
      'The deadline was moved to an earlier time.',
    );
  });
  await checked.run('disclosed', () => {
    read.disclosed = evidence.entries.flatMap((one) => openedOf(read, one));
  });
  await checked.run(
    'box',
    () => boxes(read),
    (outcome) => outcome,
  );
}

/** Each entry that is shown stands in the log where it is said to, word for word. */
function openedOf({ log, leaves }: Read, shown: Evidence['entries'][number]): readonly Disclosed[] {
  const { index, salt, entryBytes, erased } = shown;
  const data = leaves.get(index);
  must(data !== undefined && toBase64(sha256(data)) === shown.leafSha256, `Entry ${index} is not the log's.`);
  const leaf = parseLeaf(data);
  if (erased === true) return [];
  if (leaf.blinded) {
    must(salt !== undefined && entryBytes !== undefined, `Nothing opens entry ${index}.`);
    const own = equalBytes(blindedCommitment(fromBase64(salt), fromBase64(entryBytes)), leaf.commitment);
    must(own, `What is shown as entry ${index} is not what the log is committed to.`);
  }
  const entry = decodeEntry(leaf.blinded ? fromBase64(entryBytes!) : leaf.entryBytes);
  must(entry.type === shown.type, `Entry ${index} is of another type than it is shown as.`);
  must(verifyBodySignatures(entry, log.verify), `A signature of entry ${index} does not hold.`);
  // Keys of officials are shown too, which are of no tender.
  if (entry.tenderId !== log.tenderId) return [];
  return [{ index, entry, commitment: leaf.blinded ? leaf.commitment : undefined }];
}

/** The set that was frozen at the close is the set of the bids that were opened: none was added, taken or changed. */
function boxes({ log, disclosed }: Read): Outcome {
  const closed = entriesOf(log, 'box.closed');
  const opened = new Set(entriesOf(log, 'opening.completed').map(({ entry: { body } }) => body['lot_id']));
  for (const { index, entry } of closed) {
    const { lot_id: lotId, envelope, cut_size: cut, count, set_root: root } = entry.body;
    must(Number(cut) <= index, 'The box was cut after it was closed.');
    if (!opened.has(lotId)) continue;
    const bids = disclosed.filter(
      ({ index: at, entry: { type, body } }) =>
        (type === 'bid.submitted' || type === 'bid.replaced') &&
        body['lot_id'] === lotId &&
        body['envelope'] === envelope &&
        at < Number(cut),
    );
    must(bids.length === count, `The box held ${count as number} bids at the close; ${bids.length} are disclosed.`);
    const same = equalBytes(setRoot(bids.flatMap(({ commitment }) => commitment ?? [])), fromBase64(root as string));
    must(same, 'The disclosed bids are not exactly the set that was frozen at the close.');
  }
  return opened.size === 0 ? 'waits' : 'holds';
}

function witnessesOf(policyText: string, examined: ExaminedCheckpoint | undefined): Report['witnesses'] {
  const ours = notIndependentWitnesses(policyText);
  const names = new Set(examined?.cosignatures.map(({ witness }) => witness));
  return [...names].map((name) => ({ name, independent: !ours.includes(name) }));
}
