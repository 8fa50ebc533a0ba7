import { registry } from '@flotilla/platform-telemetry';
import type { Service } from './service.ts';

/** One thing that a service cannot do without. */
export interface HealthCheck {
  readonly name: string;
  /** What is wrong with it; absent when nothing is. */
  readonly problem?: string;
}

/** What a service says of itself to probes and to Prometheus. */
export class ServiceHealth {
  readonly #service: Pick<Service, 'bus' | 'database'>;

  constructor(service: Pick<Service, 'bus' | 'database'>) {
    this.#service = service;
  }

  /** Everything that has to be there for serving, and what is wrong with it. */
  async checks(): Promise<readonly HealthCheck[]> {
    const { bus, database } = this.#service;
    const databaseProblem = await database.query('SELECT 1').then(
      () => undefined,
      (error: Error) => `the database does not answer: ${error.message}`,
    );
    return [
      { name: 'broker', ...(!bus.connected && { problem: 'the broker is away' }) },
      { name: 'database', ...(databaseProblem && { problem: databaseProblem }) },
    ];
  }

  /** What stands in the way of serving; empty when nothing does. */
  async notReady(): Promise<string[]> {
    return (await this.checks()).flatMap(({ problem }) => problem ?? []);
  }

  metricsText(): Promise<string> {
    return registry.text();
  }
}
