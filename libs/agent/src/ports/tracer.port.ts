/** Puts a name and a trace on what the agent does. */
export interface Tracer {
  inSpan<Result>(name: string, options: SpanOptions, work: () => Promise<Result>): Promise<Result>;
  current(): string | undefined;
}

export interface SpanOptions {
  readonly traceparent?: string | undefined;
  readonly attributes?: Readonly<Record<string, string | number>>;
}

/** No tracing at all. */
export const noTracer: Tracer = { inSpan: (_name, _options, work) => work(), current: () => undefined };
