import type { IgnoreRule, ObjectKey } from '@flotilla/model';

/** Whether a rule is about this object. */
export function matchesRule(key: ObjectKey, { group, kind, name, namespace }: IgnoreRule): boolean {
  return (
    matchesGlob(key.group, group) &&
    matchesGlob(key.kind, kind) &&
    matchesGlob(key.name, name) &&
    matchesGlob(key.namespace ?? '', namespace)
  );
}

/**
 * Two pointers that walk together, so that no pattern that a user writes takes longer than its length times that of the
 * text: a regular expression with many stars would.
 */
function matchesGlob(text: string, glob = '*'): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let place = 0; place < text.length;) {
    if (glob[at] === '*') {
      star = at++;
      resume = place;
    } else if (glob[at] === '?' || (at < glob.length && glob[at] === text[place])) {
      at++;
      place++;
    } else if (star >= 0) {
      at = star + 1;
      place = ++resume;
    } else {
      return false;
    }
  }
  return glob.slice(at).replaceAll('*', '') === '';
}
