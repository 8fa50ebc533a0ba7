/** Lower-case names. A list is sent as one line per value, which `impersonate-group` depends on. */
export type KubeHeaders = Readonly<Record<string, string | readonly string[]>>;

/** One request to an API server, as plain as HTTP itself. */
export interface KubeRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From the root and already encoded: `/apis/apps/v1/namespaces/shop/deployments/checkout`. */
  readonly path: string;
  readonly query?: URLSearchParams;
  readonly headers?: KubeHeaders;
  readonly body?: string;
  /** Aborting ends the request and, later, the reading of its answer; both reject then. */
  readonly signal?: AbortSignal;
  /** The answer goes on until somebody ends it, as a watch does: silence is no failure there. */
  readonly endless?: boolean;
}

/** An answer whose body is read once, either way. */
export interface KubeResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array>;
  /** The whole body; rejects with `AnswerTooLarge` once more than `bytesMax` have come. */
  text(bytesMax?: number): Promise<string>;
}

/**
 * How requests reach an API server. Any HTTP status is an answer; a fault says that there was none: code `timeout`
 * when the server stayed silent, `unavailable` when it could not be reached or the connection broke.
 */
export interface KubeTransport {
  request(request: KubeRequest): Promise<KubeResponse>;
}
