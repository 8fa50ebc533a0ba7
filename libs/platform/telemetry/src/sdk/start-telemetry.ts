import { metrics, trace } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
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

/** Telemetry of this process while it runs; stopping it sends what still waits. */
export interface Telemetry extends Running {
  /** Everything that was measured, in Prometheus' text format. */
  metricsText(): Promise<string>;
}

/**
 * Wires OpenTelemetry for this process. Spans are made by hand at doors, steps and outside calls; no loader hook and
 * no automatic instrumentation, which cost a hundred megabytes and half the start-up time.
 */
export function startTelemetry({ service, version, otlpEndpoint }: TelemetryOptions): Telemetry {
  const resource = resourceFromAttributes({ 'service.name': service, 'service.version': version });
  const exporter = otlpEndpoint
    ? new OTLPTraceExporter({ url: `${otlpEndpoint.replace(/\/$/, '')}/v1/traces` })
    : undefined;
  const spanProcessors = exporter ? [new BatchSpanProcessor({ exporter, scheduledDelayMillis: 500 })] : [];
  const tracerProvider = new TracerProvider({ resource, spanProcessors });
  const reader = new PrometheusExporter({ preventServerStart: true });
  const meterProvider = new MeterProvider({ resource, readers: [reader] });
  followContext();
  trace.setGlobalTracerProvider(tracerProvider);
  metrics.setGlobalMeterProvider(meterProvider);
  const serializer = new PrometheusSerializer();
  return {
    metricsText: async () => serializer.serialize((await reader.collect()).resourceMetrics),
    stop: async () => {
      await Promise.allSettled([tracerProvider.shutdown(), meterProvider.shutdown()]);
    },
  };
}
