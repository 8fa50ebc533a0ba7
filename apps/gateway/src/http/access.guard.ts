import type { CanActivate, ExecutionContext } from '@nestjs/common';
import {
  authenticate,
  permits,
  reaches,
  type CallerRefusal,
  type Principal,
  type Tokens,
} from '@flotilla/control-access';
import { Fault, type Clock } from '@flotilla/foundation';
import { operationOf, type GuardedRequest } from './serves.ts';

/** The one guard, for every route. What no operation of the contract allows is refused, whoever asks. */
export class AccessGuard implements CanActivate {
  readonly #tokens: Tokens;
  readonly #clock: Clock;

  constructor(tokens: Tokens, clock: Clock) {
    this.#tokens = tokens;
    this.#clock = clock;
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<GuardedRequest>();
    request.operation = operationOf(context);
    const permission = request.operation?.permission;
    if (permission === 'public') return true;
    const caller = await authenticate(this.#tokens, request.headers.authorization, this.#clock.now());
    if (!caller.ok) throw notIn(caller.reason);
    const { principal, hash } = caller.value;
    if (!permits(principal, permission)) throw notAllowed(permission);
    if (!isOpenTo(principal, request)) throw notHere(principal);
    request.principal = principal;
    request.tokenHash = hash;
    return true;
  }
}

/** A route that names no project is for those who are in all of them, unless it keeps to one by itself. */
function isOpenTo(principal: Principal, { operation, params }: GuardedRequest): boolean {
  return reaches(principal, params['project'] as string | undefined) || operation?.keepsToProject === true;
}

const refusals: Readonly<Record<CallerRefusal, { readonly reason: string; readonly message: string }>> = {
  unknown: {
    reason: 'TokenRefused',
    message:
      'send a valid API token as `Authorization: Bearer …`; with the CLI set FLOTILLA_TOKEN or run: flotilla config set-context NAME --token-file FILE',
  },
  expired: {
    reason: 'TokenExpired',
    message: 'this token has expired; an admin makes another with: flotilla token create NAME --permission PERMISSION',
  },
  revoked: {
    reason: 'TokenRevoked',
    message: 'this token was revoked; an admin makes another with: flotilla token create NAME --permission PERMISSION',
  },
};

function notIn(refusal: CallerRefusal): Fault {
  return new Fault({ code: 'unauthenticated', ...refusals[refusal] });
}

function notAllowed(permission: string | undefined): Fault {
  return new Fault({
    code: 'forbidden',
    reason: 'PermissionMissing',
    message: `this token does not carry the permission ${permission ?? 'for this route'}`,
  });
}

/** The same whether or not there is such a project: whoever may not look into it does not learn that either. */
function notHere({ project }: Principal): Fault {
  return new Fault({
    code: 'forbidden',
    reason: 'ProjectClosed',
    message: `this token is for project ${project} alone`,
  });
}
