import { EventPattern } from '@nestjs/microservices';
import type { z } from 'zod';
import { subjects, type UpKind } from '@flotilla/contracts';

export const fleetTransport = Symbol('fleet');

/** A message of an agent, checked against its schema, with the cluster that the server-checked subject names. */
export interface FleetDelivery<Message = unknown> {
  readonly cluster: string;
  readonly message: Message;
  readonly traceparent: string | undefined;
}

export interface FleetMessageExtras {
  readonly schema: z.ZodType;
  /** Each replica gets its own copy, because only one of them waits for this answer, or each judges by what it hears. */
  readonly everyReplica: boolean;
  readonly traced: boolean;
}

/** Marks a controller method that handles one kind of message from agents. It receives a `FleetDelivery`. */
export function FleetMessage(
  kind: UpKind,
  schema: z.ZodType,
  { everyReplica = false, traced = false }: Partial<Omit<FleetMessageExtras, 'schema'>> = {},
): MethodDecorator {
  const extras: FleetMessageExtras = { schema, everyReplica, traced };
  return EventPattern(subjects.upFromAll(kind), fleetTransport, { ...extras }) as MethodDecorator;
}
