import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { NatsContext } from '@nestjs/microservices';
import type { MsgHdrs } from '@nats-io/transport-node';
import { from, lastValueFrom, throwError, timeout, type Observable } from 'rxjs';
import { headerNames } from '@flotilla/contracts';
import { Fault } from '@flotilla/foundation';
import { inSpan } from '@flotilla/platform-telemetry';

/** Far longer than anybody waits for the answer: what is not done by then never will be. */
const timeLimitMs = 30_000;

/** Goes on in the trace of whoever asked, and gives a handler up that never ends. */
@Injectable()
export class TracedVerb implements NestInterceptor {
  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const context = execution.switchToRpc().getContext<NatsContext>();
    const headers = context.getHeaders() as MsgHdrs | undefined;
    const traceparent = headers?.get(headerNames.traceparent);
    return from(
      inSpan(`answer ${context.getSubject()}`, { kind: 'server', traceparent }, () =>
        lastValueFrom(next.handle().pipe(timeout({ each: timeLimitMs, with: tooLong })), { defaultValue: undefined }),
      ),
    );
  }
}

function tooLong(): Observable<never> {
  const message = `no answer was found within ${timeLimitMs} ms`;
  return throwError(() => new Fault({ code: 'timeout', reason: 'VerbTooLong', message }));
}
