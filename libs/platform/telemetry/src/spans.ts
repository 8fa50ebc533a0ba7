import {
  context,
  isSpanContextValid,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Span,
} from '@opentelemetry/api';

/** What a span is told about itself when it begins. */
export interface SpanOptions {
  /** `consumer` begins where a message arrives, `producer` where one leaves; `internal` is a step. */
  readonly kind?: 'server' | 'client' | 'consumer' | 'producer' | 'internal';
  readonly attributes?: Attributes;
  /** The trace that a message or a row carried. Without one the span joins whatever is active here. */
  readonly traceparent?: string | null | undefined;
}

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  consumer: SpanKind.CONSUMER,
  producer: SpanKind.PRODUCER,
  internal: SpanKind.INTERNAL,
} as const;

/** Runs `work` inside a span. Doors, steps and outside calls have spans; computing does not. */
export async function inSpan<Result>(
  name: string,
  options: SpanOptions,
  work: (span: Span) => Promise<Result>,
): Promise<Result> {
  const parent = options.traceparent ? contextOf(options.traceparent) : context.active();
  const { kind = 'internal', attributes = {} } = options;
  return trace.getTracer('flotilla').startActiveSpan(name, { kind: kinds[kind], attributes }, parent, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.recordException(error instanceof Error ? error : String(error));
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** The active trace as one header value (W3C `traceparent`), to be carried by a message, a row or a request. */
export function currentTraceparent(): string | undefined {
  const active = trace.getActiveSpan()?.spanContext();
  if (!active || !isSpanContextValid(active)) return undefined;
  return `00-${active.traceId}-${active.spanId}-${active.traceFlags.toString(16).padStart(2, '0')}`;
}

/** A header that is no trace is no error: the span then starts a trace of its own. */
function contextOf(traceparent: string): Context {
  const [, traceId = '', spanId = '', flags = '0'] =
    /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent) ?? [];
  const remote = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return isSpanContextValid(remote) ? trace.setSpanContext(context.active(), remote) : context.active();
}
