import type { Clock } from '@flotilla/foundation';
import { apiTime } from '../../objects/metadata.ts';
import type { ClusterClient } from '../cluster-client.ts';
import { withCondition } from '../conditions.ts';
import type { Controller } from '../controller.ts';
import { itself } from '../keys.ts';
import type { Condition, Stored } from '../kube-objects.ts';
import { namespaces } from '../resources.ts';

interface Namespace extends Stored {
  readonly spec?: { readonly finalizers?: readonly string[] };
  readonly status?: { readonly phase?: string; readonly conditions?: readonly Condition[] };
}

/** Empties a namespace that is going, says what still holds it up, and lets it go when nothing does. */
export function namespaceFinalizer(client: ClusterClient, clock: Clock): Controller {
  return {
    name: 'namespace',
    affectedBy: (change) => {
      const { namespace } = (change.object as unknown as Stored).metadata;
      return namespace === undefined ? itself(change, namespaces) : goingNamespace(client, namespace);
    },
    reconcile: async (name) => {
      const namespace = client.get<Namespace>(namespaces, name);
      if (!namespace?.metadata.deletionTimestamp) return undefined;
      await empty(client, name);
      const rest = remaining(client, name);
      if (rest.length > 0 || isRemarkable(namespace)) await report(client, namespace, rest, apiTime(clock.now()));
      if (rest.length === 0) await finalize(client, name);
      return undefined;
    },
  };
}

function goingNamespace(client: ClusterClient, name: string): readonly string[] {
  return client.get(namespaces, name)?.metadata.deletionTimestamp ? [name] : [];
}

async function empty(client: ClusterClient, namespace: string): Promise<void> {
  for (const resource of client.view.resources()) {
    if (!resource.namespaced) continue;
    const isLeft = client.list(resource, namespace).some(({ metadata }) => metadata.deletionTimestamp === undefined);
    if (isLeft) await client.deleteAll(resource, namespace);
  }
}

interface Remaining {
  readonly resource: string;
  readonly count: number;
  readonly finalizers: readonly string[];
}

function remaining(client: ClusterClient, namespace: string): readonly Remaining[] {
  return client.view.resources().flatMap((resource): Remaining[] => {
    const objects = resource.namespaced ? client.list(resource, namespace) : [];
    const finalizers = objects.flatMap(({ metadata }) => metadata.finalizers ?? []);
    if (objects.length === 0) return [];
    return [{ resource: `${resource.plural}.${resource.group}`, count: objects.length, finalizers }];
  });
}

/** Conditions are written only once something was left over at least once. */
function isRemarkable({ status }: Namespace): boolean {
  return (status?.conditions ?? []).length > 0;
}

async function report(
  client: ClusterClient,
  namespace: Namespace,
  rest: readonly Remaining[],
  time: string,
): Promise<void> {
  const contents = rest.map(({ resource, count }) => `${resource} has ${count} resource instances`).toSorted();
  const counts = new Map<string, number>();
  for (const name of rest.flatMap(({ finalizers }) => finalizers)) counts.set(name, (counts.get(name) ?? 0) + 1);
  const holders = [...counts].map(([name, count]) => `${name} in ${count} resource instances`).toSorted();
  const conditions: readonly Condition[] = [
    fine('NamespaceDeletionDiscoveryFailure', 'ResourcesDiscovered', 'All resources successfully discovered'),
    fine(
      'NamespaceDeletionGroupVersionParsingFailure',
      'ParsedGroupVersions',
      'All legacy kube types successfully parsed',
    ),
    fine(
      'NamespaceDeletionContentFailure',
      'ContentDeleted',
      'All content successfully deleted, may be waiting on finalization',
    ),
    contents.length > 0
      ? held('NamespaceContentRemaining', 'SomeResourcesRemain', `Some resources are remaining: ${contents.join(', ')}`)
      : fine('NamespaceContentRemaining', 'ContentRemoved', 'All content successfully removed'),
    holders.length > 0
      ? held(
          'NamespaceFinalizersRemaining',
          'SomeFinalizersRemain',
          `Some content in the namespace has finalizers remaining: ${holders.join(', ')}`,
        )
      : fine('NamespaceFinalizersRemaining', 'ContentHasNoFinalizers', 'All content-preserving finalizers finished'),
  ];
  const after = conditions.reduce(
    (all, condition) => withCondition(all, condition, time),
    namespace.status?.conditions ?? [],
  );
  await client.writeStatus(namespaces, namespace, { ...namespace.status, conditions: after });
}

function fine(type: string, reason: string, message: string): Condition {
  return { type, status: 'False', reason, message };
}

function held(type: string, reason: string, message: string): Condition {
  return { type, status: 'True', reason, message };
}

async function finalize(client: ClusterClient, name: string): Promise<void> {
  const namespace = client.get<Namespace>(namespaces, name);
  const finalizers = namespace?.spec?.finalizers?.filter((finalizer) => finalizer !== 'kubernetes') ?? [];
  if (namespace)
    await client.update(namespaces, { ...namespace, spec: { ...namespace.spec, finalizers } } as Namespace, 'finalize');
}
