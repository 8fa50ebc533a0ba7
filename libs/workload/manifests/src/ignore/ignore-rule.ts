import { matchesGlob } from '@flotilla/foundation';
import type { IgnoreRule, ObjectKey } from '@flotilla/model';

/** Whether a rule is about this object. */
export function matchesRule(
  key: ObjectKey,
  { group = '*', kind = '*', name = '*', namespace = '*' }: IgnoreRule,
): boolean {
  return (
    matchesGlob(key.group, group) &&
    matchesGlob(key.kind, kind) &&
    matchesGlob(key.name, name) &&
    matchesGlob(key.namespace ?? '', namespace)
  );
}
