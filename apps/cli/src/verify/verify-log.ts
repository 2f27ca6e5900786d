/** `segel verify log`: every entry of a log, measured by nothing but its cosigned checkpoint. */
import type { LogSource } from '@segel/acts';
import { sha256, toBase64, utf8 } from '@segel/encoding';
import { lintPolicy, parsePolicy, type Policy } from '@segel/tlog';
import { logSource } from '../log-source.js';
import { checkpointCheck, type CheckedCheckpoint } from './checks/checkpoint.js';
import { entriesCheck, type ReadLog, type Wanted } from './checks/entries.js';
import { HistoryCheck } from './checks/history.js';
import { TilesCheck } from './checks/tiles.js';
import { ReportWriter, type Report } from './report.js';

export type VerifyLogOptions = {
  /** URL (`https://host/log`) or folder of the log. */
  readonly log: string;
  /** Text of the policy the reader trusts, not one the log serves. */
  readonly policy: string;
  readonly fetch?: typeof fetch;
  /** Told after each bundle: entries read, entries in all. */
  readonly onProgress?: (read: number, size: number) => void;
};

/** What a verified log is read from afterwards. */
export type OpenedLog = ReadLog & {
  readonly source: LogSource;
  readonly policy: Policy;
  readonly policySha256: string;
  readonly checkpoint: CheckedCheckpoint;
};

/** Verifies a whole log: policy, checkpoint, earlier checkpoints, tree, tiles, entries. */
export async function verifyLog(options: VerifyLogOptions): Promise<Report> {
  const writer = new ReportWriter(options.log);
  const log = await readWholeLog(writer, options);
  return writer.finish(log?.checkpoint);
}

/** Runs the log's checks and gives what further checks need; undefined when there is no checkpoint to measure by or the
 *  entries cannot be read. Nothing of the log is kept but what is `wanted`. */
export async function readWholeLog(
  writer: ReportWriter,
  options: VerifyLogOptions,
  wanted?: Wanted,
): Promise<OpenedLog | undefined> {
  const policy = await checkPolicy(writer, options.policy);
  if (policy === undefined) return undefined;
  const source = logSource(options.log, options.fetch);
  const checkpoint = await checkpointCheck(writer, source, policy);
  if (checkpoint === undefined) return undefined;
  let history: HistoryCheck | undefined;
  await writer.run('history', async (found) => {
    history = await HistoryCheck.of(source, policy, checkpoint, found);
  });
  if (history === undefined) return undefined;
  const tiles = new TilesCheck(source, writer.begin('tiles'));
  const { onProgress } = options;
  const read = await entriesCheck(writer, source, checkpoint, { wanted, onProgress, tiles, history });
  return read && { ...read, source, policy, checkpoint, policySha256: toBase64(sha256(utf8(options.policy))) };
}

async function checkPolicy(writer: ReportWriter, text: string): Promise<Policy | undefined> {
  let policy: Policy | undefined;
  await writer.run('policy', (found) => {
    policy = parsePolicy(text);
    for (const { code, severity, sentence } of lintPolicy(policy)) {
      (severity === 'error' ? found.error : found.warn)(code, sentence);
    }
  });
  return policy;
}
