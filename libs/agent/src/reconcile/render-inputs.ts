import { digestOf } from '@flotilla/foundation/node';
import type { DesiredEntry } from '@flotilla/model';

/** Everything in an entry that decides what is rendered: leave one out, and a change of it would go unseen. */
export function renderInputs({ target, sourceDigest, namespace, source }: DesiredEntry): string {
  return digestOf([target, sourceDigest, namespace, source.url, source.path, source.also]);
}
