import { headers as natsHeaders } from '@nats-io/transport-node';
import { ClientNats, NatsRecordBuilder, type NatsRecord } from '@nestjs/microservices';
import { catchError, lastValueFrom, throwError, timeout, TimeoutError } from 'rxjs';
import {
  faultWireSchema,
  headerNames,
  subjects,
  type ControlRequest,
  type ControlResponse,
  type ControlVerb,
} from '@flotilla/contracts';
import { Fault, faultCodes, toFault, type FaultCode } from '@flotilla/foundation';
import { currentTraceparent, inSpan } from '@flotilla/platform-telemetry';
import { natsOptions, type BusOptions } from '../connection.ts';

const answerTimeoutMs = 10_000;

/** Asks other services of the control plane. Faults come back as faults. */
export class ControlClient {
  readonly #client: ClientNats;

  constructor(options: BusOptions) {
    this.#client = new ClientNats(natsOptions(options));
  }

  /** Connects and resolves once questions can be asked. */
  async start(): Promise<void> {
    await this.#client.connect();
  }

  ask<Verb extends ControlVerb>(verb: Verb, request: ControlRequest<Verb>): Promise<ControlResponse<Verb>> {
    const subject = subjects.control(verb.service, verb.name);
    return inSpan(`ask ${subject}`, { kind: 'client' }, async () => {
      const sent = this.#client.send<unknown, NatsRecord>(subject, recordOf(request));
      const answer = await lastValueFrom(
        sent.pipe(
          timeout(answerTimeoutMs),
          catchError((error: unknown) => throwError(() => rebuilt(error, verb.service))),
        ),
      );
      return verb.response.parse(answer) as ControlResponse<Verb>;
    });
  }

  async stop(): Promise<void> {
    await this.#client.close();
  }
}

function recordOf(request: unknown): NatsRecord {
  const traceHeaders = natsHeaders();
  const traceparent = currentTraceparent();
  if (traceparent) traceHeaders.set(headerNames.traceparent, traceparent);
  return new NatsRecordBuilder(request).setHeaders(traceHeaders).build();
}

/** What came back was a fault of the other service, or no answer at all. */
function rebuilt(error: unknown, service: string): Fault {
  const wire = faultWireSchema.safeParse(error);
  if (wire.success) {
    const { code, reason, message, subject } = wire.data;
    const known = (faultCodes as readonly string[]).includes(code) ? (code as FaultCode) : 'internal';
    return new Fault({ code: known, reason, message, ...(subject && { subject }) });
  }
  if (error instanceof TimeoutError || isNobodyThere(error)) {
    const message = `${service} does not answer; try again in a moment`;
    return new Fault({ code: 'unavailable', reason: 'ServiceAway', message, cause: error });
  }
  return toFault(error);
}

/** NATS says at once that nobody listens on a subject; Nest passes it on as text. */
function isNobodyThere(error: unknown): boolean {
  const text = error instanceof Error ? error.message : String((error as { message?: unknown })?.message ?? error);
  return /no responders|empty response|connection/i.test(text);
}
