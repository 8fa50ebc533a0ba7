import type { Running } from '@flotilla/foundation';
import { followContext } from '@flotilla/platform-telemetry';
import type { AgentSettings } from './settings.ts';
import { agentVersion } from './version.ts';

/** Loads the telemetry SDK only where traces are to be sent: without, they are still passed on, and memory is saved. */
export async function openTelemetry({ OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint }: AgentSettings): Promise<Running> {
  if (otlpEndpoint) {
    const { startTelemetry } = await import('@flotilla/platform-telemetry/sdk');
    return startTelemetry({ service: 'agent', version: agentVersion, otlpEndpoint });
  }
  followContext();
  return { stop: async () => undefined };
}
