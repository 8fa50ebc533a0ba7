import type { DataSource } from 'typeorm';
import { poolFigures } from '@flotilla/control-store';
import type { Running } from '@flotilla/foundation';
import type { Bus } from '@flotilla/platform-bus';
import { metricList, readEventLoop, readProcess, registry, sample } from '@flotilla/platform-telemetry';
import type { ServiceSettings } from './service-settings.ts';
import { version } from './version.ts';

export interface MeasureServiceOptions {
  readonly name: string;
  readonly settings: Pick<ServiceSettings, 'DATABASE_POOL_MAX'>;
  readonly database: DataSource;
  readonly bus: Pick<Bus, 'connected'>;
}

const { brokerConnected, databaseConnections, databaseConnectionsMax, databaseWaiting } = metricList;

/** What every service tells of itself: its process, its pool, its line to the broker. None of it asks the database. */
export function measureService({ name, settings, database, bus }: MeasureServiceOptions): Running {
  const metrics = [brokerConnected, databaseConnections, databaseConnectionsMax, databaseWaiting];
  const readings = [
    readProcess({ service: name, version }),
    readEventLoop(),
    registry.read(metrics, () => {
      const { used, idle, waiting } = poolFigures(database);
      return [
        sample(brokerConnected, bus.connected ? 1 : 0, {}),
        sample(databaseConnections, used, { state: 'used' }),
        sample(databaseConnections, idle, { state: 'idle' }),
        sample(databaseConnectionsMax, settings.DATABASE_POOL_MAX, {}),
        sample(databaseWaiting, waiting, {}),
      ];
    }),
  ];
  return { stop: async () => void (await Promise.all(readings.map((reading) => reading.stop()))) };
}
