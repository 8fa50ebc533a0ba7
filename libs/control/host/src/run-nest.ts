import 'reflect-metadata';
import type { DynamicModule, INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Transport } from '@nestjs/microservices';
import { natsOptions, type Bus } from '@flotilla/platform-bus';
import { FleetTransport } from '@flotilla/platform-bus/nest';
import { nestLogger } from './nest-logger.ts';
import type { Service } from './service.ts';

/** How long a verb that was taken may take to be answered once nothing new is: without it, whoever asked waits in vain. */
const verbGraceMs = 1_500;

export interface RunNestOptions {
  /** Sets up what listens on HTTP, before anything does. */
  readonly configure?: (app: INestApplication) => void;
}

/**
 * Starts the Nest application of a service: its verbs on `ctl.*` through Nest's own transport, agents' messages through
 * ours. HTTP listens only where the service asks for it.
 */
export async function runNest(
  service: Service,
  module: DynamicModule,
  options: RunNestOptions = {},
): Promise<INestApplication> {
  const { name, bus, busOptions, clock, deadLetters, logger } = service;
  const app = await NestFactory.create(module, { logger: nestLogger(logger), bodyParser: false, abortOnError: false });
  options.configure?.(app);
  const verbs = app.connectMicroservice({
    transport: Transport.NATS,
    options: { ...natsOptions(busOptions), queue: name, gracefulShutdown: true, gracePeriod: verbGraceMs },
  });
  app.connectMicroservice({
    strategy: new FleetTransport({ bus, service: name, clock, onPoison: (poison) => deadLetters.put(poison) }),
  });
  await app.startAllMicroservices();
  // Nest has only written its subscriptions: who says that he can serve is one whom the broker knows. A line that is cut
  // meanwhile subscribes by itself when it stands again.
  const known = [verbs.unwrap<Pick<Bus, 'flush'>>(), bus].map((line) => line.flush());
  await Promise.allSettled(known);
  return app;
}
