import { canonicalize, concatBytes, utf8 } from '@segel/encoding';
import { Refusal } from '@segel/procurement';
import { Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { Journal } from '../journal/journal.js';
import { holdsOnTender, holdsRole, type Actor, type RequestFacts } from './actor.js';
import { ACCESS, type Access, type ActorRequest } from './allow.js';

const STRANGER: Actor = { kind: 'public', id: 'public', roles: [] };
const IDEMPOTENCY_KEY = /^[A-Za-z0-9_-]{8,100}$/;

type Request = FastifyRequest & ActorRequest & { user?: Actor };

/** Closed by default: a route without {@link Access} is for nobody. Denied access of signed-in people is logged. */
@Injectable()
export class AccessGuard extends AuthGuard('session') {
  constructor(
    private readonly reflector: Reflector,
    private readonly journal: Journal,
  ) {
    super();
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    const request = context.switchToHttp().getRequest<Request>();
    if (request.headers.authorization !== undefined) await super.canActivate(context);
    const actor: Actor = { ...(request.user ?? STRANGER), request: factsOf(request) };
    request.actor = actor;
    if (access === 'public') return true;
    if (actor.kind !== 'person') throw new Refusal('not_signed_in', 'Sign in to do this.');
    if (access === 'signed_in') return true;
    if (access !== undefined && this.allowed(actor, access, request)) return true;
    await this.recordDenial(actor);
    throw new Refusal('not_allowed', 'Your roles do not allow this.');
  }

  /** No token at all is a stranger; a token that does not hold is refused even where strangers may read. */
  override handleRequest<T>(error: unknown, user: T | false): T {
    if (error instanceof Error) throw error;
    if (user === false) throw new Refusal('not_signed_in', 'The session has ended or the token does not hold.');
    return user;
  }

  private allowed(actor: Actor, access: Exclude<Access, string>, request: Request): boolean {
    if (access.on !== 'tender') return holdsRole(actor, ...access.roles);
    const tenderId = (request.params as Record<string, string | undefined>)['tenderId'];
    return tenderId !== undefined && holdsOnTender(actor, tenderId, ...access.roles);
  }

  private async recordDenial(actor: Actor): Promise<void> {
    await this.journal.commit({ ...actor, request: undefined }, { on: 'none' }, async (tx) => {
      await tx.record({
        type: 'access.denied',
        subjectId: actor.id,
        body: { act: actor.request?.act ?? 'unknown', reason: 'role' },
      });
    });
  }
}

function factsOf(request: FastifyRequest): RequestFacts {
  const header = request.headers['idempotency-key'];
  const idempotencyKey = typeof header === 'string' ? header : undefined;
  if (idempotencyKey !== undefined && !IDEMPOTENCY_KEY.test(idempotencyKey)) {
    throw new Refusal('request_malformed', 'Idempotency-Key must be 8 to 100 letters, digits, - or _.');
  }
  const act = `${request.method} ${request.routeOptions.url ?? request.url}`.slice(0, 100);
  if (!isPlain(request.body))
    throw new Refusal('request_malformed', 'The request holds text that is not well-formed Unicode.');
  // A replay alone compares it: of a manifest or a document it is not made for nothing.
  const digest = idempotencyKey === undefined ? new Uint8Array() : digestOf(request);
  return { act, ip: request.ip, idempotencyKey, digest };
}

/** Deeper is nothing that we ask for. */
const MAX_DEPTH = 500;

/** False when the body holds what has no canonical form: a lone surrogate, a number beyond all numbers, endless nesting. */
function isPlain(value: unknown, depth = 0): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return true;
  if (depth > MAX_DEPTH) return false;
  return Object.entries(value).every(([key, member]) => key.isWellFormed() && isPlain(member, depth + 1));
}

/** By OpenSSL: a part of a bid has eight million bytes. */
const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

/** What a replay must repeat: the address and the body. */
function digestOf({ url, body }: FastifyRequest): Uint8Array {
  const bytes = body instanceof Uint8Array ? sha256(body) : utf8(canonicalize(body ?? null));
  return sha256(concatBytes(utf8(`${url}\n`), bytes));
}
