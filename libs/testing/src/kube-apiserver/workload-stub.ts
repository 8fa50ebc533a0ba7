import { systemClock, systemRandom, type Running } from '@flotilla/foundation';
import { keyOfObject, type KubeObject, type ObjectKey } from '@flotilla/model';
import { createKubeClient, watchKind, type KubeClient, type KubeTransport } from '@flotilla/platform-kube';

const manager = 'kubelet';

/**
 * Stands in for controllers and kubelet where a real API server runs alone: every Deployment becomes ready as soon as
 * it is seen, except one whose image has the tag `broken`, which gets a pod that cannot pull its image.
 */
export function startWorkloadStub(transport: KubeTransport): Running {
  const client = createKubeClient({ transport, clock: systemClock, random: systemRandom });
  const settle = (deployment: KubeObject) =>
    settleDeployment(client, deployment).catch((error: unknown) => {
      // What changed meanwhile comes as another event.
      if (
        !/NotFound|ObjectMissing|ObjectChanged|NamespaceMissing|Stopped/.test(
          String((error as { reason?: unknown }).reason),
        )
      )
        throw error;
    });
  return watchKind(
    client,
    { group: 'apps', kind: 'Deployment' },
    {
      clock: systemClock,
      random: systemRandom,
      keep: () => undefined,
      onChange: (event) => {
        if (event.type === 'added' || event.type === 'changed') void settle(event.object);
      },
    },
  );
}

interface DeploymentSpec {
  readonly replicas?: number;
  readonly template: {
    readonly spec: { readonly containers: readonly { readonly name: string; readonly image: string }[] };
  };
}

async function settleDeployment(client: KubeClient, deployment: KubeObject): Promise<void> {
  const { replicas = 1, template } = deployment.spec as DeploymentSpec;
  const [container] = template.spec.containers;
  const broken = container?.image.endsWith(':broken') ?? false;
  const status = broken ? stuck(deployment, replicas) : ready(deployment, replicas);
  if (JSON.stringify(deployment.status) === JSON.stringify(status)) return;
  if (broken) await showPod(client, deployment, container!);
  else await client.delete(podKey(deployment), { propagation: 'Background' });
  await client.mergePatch(
    keyOfObject(deployment),
    { status: { ...emptied(deployment), ...status } },
    { manager, subresource: 'status' },
  );
}

/** A merge patch keeps what it does not name, so what was there and is not any more has to be named. */
function emptied({ status }: KubeObject): Record<string, null> {
  return Object.fromEntries(Object.keys((status as object | undefined) ?? {}).map((field) => [field, null]));
}

function ready({ metadata }: KubeObject, replicas: number): Record<string, unknown> {
  const observedGeneration = metadata.generation;
  if (replicas === 0) return { observedGeneration };
  return {
    observedGeneration,
    replicas,
    updatedReplicas: replicas,
    readyReplicas: replicas,
    availableReplicas: replicas,
  };
}

function stuck({ metadata }: KubeObject, replicas: number): Record<string, unknown> {
  return {
    observedGeneration: metadata.generation,
    replicas,
    updatedReplicas: replicas,
    unavailableReplicas: replicas,
  };
}

function podKey({ metadata }: KubeObject): ObjectKey {
  return { group: '', kind: 'Pod', namespace: metadata.namespace, name: `${metadata.name}-stuck` };
}

async function showPod(
  client: KubeClient,
  { metadata }: KubeObject,
  { name, image }: { name: string; image: string },
): Promise<void> {
  const key = podKey({ metadata } as KubeObject);
  const owner = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    name: metadata.name,
    uid: metadata.uid!,
    controller: true,
  };
  const pod: KubeObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: key.name, namespace: metadata.namespace!, ownerReferences: [owner] },
    spec: { containers: [{ name, image }] },
  };
  await client.create(pod, { manager });
  const waiting = { reason: 'ImagePullBackOff', message: `Back-off pulling image "${image}"` };
  const containerStatuses = [{ name, image, imageID: '', ready: false, restartCount: 0, state: { waiting } }];
  await client.mergePatch(key, { status: { phase: 'Pending', containerStatuses } }, { manager, subresource: 'status' });
}
