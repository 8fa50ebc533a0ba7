import { toFault } from '@flotilla/foundation';
import type { IgnoreRule, KubeObject, ObjectKey } from '@flotilla/model';
import type { ClusterApi } from '../ports/cluster-api.port.ts';

/** The one field that autoscalers write, as the API server names it. */
export const replicasField = '.spec.replicas';
/** The rule that nobody has to write for what an autoscaler targets. */
export const scaledRule: IgnoreRule = { jsonPointers: ['/spec/replicas'] };

/** Whether a HorizontalPodAutoscaler targets this object: then its number of replicas is not Git's to say. */
export async function isScaledByOthers(cluster: ClusterApi, key: ObjectKey): Promise<boolean> {
  return (await scaledAmong(cluster, [key])).length > 0;
}

/** Those of these objects that a HorizontalPodAutoscaler targets. Each namespace is asked once. */
export async function scaledAmong(cluster: ClusterApi, keys: readonly ObjectKey[]): Promise<ObjectKey[]> {
  const scaled: ObjectKey[] = [];
  for (const namespace of new Set(keys.map((key) => key.namespace))) {
    if (!namespace) continue;
    const autoscalers = await autoscalersIn(cluster, namespace);
    const here = keys.filter((key) => key.namespace === namespace);
    scaled.push(...here.filter((key) => !autoscalers || autoscalers.some((one) => isTargetOf(one, key))));
  }
  return scaled;
}

/** Nothing where we may not look: replicas are left alone then, which fights nobody. */
async function autoscalersIn(cluster: ClusterApi, namespace: string): Promise<readonly KubeObject[] | undefined> {
  const kind = { group: 'autoscaling', kind: 'HorizontalPodAutoscaler' };
  return cluster.list(kind, { namespace }).catch((error: unknown) => {
    if (toFault(error).code === 'forbidden') return undefined;
    throw error;
  });
}

function isTargetOf({ spec }: KubeObject, { group, kind, name }: ObjectKey): boolean {
  const { scaleTargetRef: reference } = (spec ?? {}) as {
    scaleTargetRef?: { apiVersion?: string; kind?: string; name?: string };
  };
  const referencedGroup = reference?.apiVersion?.includes('/') ? reference.apiVersion.split('/')[0] : '';
  return reference?.kind === kind && reference.name === name && referencedGroup === group;
}
