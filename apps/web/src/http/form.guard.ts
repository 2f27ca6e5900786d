/** Forms come from our own pages: the browser says so, and the form shows a token that no foreign page can read. */
import { ForbiddenException, Injectable, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { WebConfig } from '../config.js';
import { FORM_FIELD, Sessions } from './sessions.js';

const HARMLESS = 'segel:harmless';

/** A form without a token, so that pages stay the same for everybody: a forged one could only change colours. */
export const Harmless = (): MethodDecorator => SetMetadata(HARMLESS, true);

@Injectable()
export class FormGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly sessions: Sessions,
    private readonly config: WebConfig,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (request.method === 'GET' || request.method === 'HEAD') return true;
    if (!this.isOurs(request)) throw new ForbiddenException();
    if (this.reflector.get<boolean | undefined>(HARMLESS, context.getHandler()) === true) return true;
    const body = request.body as Readonly<Record<string, unknown>> | undefined;
    if (!this.sessions.holds(request.raw, body?.[FORM_FIELD])) throw new ForbiddenException();
    return true;
  }

  private isOurs({ headers }: FastifyRequest): boolean {
    const site = headers['sec-fetch-site'];
    if (site !== undefined) return site === 'same-origin' || site === 'none';
    const { origin, host } = headers;
    if (origin === undefined) return true; // Old browsers; the token decides.
    return (
      origin === new URL(this.config.settings.WEB_PUBLIC_URL).origin || origin.replace(/^https?:\/\//, '') === host
    );
  }
}
