import type { Role } from '@segel/procurement';
import { SetMetadata, createParamDecorator, type CustomDecorator, type ExecutionContext } from '@nestjs/common';
import type { Actor } from './actor.js';

/** Who may call a route: anybody; anybody signed in; holders of a role, anywhere or on the tender of the path. The
 *  route only keeps strangers out; what somebody may do in a given state is decided by the rule. */
export type Access = 'public' | 'signed_in' | { readonly roles: readonly Role[]; readonly on?: 'tender' };

export const ACCESS = 'segel:access';

/** Every route says who may call it; a route that does not is closed (test/house.spec.ts). */
export const Allow = (access: Access): CustomDecorator => SetMetadata(ACCESS, access);

export type ActorRequest = { actor?: Actor };

/** The actor of the request. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const actor = context.switchToHttp().getRequest<ActorRequest>().actor;
  if (actor === undefined) throw new Error('the access guard did not run');
  return actor;
});
