export { followContext } from './follow-context.ts';
export { createLogger, type Logger, type LoggerOptions } from './logger.ts';
export { counter, gauge, timer } from './metrics.ts';
export { serveHealth, type HealthOptions } from './serve-health.ts';
export { currentTraceparent, inSpan, type SpanOptions } from './spans.ts';
