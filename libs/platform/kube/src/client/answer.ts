import { Fault } from '@flotilla/foundation';
import type { KubeRequest } from '../transport/kube-transport.port.ts';

/** A request with the words for it: `apply`, `Deployment shop/checkout`. */
export interface Call {
  readonly verb: string;
  readonly subject: string;
  readonly request: KubeRequest;
  /** The object holds secret values, so nothing that the server says about it is repeated. */
  readonly secret?: boolean;
}

/** What came back, whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** What the server wants a person to know, such as that an API version will go away. */
  readonly warnings: readonly string[];
}

/** A warning of the API server, with the request that it came with. */
export interface KubeWarning {
  readonly verb: string;
  readonly subject: string;
  readonly text: string;
}

export function isSuccess({ status }: Pick<Answer, 'status'>): boolean {
  return status >= 200 && status < 300;
}

/** The JSON of an answer. Something else in between, such as a proxy's page, is named as what it is. */
export function readJson(call: Call, answer: Pick<Answer, 'text'>): unknown {
  try {
    return JSON.parse(answer.text);
  } catch (cause) {
    throw new Fault({
      code: 'unavailable',
      reason: 'AnswerUnreadable',
      message: `${call.verb} ${call.subject}: the answer is not JSON; does a proxy stand before the API server?`,
      subject: call.subject,
      cause,
    });
  }
}

/** The milliseconds of a `Retry-After` header, which the API server gives in seconds. */
export function retryAfterMs(headers: Readonly<Record<string, string>>): number | undefined {
  const seconds = Number(headers['retry-after'] ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}

/** Reads `299 - "text", 299 - "text"`. */
export function readWarnings(headers: Readonly<Record<string, string>>): string[] {
  const found = (headers['warning'] ?? '').matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g);
  return Array.from(found, ([, text]) => text!.replaceAll(/\\(.)/g, '$1'));
}
