import { canonicalJson } from '@flotilla/foundation';
import { objectId, objectTitle } from '@flotilla/model';
import type { Rendered } from '@flotilla/workload-render';

/** What two renders of the same order do not have in common, by name. */
export function unstableObjects(first: Rendered, second: Rendered): string[] {
  const [before, after] = [byId(first), byId(second)];
  const all = new Map([...before, ...after]);
  const differing = [...all].filter(([id]) => before.get(id)?.text !== after.get(id)?.text);
  return differing.map(([, { title }]) => title);
}

function byId({ manifests }: Rendered): Map<string, { readonly title: string; readonly text: string }> {
  return new Map(
    manifests.map(({ key, object }) => [objectId(key), { title: objectTitle(key), text: canonicalJson(object) }]),
  );
}
