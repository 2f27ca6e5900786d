import { Refusal, type RefusalCode } from '@segel/procurement';
import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { problem, statusOf, type Problem } from './problem.js';

const BY_STATUS: Readonly<Record<number, RefusalCode>> = {
  400: 'request_malformed',
  401: 'not_signed_in',
  403: 'not_allowed',
  404: 'not_found',
  405: 'not_found',
  413: 'payload_too_large',
  415: 'request_malformed',
  429: 'too_many_requests',
};

/** Every error becomes problem+json. What is our own defect says nothing to the caller and everything to the log. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Problem');

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const body = this.problemOf(error);
    if (reply.sent) return;
    void reply
      .status(body.status)
      .header('content-type', 'application/problem+json')
      .header('cache-control', 'no-store')
      .send(body);
  }

  private problemOf(error: unknown): Problem {
    if (error instanceof Refusal) {
      const { code, message } = error;
      const params = { ...error.params, ...error.evidence };
      return problem(code, statusOf(code), message, Object.keys(params).length > 0 ? { params } : {});
    }
    const status =
      error instanceof HttpException ? error.getStatus() : ((error as { statusCode?: number }).statusCode ?? 500);
    if (status >= 500) {
      this.logger.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
      return problem('internal', 500, 'Something went wrong on our side. Nothing was stored.');
    }
    const errors = error instanceof HttpException ? validationErrors(error) : [];
    const detail = errors[0] ?? (error instanceof Error ? error.message : 'The request is not usable.');
    return problem(BY_STATUS[status] ?? 'request_malformed', status, detail, errors.length > 0 ? { errors } : {});
  }
}

function validationErrors(error: HttpException): readonly string[] {
  const response = error.getResponse() as { message?: unknown };
  return Array.isArray(response.message) ? response.message.map(String).slice(0, 20) : [];
}
