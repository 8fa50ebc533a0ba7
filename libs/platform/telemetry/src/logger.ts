import { trace } from '@opentelemetry/api';
import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';

/**
 * Structured logs. What a level means to whoever is on call: `error` look now, `warn` look today, `info` what happened,
 * `debug` how. Fields first, then one plain sentence.
 */
export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error'>;

/** Who logs, from which level on, and where to; standard output when nothing is said. */
export interface LoggerOptions {
  readonly service: string;
  readonly level: string;
  readonly destination?: DestinationStream;
}

/**
 * Fields that hold credentials, down to the depth at which anybody logs: a net for slips. What is known to be secret is
 * of type Redacted and hides itself at any depth.
 */
const secretPaths = ['password', 'token', 'authorization', 'seed', 'secret'].flatMap((name) =>
  ['', '*.', '*.*.'].map((above) => above + name),
);

/** A logger whose every line carries the trace that it belongs to. */
export function createLogger({ service, level, destination }: LoggerOptions): Logger {
  const options = {
    level,
    base: { service },
    mixin: traceIds,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: secretPaths, censor: '[redacted]' },
  };
  return destination ? pino(options, destination) : pino(options);
}

function traceIds(): Record<string, string> {
  const span = trace.getActiveSpan()?.spanContext();
  return span ? { trace_id: span.traceId, span_id: span.spanId } : {};
}
