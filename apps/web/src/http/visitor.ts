/** Who looks at a page: in which language, signed in or not, and the API as this person sees it. */
import { createClient, Problem, type Client, type Schemas } from '@segel/client';
import { createParamDecorator, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { WebConfig } from '../config.js';
import { formats } from '../words/formats.js';
import type { Reader } from '../words/reader.js';
import { translator } from '../words/words.js';
import { Sessions } from './sessions.js';

export type Visitor = Reader & {
  /** Address of the page without its language, with its query. */
  readonly path: string;
  /** An address of ours in the language of the visitor. */
  readonly href: (path: string) => string;
  readonly theme: 'light' | 'dark' | undefined;
  readonly api: Client;
  readonly me: Schemas['Me'] | undefined;
  /** Token of this visitor's forms. */
  readonly form: () => string;
  readonly now: Date;
  /** Address the visitor comes from, as we believe it. */
  readonly client: string;
  readonly reply: FastifyReply;
};

/** A page that waits longer is none. */
const TIMEOUT_MS = 15_000;

type Visited = FastifyRequest & { visitor?: Promise<Visitor> };

@Injectable()
export class Visitors implements CanActivate {
  constructor(
    private readonly config: WebConfig,
    private readonly sessions: Sessions,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    await this.of(http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
    return true;
  }

  /** The visitor of a request, found out once. */
  async of(request: Visited, reply: FastifyReply): Promise<Visitor> {
    return (request.visitor ??= this.greet(request, reply));
  }

  private async greet(request: Visited, reply: FastifyReply): Promise<Visitor> {
    const english = /^\/en(\/|\?|$)/.test(request.url);
    const locale = english ? 'en' : 'id';
    // One slash at its head: a link to two leads to another host.
    const path = (english ? request.url.slice(3) : request.url).replace(/^\/*/, '/');
    const { me, api } = await this.signedIn(request, reply);
    return {
      locale,
      t: translator(locale),
      f: formats(locale),
      path,
      href: (to) => (english ? `/en${to === '/' ? '' : to}` : to),
      theme: this.sessions.theme(request.raw),
      api,
      me,
      form: this.formToken(request, reply),
      now: this.config.now(),
      client: request.ip,
      reply,
    };
  }

  /** One token for all forms of a page: a browser without a cookie would be given another one with each, and keep the
   *  last. */
  private formToken(request: Visited, reply: FastifyReply): () => string {
    let known: string | undefined;
    return () => {
      if (known !== undefined) return known;
      const { token, cookie } = this.sessions.form(request.raw);
      if (cookie !== undefined) addCookie(reply, cookie);
      return (known = token);
    };
  }

  private async signedIn(request: Visited, reply: FastifyReply): Promise<Pick<Visitor, 'api' | 'me'>> {
    const token = this.sessions.token(request.raw);
    if (token === undefined) return { api: this.client(request), me: undefined };
    const api = this.client(request, token);
    try {
      return { api, me: await api.call('get', '/api/me') };
    } catch (error) {
      if (!(error instanceof Problem) || error.document.status !== 401) throw error;
      addCookie(reply, this.sessions.signOut());
      return { api: this.client(request), me: undefined };
    }
  }

  /** The API is told whose request it is: it counts requests by address, and shows people their sign-ins. */
  private client(request: Visited, token?: string): Client {
    const send = (url: string, init: RequestInit): Promise<Response> =>
      fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
    return createClient(this.config.settings.API_URL.origin, send, {
      'x-forwarded-for': request.ip,
      'user-agent': request.headers['user-agent'] ?? 'unknown',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    });
  }
}

export function addCookie(reply: FastifyReply, cookie: string): void {
  const before = reply.getHeader('set-cookie');
  const set = before === undefined ? [] : Array.isArray(before) ? before : [String(before)];
  if (!set.includes(cookie)) void reply.removeHeader('set-cookie').header('set-cookie', [...set, cookie]);
}

/** The visitor of the request. */
export const Visit = createParamDecorator(async (_: unknown, context: ExecutionContext): Promise<Visitor> => {
  const { visitor } = context.switchToHttp().getRequest<Visited>();
  if (visitor === undefined) throw new Error('nobody greeted the visitor');
  return visitor;
});
