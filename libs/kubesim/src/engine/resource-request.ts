import type { ServedResource } from './served-resource.ts';

/** A request for a resource, with everything about it found out. */
export interface ResourceRequest {
  readonly verb: Verb;
  readonly resource: ServedResource;
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal | undefined;
  /** Adds a warning that goes with the answer. */
  readonly warn: (text: string) => void;
}

/** The verbs in the words of authorization. */
export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';

/** An answer before it is written down. */
export interface Answer {
  readonly status: number;
  /** A document, or its JSON text, or the lines of a watch. */
  readonly body: object | string | AsyncIterable<string>;
}
