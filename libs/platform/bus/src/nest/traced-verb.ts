import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { NatsContext } from '@nestjs/microservices';
import type { MsgHdrs } from '@nats-io/transport-node';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { headerNames } from '@flotilla/contracts';
import { inSpan } from '@flotilla/platform-telemetry';

/** Goes on in the trace of whoever asked. */
@Injectable()
export class TracedVerb implements NestInterceptor {
  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const context = execution.switchToRpc().getContext<NatsContext>();
    const headers = context.getHeaders() as MsgHdrs | undefined;
    const traceparent = headers?.get(headerNames.traceparent);
    return from(
      inSpan(`answer ${context.getSubject()}`, { kind: 'server', traceparent }, () =>
        lastValueFrom(next.handle(), { defaultValue: undefined }),
      ),
    );
  }
}
