import type { SimRequest, SimUser } from '../sim-request.ts';
import type { Identity } from './identity.ts';

/** A request that was answered, as tests want to ask about it. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** Who the request counted as. */
  readonly user: SimUser;
  /** Who sent it, when it acted as somebody else. */
  readonly actingAs: SimUser | undefined;
  readonly status: number;
}

const recordedMax = 1_000;

/** The last requests. */
export class RequestLog {
  readonly entries: RecordedRequest[] = [];

  add({ method, path, query }: SimRequest, { user, actingAs }: Identity, status: number): void {
    if (this.entries.length >= recordedMax) this.entries.shift();
    this.entries.push({ method, path, query: query.toString(), user, actingAs, status });
  }
}
