import { Fault } from '@flotilla/foundation';
import type { KubeObject } from '@flotilla/model';
import type { KubeRequest } from '../transport/kube-transport.port.ts';
import type { Call } from './answer.ts';
import { titleOf } from './object-path.ts';

/** What a write may ask for, whatever it writes. */
export interface WriteOptions {
  /** The name under which the API server notes who set which field. */
  readonly manager: string;
  /** Everything happens except the storing. */
  readonly dryRun?: boolean;
  /** What becomes of fields that the schema does not know; refused by default, because they are typing errors. */
  readonly fieldValidation?: 'Strict' | 'Warn' | 'Ignore';
  readonly subresource?: string;
  readonly signal?: AbortSignal;
}

export function writeQuery({ manager, dryRun, fieldValidation = 'Strict' }: WriteOptions): URLSearchParams {
  const query = new URLSearchParams({ fieldManager: manager, fieldValidation });
  if (dryRun) query.set('dryRun', 'All');
  return query;
}

/** A call that carries a body of this content type and expects an object back. */
export function writeCall(
  words: Pick<Call, 'verb' | 'subject' | 'secret'>,
  request: Omit<KubeRequest, 'body' | 'headers' | 'signal'> & { readonly signal?: AbortSignal | undefined },
  contentType: string,
  value: unknown,
): Call {
  const { signal, ...rest } = request;
  const headers = { accept: 'application/json', 'content-type': contentType };
  const body = jsonOf(value, words.subject);
  return { ...words, request: { ...rest, headers, body, ...(signal && { signal }) } };
}

function holdsSecrets({ apiVersion, kind }: KubeObject): boolean {
  return kind === 'Secret' && apiVersion === 'v1';
}

export function wordsFor(verb: string, object: KubeObject): Pick<Call, 'verb' | 'subject' | 'secret'> {
  return { verb, subject: titleOf(object), secret: holdsSecrets(object) };
}

function jsonOf(value: unknown, subject: string): string {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    const message = `${subject} cannot be written as JSON: ${(cause as Error).message}`;
    throw new Fault({ code: 'invalid', reason: 'ObjectInvalid', message, subject, cause });
  }
}
