import type { Running } from '@flotilla/foundation';
import { followContext } from '@flotilla/platform-telemetry';
import type { AgentSettings } from './settings.ts';
import { agentVersion } from './version.ts';

export interface AgentTelemetry extends Running {
  metricsText(): Promise<string>;
}

/** Loads the telemetry SDK only when somebody asked for it: without, traces are still passed on, and memory is saved. */
export async function openTelemetry(settings: AgentSettings): Promise<AgentTelemetry> {
  if (settings.METRICS || settings.OTEL_EXPORTER_OTLP_ENDPOINT) {
    const { startTelemetry } = await import('@flotilla/platform-telemetry/sdk');
    return startTelemetry({
      service: 'agent',
      version: agentVersion,
      otlpEndpoint: settings.OTEL_EXPORTER_OTLP_ENDPOINT,
    });
  }
  followContext();
  return { metricsText: async () => '# set METRICS=true to measure\n', stop: async () => undefined };
}
