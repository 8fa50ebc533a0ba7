import type { KubeObject } from '@flotilla/model';
import { isRecord } from '../fields/select.ts';

/**
 * An object in the fields in which the server keeps it: text that a Secret has as `stringData` is kept in `data`. Whoever
 * applied it under the first name owns nothing under the second, and would not see that somebody changed it there.
 */
export function asKept(object: KubeObject): KubeObject {
  const { stringData, ...others } = object;
  if (object.kind !== 'Secret' || object.apiVersion !== 'v1' || !isRecord(stringData)) return object;
  const encoded = Object.entries(stringData).map(([key, text]) => [key, encodedText(text)]);
  return { ...others, data: { ...(others['data'] as object | undefined), ...Object.fromEntries(encoded) } };
}

/** A key without a value is the empty text to the server; what is no text at all was refused when it was read. */
function encodedText(text: unknown): string {
  return Buffer.from(typeof text === 'string' ? text : '').toString('base64');
}
