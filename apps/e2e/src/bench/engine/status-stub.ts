import { systemClock, systemRandom, type Running } from '@flotilla/foundation';
import { keyOfObject, type KubeObject } from '@flotilla/model';
import { watchKind, type KubeClient } from '@flotilla/platform-kube';
import { benchLabel } from './bench-applications.ts';

const kind = { group: 'apps', kind: 'Deployment' };

/**
 * Says of every Deployment of a bench that its newest generation was seen, which makes one of no replicas well. It stands
 * in for kube-controller-manager, whose limits would otherwise be what is measured.
 */
export function startStatusStub(client: KubeClient): Running {
  return watchKind(client, kind, {
    labelSelector: benchLabel,
    clock: systemClock,
    random: systemRandom,
    keep: () => undefined,
    onChange: (event) => {
      if (event.type === 'added' || event.type === 'changed') void observe(client, event.object).catch(() => undefined);
    },
  });
}

async function observe(client: KubeClient, object: KubeObject): Promise<void> {
  if (isObserved(object)) return;
  const status = { observedGeneration: object.metadata.generation };
  await client.mergePatch(keyOfObject(object), { status }, { manager: 'status-stub', subresource: 'status' });
}

export function isObserved({ metadata, status }: KubeObject): boolean {
  return (status as { observedGeneration?: number } | undefined)?.observedGeneration === metadata.generation;
}
