/** The worker's side: takes the page's requests, answers them, and lets nothing secret out with an error. */
import { ApiProblem, CheckFailed, NetworkError } from '@segel/acts';
import { Refusal } from '@segel/procurement';
import { SealError } from '@segel/sealing';
import type { ActsOf, AnswerOf, Failure, RequestOf } from './worker-client.js';

/** The page's form token, by which the web server knows that requests are ours: the name this worker was given. */
export const pageHeaders: Readonly<Record<string, string>> = self.name === '' ? {} : { 'x-segel-form': self.name };

/** Answers requests with `answer`, which may tell the page of its progress. */
export function serve<A extends ActsOf<A>, E>(
  answer: (request: RequestOf<A>, tell: (event: E) => void) => Promise<A[keyof A]['result']>,
): void {
  const say = (message: AnswerOf<E>): void => self.postMessage(message);
  self.onmessage = ({ data }: MessageEvent<RequestOf<A>>): void => {
    answer(data, (event) => say({ id: data.id, says: 'event', event })).then(
      (result) => say({ id: data.id, says: 'result', result }),
      (error: unknown) => say({ id: data.id, says: 'failure', failure: failureOf(error) }),
    );
  };
}

/** What a page may know of an error. Anything unforeseen goes by its name only: it could quote what nobody may see. */
function failureOf(error: unknown): Failure {
  if (error instanceof ApiProblem || error instanceof CheckFailed || error instanceof Refusal) {
    const { name, code, message, params } = error;
    return { name, code, message, params, ...(error instanceof ApiProblem ? { status: error.status } : {}) };
  }
  if (error instanceof SealError) return { name: error.name, code: error.code, message: error.message };
  if (error instanceof NetworkError) return { name: error.name, code: 'network', message: error.message };
  const name = error instanceof Error ? error.name : 'Error';
  return { name, code: 'failed', message: `The act failed (${name}).` };
}
