import type { SpanOptions, Tracer } from '../ports/tracer.port.ts';

/** A span that a test can look at. */
export interface RecordedSpan {
  readonly name: string;
  readonly traceparent: string | undefined;
  readonly failed: boolean;
}

/** Keeps every span that ended, in the order of their ends, so that a test can read what was done. */
export class RecordingTracer implements Tracer {
  readonly spans: RecordedSpan[] = [];
  #current: string | undefined;

  async inSpan<Result>(name: string, { traceparent }: SpanOptions, work: () => Promise<Result>): Promise<Result> {
    const outer = this.#current;
    this.#current = traceparent ?? outer;
    let failed = true;
    try {
      const result = await work();
      failed = false;
      return result;
    } finally {
      this.spans.push({ name, traceparent, failed });
      this.#current = outer;
    }
  }

  current(): string | undefined {
    return this.#current;
  }
}
