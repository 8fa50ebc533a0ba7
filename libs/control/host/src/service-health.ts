import type { Service } from './service.ts';

/** What a service says of itself to probes and to Prometheus. */
export class ServiceHealth {
  readonly #service: Service;

  constructor(service: Service) {
    this.#service = service;
  }

  /** What stands in the way of serving; empty when nothing does. */
  async notReady(): Promise<string[]> {
    const { bus, database } = this.#service;
    const reasons = bus.connected ? [] : ['the broker is away'];
    await database
      .query('SELECT 1')
      .catch((error: Error) => reasons.push(`the database does not answer: ${error.message}`));
    return reasons;
  }

  metricsText(): Promise<string> {
    return this.#service.telemetry.metricsText();
  }
}
