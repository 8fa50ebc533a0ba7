/** A request to the API server, without HTTP around it. Names of headers are in lower case. */
export interface SimRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Ends a watch. */
  readonly signal?: AbortSignal;
}

/** The answer; a watch answers with its events as they come, a line of JSON each, until the request's signal aborts. */
export interface SimResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | AsyncIterable<string>;
}
