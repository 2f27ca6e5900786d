/** What went wrong, as a page that says what to do next. */
import { Problem } from '@segel/client';
import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { errorPage, plainError } from '../look/error-page.js';
import { render } from '../look/page.js';
import { Visitors } from './visitor.js';

type Wrong = { readonly status: number; readonly code?: string };

@Catch()
export class ErrorsFilter implements ExceptionFilter {
  private readonly logger = new Logger('Pages');

  constructor(private readonly visitors: Visitors) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const wrong = this.wrong(error);
    try {
      const visitor = await this.visitors.of(http.getRequest<FastifyRequest>(), reply);
      if (wrong.status === 401 && visitor.me === undefined) {
        await reply.redirect(`${visitor.href('/masuk')}?ke=${encodeURIComponent(visitor.path)}`, 303);
        return;
      }
      await reply.status(wrong.status).send(render(visitor, errorPage(visitor, wrong.status, wrong.code)));
    } catch {
      // The API does not even say who is signed in: a page that needs nothing.
      await reply.status(503).header('content-type', 'text/html; charset=utf-8').send(plainError());
    }
  }

  private wrong(error: unknown): Wrong {
    // A malformed id in an address is an address that leads nowhere.
    if (error instanceof Problem)
      return { status: error.document.status === 400 ? 404 : error.document.status, code: error.document.code };
    if (error instanceof HttpException) return { status: error.getStatus() };
    const known = error as { statusCode?: unknown };
    if (typeof known.statusCode === 'number' && known.statusCode < 500) return { status: known.statusCode };
    // Node's words for an address that does not answer, at all or in time.
    const { name, message } = (error ?? {}) as { readonly name?: unknown; readonly message?: unknown };
    if (message === 'fetch failed' || name === 'TimeoutError') return { status: 503 };
    this.logger.error(error instanceof Error ? error.stack : error);
    return { status: 500 };
  }
}
