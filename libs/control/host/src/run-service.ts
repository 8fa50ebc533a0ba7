import { readSettings, type SettingsSchema } from '@flotilla/foundation/node';
import { toFault, type Running } from '@flotilla/foundation';
import { createLogger, serveHealth, outliveSurprises } from '@flotilla/platform-telemetry';
import { ServiceHealth } from './service-health.ts';
import { openService, type Service } from './service.ts';
import type { ServiceSettings } from './service-settings.ts';

/** What makes one service different from the others. */
export interface ServiceDefinition<Settings extends ServiceSettings> {
  readonly name: string;
  readonly settings: SettingsSchema<Settings>;
  /** Starts what makes this service what it is, and returns it in the order of starting. */
  readonly start: (service: Service, settings: Settings) => Promise<readonly Running[]>;
  readonly onLine?: (connected: boolean) => void;
}

/** The life of one service process: settings, connections, its own parts, health, and an orderly end. */
export async function runService<Settings extends ServiceSettings>(
  definition: ServiceDefinition<Settings>,
): Promise<void> {
  const settings = readOrExit(definition);
  const { service, parts } = await startOrExit(definition, settings);
  const { logger } = service;
  outliveSurprises({ logger, clock: service.clock, end: (code) => process.exit(code) });
  logger.info({ instance: service.instance }, `${definition.name} is up`);
  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  logger.info({ signal }, `${definition.name} is going down`);
  for (const part of [...parts.toReversed(), service]) {
    await part
      .stop()
      .catch((error: unknown) => logger.warn({ error: toFault(error).message }, 'could not stop in order'));
  }
  process.exit(0);
}

interface Started {
  readonly service: Service;
  /** In the order of starting. */
  readonly parts: readonly Running[];
}

/** A service that cannot start says why and ends: whoever supervises it tries again. Health is last to come, first to go. */
async function startOrExit<Settings extends ServiceSettings>(
  definition: ServiceDefinition<Settings>,
  settings: Settings,
): Promise<Started> {
  try {
    const service = await openService({ ...definition, settings });
    const parts = await definition.start(service, settings);
    return { service, parts: [...parts, await openHealth(service, settings)] };
  } catch (error) {
    const logger = createLogger({ service: definition.name, level: settings.LOG_LEVEL });
    logger.error({ error: toFault(error).message }, `${definition.name} cannot start`);
    process.exit(1);
  }
}

function openHealth(service: Service, { HEALTH_HOST: host, HEALTH_PORT: port }: ServiceSettings): Promise<Running> {
  const health = new ServiceHealth(service);
  return serveHealth({
    host,
    port,
    notReady: () => health.notReady(),
    metricsText: () => health.metricsText(),
  });
}

function readOrExit<Settings extends ServiceSettings>({ name, settings }: ServiceDefinition<Settings>): Settings {
  try {
    return readSettings(settings, process.env);
  } catch (error) {
    process.stderr.write(`flotilla ${name}: ${toFault(error).message}\n`);
    process.exit(2);
  }
}
