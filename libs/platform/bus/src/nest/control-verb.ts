import { applyDecorators, UseFilters, UseInterceptors } from '@nestjs/common';
import { MessagePattern, Payload, Transport } from '@nestjs/microservices';
import { subjects, type ControlVerb } from '@flotilla/contracts';
import { FaultFilter } from './fault-filter.ts';
import { TracedVerb } from './traced-verb.ts';

/** Marks a controller method that answers one verb of its service on `ctl.*`, the one place where replies exist. */
export function AnswersVerb(verb: ControlVerb): MethodDecorator {
  return applyDecorators(
    MessagePattern(subjects.control(verb.service, verb.name), Transport.NATS),
    UseFilters(FaultFilter),
    UseInterceptors(TracedVerb),
  );
}

/** The request of a verb, checked against its schema. */
export function VerbRequest(verb: ControlVerb): ParameterDecorator {
  return Payload({ transform: (value: unknown) => verb.request.parse(value) });
}
