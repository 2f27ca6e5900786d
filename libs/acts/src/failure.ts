/** The ways an act can end other than well, for programs that branch on them. */

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

/** A check of the client failed. `code` is stable, for programs. */
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

/** Throws {@link CheckFailed} unless the condition holds. */
export function check(condition: unknown, code: string, message: string): asserts condition {
  if (!condition) throw new CheckFailed(code, message);
}

/** Problem details as an error; whatever else answers with an error is not the API. */
export function problemOf(status: number, text: string): Error {
  try {
    const members = JSON.parse(text) as Record<string, unknown>;
    const { code, detail, params } = members;
    if (typeof code === 'string') {
      const sentence = typeof detail === 'string' ? detail : code;
      return new ApiProblem(status, code, sentence, params as Record<string, unknown> | undefined, members);
    }
  } catch {
    // Not JSON: a proxy's page. Its text is of no use to the caller.
  }
  return new NetworkError(`the server answered ${status} without saying why`);
}
