import type { SimRequest } from '../sim-request.ts';

/** A request that was answered, as tests want to ask about it. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly status: number;
}

const recordedMax = 1_000;

/** The last requests. */
export class RequestLog {
  readonly entries: RecordedRequest[] = [];

  add({ method, path, query }: SimRequest, status: number): void {
    if (this.entries.length >= recordedMax) this.entries.shift();
    this.entries.push({ method, path, query: query.toString(), status });
  }
}
