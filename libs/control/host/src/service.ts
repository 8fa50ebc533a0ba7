import type { DataSource } from 'typeorm';
import { createDatabase, DeadLetterStore, migrate, Store } from '@flotilla/control-store';
import {
  createIds,
  systemClock,
  systemRandom,
  toFault,
  type Clock,
  type Ids,
  type Random,
  type Running,
} from '@flotilla/foundation';
import { connectBus, expectSafeServer, type Bus, type BusOptions } from '@flotilla/platform-bus';
import { ControlClient } from '@flotilla/platform-bus/nest';
import { createLogger, currentTraceparent, type Logger } from '@flotilla/platform-telemetry';
import { startTelemetry } from '@flotilla/platform-telemetry/sdk';
import { Announcer } from './announcer.ts';
import { DeadLetterBox } from './dead-letter-box.ts';
import { measureService } from './measure-service.ts';
import type { ServiceSettings } from './service-settings.ts';
import { version } from './version.ts';

/** What every service of the control plane stands on. */
export interface Service extends Running {
  readonly name: string;
  /** Tells replicas of one service apart. */
  readonly instance: string;
  readonly settings: ServiceSettings;
  readonly logger: Logger;
  readonly database: DataSource;
  readonly store: Store;
  readonly bus: Bus;
  readonly announcer: Announcer;
  /** Where messages of agents go that could not be handled. */
  readonly deadLetters: DeadLetterBox;
  readonly busOptions: BusOptions;
  readonly control: ControlClient;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: Random;
}

export interface OpenServiceOptions {
  readonly name: string;
  readonly settings: ServiceSettings;
  /** Told whenever the line to the broker is cut or stands again. */
  readonly onLine?: (connected: boolean) => void;
}

/** Opens database and broker, waiting for either as long as it takes: services may be started in any order. */
export async function openService({ name, settings, onLine }: OpenServiceOptions): Promise<Service> {
  const logger = createLogger({ service: name, level: settings.LOG_LEVEL });
  const telemetry = startTelemetry({ service: name, version, otlpEndpoint: settings.OTEL_EXPORTER_OTLP_ENDPOINT });
  const ids = createIds();
  const database = await openDatabase(name, settings, logger);
  const busOptions: BusOptions = {
    servers: settings.NATS_URL,
    credentials: settings.NATS_CREDENTIALS.reveal(),
    name,
    ...(settings.NATS_CA && { certificateAuthority: settings.NATS_CA }),
    onError: (error) => logger.warn({ error: toFault(error).message }, 'the broker refused something'),
    ...(onLine && { onLine }),
  };
  const bus = await connectBus(busOptions);
  expectSafeServer(bus.serverVersion, { allowOld: settings.NATS_ALLOW_OLD_SERVER });
  const control = new ControlClient(busOptions);
  await control.start();
  const instance = ids.next();
  const measuring = measureService({ name, database, bus, settings });
  const announcer = new Announcer(bus, instance);
  const store = new Store({
    database,
    ids,
    clock: systemClock,
    announce: (announcement) => announcer.announce(announcement),
    traceparent: currentTraceparent,
  });
  const letters = new DeadLetterStore(store);
  const deadLetters = new DeadLetterBox({ service: name, letters, clock: systemClock, logger });
  return {
    name,
    instance,
    settings,
    logger,
    database,
    store,
    bus,
    announcer,
    deadLetters,
    busOptions,
    control,
    clock: systemClock,
    ids,
    random: systemRandom,
    stop: async () => {
      await measuring.stop();
      await deadLetters.stop();
      await control.stop();
      await bus.stop();
      await database.destroy();
      await telemetry.stop();
    },
  };
}

async function openDatabase(name: string, settings: ServiceSettings, logger: Logger): Promise<DataSource> {
  for (let attempt = 1; ; attempt++) {
    const database = createDatabase({
      url: settings.DATABASE_URL.reveal(),
      poolMax: settings.DATABASE_POOL_MAX,
      applicationName: `flotilla-${name}`,
    });
    try {
      await database.initialize();
      await migrate(database);
      return database;
    } catch (error) {
      if (database.isInitialized) await database.destroy().catch(() => undefined);
      const fault = toFault(error);
      // Waiting changes nothing: a person has to.
      if (fault.consequence.kind === 'stall') throw fault;
      logger.warn({ attempt, error: fault.message }, 'the database is not there yet; trying again');
      await systemClock.sleep(Math.min(500 * attempt, 5_000));
    }
  }
}
