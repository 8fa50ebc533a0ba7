import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as it came in, as much as tests look at. */
export interface CollectedSpan {
  readonly service: string;
  readonly name: string;
  readonly traceId: string;
}

interface OtlpBody {
  readonly resourceSpans?: readonly {
    readonly resource?: {
      readonly attributes?: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
    };
    readonly scopeSpans?: readonly {
      readonly spans?: readonly { readonly name: string; readonly traceId: string }[];
    }[];
  }[];
}

/** An OpenTelemetry collector that keeps what it is sent (OTLP over HTTP, JSON). */
export class SpanCollector {
  readonly spans: CollectedSpan[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<SpanCollector> {
    const server = createServer((request, response) => {
      let text = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      request.on('end', () => {
        collector.#take(JSON.parse(text) as OtlpBody);
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    });
    const collector = new SpanCollector(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The spans of each trace, as `service: name`. */
  traces(): Map<string, Set<string>> {
    const traces = new Map<string, Set<string>>();
    for (const { traceId, service, name } of this.spans) {
      traces.set(traceId, (traces.get(traceId) ?? new Set()).add(`${service}: ${name}`));
    }
    return traces;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #take({ resourceSpans = [] }: OtlpBody): void {
    for (const { resource, scopeSpans = [] } of resourceSpans) {
      const service = resource?.attributes?.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';
      const spans = scopeSpans.flatMap(({ spans: each = [] }) => each);
      this.spans.push(...spans.map(({ name, traceId }) => ({ service, name, traceId })));
    }
  }
}
