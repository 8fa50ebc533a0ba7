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
  const parts = await startOrExit(definition, service, settings);
  // From here on a process that serves many goes on, whatever one message or request did to it.
  process.on('unhandledRejection', (error) => logger.error({ error: toFault(error).stack }, 'a promise was forgotten'));
  process.on('uncaughtException', (error) => logger.error({ error: error.stack }, 'an error was not caught'));
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

/** A service that cannot start says why and ends: whoever supervises it tries again. Health is last to come, first to go. */
async function startOrExit<Settings extends ServiceSettings>(
  { name, start }: ServiceDefinition<Settings>,
  service: Service,
  settings: Settings,
): Promise<readonly Running[]> {
  try {
    const parts = await start(service, settings);
    const ready = new ServiceHealth(service);
    const health = await serveHealth({
      host: settings.HEALTH_HOST,
      port: settings.HEALTH_PORT,
      notReady: () => ready.notReady(),
      metricsText: () => ready.metricsText(),
    });
    return [...parts, health];
  } catch (error) {
    service.logger.error({ error: toFault(error).message }, `${name} cannot start`);
    process.exit(1);
  }
}

function readOrExit<Settings extends ServiceSettings>({ name, settings }: ServiceDefinition<Settings>): Settings {
  try {
    return readSettings(settings, process.env);
  } catch (error) {
    process.stderr.write(`flotilla ${name}: ${toFault(error).message}\n`);
    process.exit(2);
  }
}
