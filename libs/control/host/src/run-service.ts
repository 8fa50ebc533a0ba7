import { readSettings, type SettingsSchema } from '@flotilla/foundation/node';
import { toFault, type Running } from '@flotilla/foundation';
import { serveHealth } from '@flotilla/platform-telemetry';
import { ServiceHealth } from './service-health.ts';
import { openService, type Service } from './service.ts';
import type { ServiceSettings } from './service-settings.ts';

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
  const service = await openService({ ...definition, settings });
  const { logger } = service;
  process.on('unhandledRejection', (error) => logger.error({ error: toFault(error).stack }, 'a promise was forgotten'));
  process.on('uncaughtException', (error) => logger.error({ error: error.stack }, 'an error was not caught'));
  const parts = await definition.start(service, settings);
  const ready = new ServiceHealth(service);
  const health = await serveHealth({
    host: settings.HEALTH_HOST,
    port: settings.HEALTH_PORT,
    notReady: () => ready.notReady(),
    metricsText: () => ready.metricsText(),
  });
  logger.info({ instance: service.instance, health: health.port }, `${definition.name} is up`);
  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  logger.info({ signal }, `${definition.name} is going down`);
  for (const part of [health, ...parts.toReversed(), service]) {
    await part
      .stop()
      .catch((error: unknown) => logger.warn({ error: toFault(error).message }, 'could not stop in order'));
  }
  process.exit(0);
}

function readOrExit<Settings extends ServiceSettings>({ name, settings }: ServiceDefinition<Settings>): Settings {
  try {
    return readSettings(settings, process.env);
  } catch (error) {
    process.stderr.write(`flotilla ${name}: ${toFault(error).message}\n`);
    process.exit(2);
  }
}
