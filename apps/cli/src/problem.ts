/** The ways a command can end other than well; main.ts turns them into exit codes. */
import { CheckFailed } from '@segel/acts';

/** The command was not called as it must be. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The log contradicts what it showed before. The command ends with an exit code of its own: nobody may overlook it. */
export class Alarm extends CheckFailed {}

/** The log shows an older state than before, and no contradiction: it ends a single look, and not a mirror. */
export class Rollback extends Alarm {}

/** The log did not keep a promise it signed. It, too, has an exit code of its own. */
export class PromiseBroken extends CheckFailed {}
