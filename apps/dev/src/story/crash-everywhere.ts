import { mapLimited } from '@flotilla/foundation';
import type { KubeObject } from '@flotilla/model';
import type { DemoFleet } from '../demo-fleet.ts';
import type { DemoCluster } from '../house.ts';

/** Nobody who manages the fleet writes like this: it stands for what a release does to itself after an hour. */
const manager = 'the-story';

/**
 * Lets every container of an application crash from now on. Pods that are made anew run
 * well: the release is to be taken back, and not the cluster.
 */
export async function crashEverywhere(fleet: DemoFleet, application: string): Promise<void> {
  const targets = (await fleet.targets()).filter(({ spec }) => spec.application === application);
  await mapLimited(targets, 4, ({ spec }) => crash(fleet, fleet.cluster(spec.cluster), spec.namespace));
}

async function crash(fleet: DemoFleet, cluster: DemoCluster, namespace: string): Promise<void> {
  const kube = await fleet.kube(cluster);
  const { items } = await kube.list({ group: '', kind: 'Pod' }, { namespace });
  for (const { metadata, spec } of items) {
    const key = { group: '', kind: 'Pod', namespace, name: metadata.name };
    await kube.mergePatch(key, { spec: { containers: crashing(spec) } }, { manager });
  }
}

interface Container {
  readonly image: string;
}

/** A simulated container's fate is the tag of its image. */
function crashing(spec: KubeObject['spec']): readonly Container[] {
  const { containers } = spec as { readonly containers: readonly Container[] };
  return containers.map((container) => ({ ...container, image: container.image.replace(/:[^:]*$/, ':crash') }));
}
