import type { Fault } from '@flotilla/foundation';
import { objectTitle, type Reason } from '@flotilla/model';
import { isReplaceAsked } from '@flotilla/workload-manifests';
import type { DesiredObject } from '../apply/desired-object.ts';
import { immutableText } from '../apply/replace-object.ts';
import type { SeenObject } from '../orders/look-at-objects.ts';

/** What the API server would not take, in its own words; and what would be deleted and made again for it. */
export function refusalWarnings(seen: readonly SeenObject[]): Reason[] {
  return seen.flatMap(({ desired, refusal }) => (refusal ? [warningOf(desired, refusal)] : []));
}

function warningOf(desired: DesiredObject, refusal: Fault): Reason {
  const title = objectTitle(desired.key);
  if (refusal.reason === 'DryRunUnsupported') {
    const message = `${title}: a webhook guards it that answers no dry run, so what it says shows only once it is applied`;
    return { code: 'NotTried', message };
  }
  if (refusal.reason !== 'FieldImmutable') {
    const message = `${title}: the API server refuses it: ${refusal.message}; nothing of the set would be written, so go to another release, or correct it in Git`;
    return { code: 'WouldBeRefused', message };
  }
  if (!isReplaceAsked(desired.object)) return { code: 'FieldImmutable', message: immutableText(refusal) };
  const message = `${title}: it is deleted and made again, as it asks for itself, because a field of it cannot be changed in place; what it runs is away meanwhile: take that mark out of Git to have it stay`;
  return { code: 'MadeAgain', message };
}
