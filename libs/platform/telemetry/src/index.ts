export { followContext } from './follow-context.ts';
export { createLogger, type Logger, type LoggerOptions } from './logger.ts';
export { anyWord, sample, type LabelSet, type LabelValues, type Metric, type Sample } from './metrics/metric.ts';
export { metricList } from './metrics/metric-list.ts';
export { readEventLoop, readProcess } from './metrics/process-readings.ts';
export { counter, gauge, histogram, registry, Registry, type Reading } from './metrics/registry.ts';
export { outliveSurprises, type OutliveOptions } from './outlive-surprises.ts';
export { serveHealth, type HealthOptions } from './serve-health.ts';
export { currentTraceparent, inSpan, type SpanOptions } from './spans.ts';
