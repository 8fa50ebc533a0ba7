import type { Json, JsonObject } from '../schema/schema-type.ts';

/** What a case sends beside method and path. */
export interface ConformanceRequest {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, or as it is when it is text. */
  readonly body?: Json;
}

/** What an API server answered, whichever one it is. */
export interface ConformanceAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Read as JSON if it can be, else the text. */
  readonly body: Json;
}

/** One line of a watch. */
export interface WatchEvent {
  readonly type: string;
  readonly object: JsonObject;
}

/** An API server as the conformance cases see it: requests and answers, and no client in between. */
export interface ConformanceApi {
  /** `path` includes the query. */
  request(method: string, path: string, options?: ConformanceRequest): Promise<ConformanceAnswer>;
  /** Ends when the server ends it or the reader stops. */
  watch(path: string, headers?: Readonly<Record<string, string>>): AsyncIterable<WatchEvent>;
  /** Milliseconds since the epoch. What a case makes carries it in its names, so that the case can be repeated. */
  readonly now: number;
}
