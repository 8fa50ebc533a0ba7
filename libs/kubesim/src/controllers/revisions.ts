import type { ClusterClient } from './cluster-client.ts';
import { controllerReference, isControlledBy } from './dependents.ts';
import type { ControllerRevision, PodTemplate, Stored } from './kube-objects.ts';
import { templateHash } from './pod-template.ts';
import { controllerRevisions } from './resources.ts';

/** The label by which pods tell which revision of the template they were made of. */
export const revisionLabel = 'controller-revision-hash';

type Owner = Stored & { readonly spec: { readonly template: PodTemplate; readonly revisionHistoryLimit?: number } };

/** The revision of an owner's template, written down if it is new, and the newest again if it came back. */
export async function currentRevision(client: ClusterClient, owner: Owner): Promise<ControllerRevision> {
  const { template } = owner.spec;
  const hash = templateHash(template);
  const name = `${owner.metadata.name}-${hash}`;
  const known = revisionsOf(client, owner);
  const found = known.find(({ metadata }) => metadata.name === name);
  const newest = known.at(-1);
  if (found && found === newest) return found;
  const revision = (newest?.revision ?? 0) + 1;
  if (found) {
    await client.mergePatch(controllerRevisions, found, { revision });
    return found;
  }
  await client.create(controllerRevisions, owner.metadata.namespace!, {
    metadata: {
      name,
      labels: { ...template.metadata?.labels, [revisionLabel]: hash },
      ownerReferences: [controllerReference(owner)],
    },
    data: { spec: { template: { ...template, $patch: 'replace' } } },
    revision,
  });
  return client.get<ControllerRevision>(controllerRevisions, `${owner.metadata.namespace}/${name}`)!;
}

/** All revisions of an owner, oldest first. */
export function revisionsOf(client: ClusterClient, owner: Owner): readonly ControllerRevision[] {
  return client
    .list<ControllerRevision>(controllerRevisions, owner.metadata.namespace)
    .filter((revision) => isControlledBy(revision, owner))
    .toSorted((left, right) => left.revision - right.revision);
}

/** Forgets the oldest revisions of which no pod is left. */
export async function dropRevisions(client: ClusterClient, owner: Owner, inUse: ReadonlySet<string>): Promise<void> {
  const unused = revisionsOf(client, owner).filter(({ metadata }) => !inUse.has(metadata.name));
  const surplus = Math.max(0, unused.length - (owner.spec.revisionHistoryLimit ?? 10));
  for (const revision of unused.slice(0, surplus)) await client.delete(controllerRevisions, revision);
}
