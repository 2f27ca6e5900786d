/** A controller answers with a page; here it becomes the bytes that leave. */
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { mergeMap, type Observable } from 'rxjs';
import { Page, render } from '../look/page.js';
import { Visitors } from './visitor.js';

@Injectable()
export class PagesInterceptor implements NestInterceptor {
  constructor(private readonly visitors: Visitors) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    return next.handle().pipe(
      mergeMap(async (answer: unknown) => {
        if (!(answer instanceof Page)) return answer;
        const visitor = await this.visitors.of(http.getRequest<FastifyRequest>(), reply);
        return render(visitor, answer);
      }),
    );
  }
}
