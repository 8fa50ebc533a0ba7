import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import type { z } from 'zod';
import { clusterOfSubject, headerNames } from '@flotilla/contracts';
import { Fault, shortened, systemClock, toFault, type Clock, type Running } from '@flotilla/foundation';
import { counter, inSpan, metricList } from '@flotilla/platform-telemetry';
import type { Bus, BusMessage } from '../connection.ts';
import { fleetTransport, type FleetDelivery, type FleetMessageExtras } from './fleet-message.ts';
import { InFlight } from './in-flight.ts';

const received = counter(metricList.messagesReceived);

/** What agents' messages come over, who shares them, and who is told of those that were dropped. */
export interface FleetTransportOptions {
  readonly bus: Bus;
  /** Replicas of one service share the messages. */
  readonly service: string;
  /** Told of each message that was not understood or could not be handled; it is dropped, the next one goes on. */
  readonly onPoison: (poison: Poison) => void;
  readonly clock?: Clock;
}

/** A message that was dropped, and why. */
export interface Poison {
  /** What the server-checked subject names; absent when it names none. */
  readonly cluster: string | undefined;
  readonly subject: string;
  readonly data: Uint8Array;
  readonly fault: Fault;
}

/**
 * How agents' messages reach Nest controllers. It is a strategy of our own because here nothing can be answered: there
 * is no reply subject, so an agent cannot make the control plane speak to a subject of its choice.
 */
export class FleetTransport extends Server implements CustomTransportStrategy {
  override readonly transportId = fleetTransport;
  readonly #options: FleetTransportOptions;
  readonly #subscriptions: Running[] = [];
  readonly #inFlight: InFlight;

  constructor(options: FleetTransportOptions) {
    super();
    this.#options = options;
    this.#inFlight = new InFlight(options.clock ?? systemClock);
  }

  listen(ready: () => void): void {
    for (const [subject, handler] of this.messageHandlers) {
      const { everyReplica } = handler.extras as FleetMessageExtras;
      const onMessage = (message: BusMessage) => void this.#receive(message, handler);
      const queue = everyReplica ? {} : { queue: this.#options.service };
      this.#subscriptions.push(this.#options.bus.subscribe(subject, { onMessage, ...queue }));
    }
    ready();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#subscriptions, this.#inFlight].map((part) => part.stop()));
  }

  on(): never {
    throw new Error('the fleet transport has no events; the bus tells of its line');
  }

  unwrap<Unwrapped>(): Unwrapped {
    return this.#options.bus as Unwrapped;
  }

  async #receive(message: BusMessage, handler: MessageHandler): Promise<void> {
    const { subject, data } = message;
    const cluster = clusterOfSubject(subject);
    const poison = (fault: Fault) => this.#options.onPoison({ cluster, subject, data, fault });
    let end: () => void = () => undefined;
    received({ kind: subject.split('.').at(-1) ?? '' });
    try {
      if (!cluster) throw notUnderstood('the subject names no cluster');
      end = this.#inFlight.begin(cluster, data.length, poison);
      await this.#handle({ message, cluster, handler });
    } catch (error) {
      poison(toFault(error));
    } finally {
      end();
    }
  }

  async #handle({ message, cluster, handler }: { message: BusMessage; cluster: string; handler: MessageHandler }) {
    const { schema, traced } = handler.extras as FleetMessageExtras;
    const delivery: FleetDelivery = {
      cluster,
      message: readMessage(message.data, schema),
      traceparent: message.headers[headerNames.traceparent],
    };
    const run = async () => {
      const result: unknown = await handler(delivery);
      if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
    };
    // Heartbeats have no story to tell; a span for each would only cost.
    if (!traced) return run();
    await inSpan(
      `receive ${message.subject.split('.').at(-1)}`,
      { kind: 'consumer', traceparent: delivery.traceparent },
      run,
    );
  }
}

function readMessage(data: Uint8Array, schema: z.ZodType): unknown {
  const read = schema.safeParse(parsed(data));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw notUnderstood([issue?.path.join('.'), issue?.message].filter(Boolean).join(': '));
}

function parsed(data: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data));
  } catch (error) {
    // What a parser says quotes what it cannot read; where it stopped is all that may be told to everybody.
    const [place] = /position \d+/.exec(toFault(error).message) ?? [];
    throw notUnderstood(place ? `not JSON at ${place}` : 'not JSON', error);
  }
}

/** Waiting and trying again would not help: what was said was never going to mean anything here. */
function notUnderstood(message: string, cause?: unknown): Fault {
  return new Fault({ code: 'invalid', reason: 'MessageNotUnderstood', message: shortened(message, 500), cause });
}
