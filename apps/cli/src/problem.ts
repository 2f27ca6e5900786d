/** The ways a command can end other than well; main.ts turns them into exit codes. */

/** The server refused: RFC 9457 problem details. `code` is one of the API's closed list. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';

  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly params: Readonly<Record<string, unknown>> = {},
    /** All members, e.g. the signed refusal of a bid. */
    readonly members: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail);
  }
}

/** Nobody answered, or not in a way that can be understood. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';
}

/** The command was not called as it must be. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A check of this program failed. `code` is stable, for programs. */
export class CheckFailed extends Error {
  override readonly name = 'CheckFailed';

  constructor(
    readonly code: string,
    message: string,
    readonly params: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The log contradicts what it showed before. The command ends with an exit code of its own: nobody may overlook it. */
export class Alarm extends CheckFailed {}

/** The log shows an older state than before, and no contradiction: it ends a single look, and not a mirror. */
export class Rollback extends Alarm {}

/** The log did not keep a promise it signed. It, too, has an exit code of its own. */
export class PromiseBroken extends CheckFailed {}

/** Throws {@link CheckFailed} unless the condition holds. */
export function check(condition: unknown, code: string, message: string): asserts condition {
  if (!condition) throw new CheckFailed(code, message);
}
