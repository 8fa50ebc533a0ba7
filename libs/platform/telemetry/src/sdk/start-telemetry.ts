import { trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Running } from '@flotilla/foundation';
import { followContext } from '../follow-context.ts';

/** Under which name this process is seen, and where its spans go. */
export interface TelemetryOptions {
  readonly service: string;
  readonly version: string;
  /** Where spans go (`http://collector:4318`); without it they exist for logs and headers only. */
  readonly otlpEndpoint?: string | undefined;
}

/**
 * Wires OpenTelemetry's traces for this process; stopping it sends what still waits. Spans are made by hand at doors,
 * steps and outside calls; no loader hook and no automatic instrumentation, which cost a hundred megabytes and half the
 * start-up time.
 */
export function startTelemetry({ service, version, otlpEndpoint }: TelemetryOptions): Running {
  const resource = resourceFromAttributes({ 'service.name': service, 'service.version': version });
  const exporter = otlpEndpoint
    ? new OTLPTraceExporter({ url: `${otlpEndpoint.replace(/\/$/, '')}/v1/traces` })
    : undefined;
  const spanProcessors = exporter ? [new BatchSpanProcessor({ exporter, scheduledDelayMillis: 500 })] : [];
  const tracerProvider = new TracerProvider({ resource, spanProcessors });
  followContext();
  trace.setGlobalTracerProvider(tracerProvider);
  return { stop: () => tracerProvider.shutdown().catch(() => undefined) };
}
