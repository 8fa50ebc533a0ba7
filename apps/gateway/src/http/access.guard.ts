import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { authenticate, permits, type Tokens } from '@flotilla/control-access';
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
    const principal = await authenticate(this.#tokens, request.headers.authorization, this.#clock.now());
    if (!principal) throw unknownCaller();
    if (!permits(principal, permission)) throw notAllowed(permission);
    request.principal = principal;
    return true;
  }
}

function unknownCaller(): Fault {
  return new Fault({
    code: 'unauthenticated',
    reason: 'TokenRefused',
    message:
      'send a valid API token as `Authorization: Bearer …`; with the CLI set FLOTILLA_TOKEN or run: flotilla config set-context',
  });
}

function notAllowed(permission: string | undefined): Fault {
  return new Fault({
    code: 'forbidden',
    reason: 'PermissionMissing',
    message: `this token does not carry the permission ${permission ?? 'for this route'}`,
  });
}
