/** A log that this browser has seen before must go on from there: a server that shows somebody an older or another log
 *  could hide what came since, for instance a notice that names other openers. */
import { check, type LogReader } from '@segel/acts';
import { equalBytes } from '@segel/encoding';
import { examineCheckpoint } from '@segel/tlog';

/** Compares the log with a checkpoint of it that was kept. Throws CheckFailed `log_rolled_back` when it is shorter now,
 *  `log_rewritten` when the checkpoint is no prefix of it. */
export async function demandContinued(log: LogReader, known: string): Promise<void> {
  const { origin, size, root } = examineCheckpoint(log.policy, known, log.verify);
  const grown = origin === log.checkpoint.origin && size <= log.size;
  check(grown, 'log_rolled_back', 'The log is older than the one that this browser has seen.');
  const same = size === 0 || equalBytes(await log.rootAt(size), root);
  check(same, 'log_rewritten', 'The log is not the one that this browser has seen: it was rewritten.');
}
