import { canonicalJson } from '@flotilla/foundation';
import { controllerReference } from './dependents.ts';
import type { PodTemplate, Stored } from './kube-objects.ts';

export interface PodOf {
  readonly owner: Stored;
  readonly template: PodTemplate;
  readonly name?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** A pod as its owner wants it; without a name it gets one that begins with the owner's. */
export function podOf({ owner, template, name, labels }: PodOf): object {
  const { metadata = {}, spec } = template;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...(name ? { name } : { generateName: `${owner.metadata.name}-` }),
      ...metadata,
      labels: { ...metadata.labels, ...labels },
      ownerReferences: [controllerReference(owner)],
    },
    spec,
  };
}

/** No vowels, so that no words come out. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** A short name for what a template says: the same for the same, safe in names and labels. */
export function templateHash(template: object): string {
  let hash = 0x811c9dc5;
  for (const character of canonicalJson(template)) {
    hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193) >>> 0;
  }
  return Array.from(String(hash), (digit) => alphabet[digit.charCodeAt(0) % alphabet.length]).join('');
}
