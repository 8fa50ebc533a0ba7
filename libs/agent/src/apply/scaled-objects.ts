import type { ObjectKey } from '@flotilla/model';
import type { ClusterApi } from '../ports/cluster-api.port.ts';

/** The one field that autoscalers write, as the API server names it. */
export const replicasField = '.spec.replicas';

/** Whether a HorizontalPodAutoscaler targets this object: then its number of replicas is not Git's to say. */
export async function isScaledByOthers(
  cluster: ClusterApi,
  { group, kind, namespace, name }: ObjectKey,
): Promise<boolean> {
  if (!namespace) return false;
  const autoscalers = await cluster.list({ group: 'autoscaling', kind: 'HorizontalPodAutoscaler' }, { namespace });
  return autoscalers.some(({ spec }) => {
    const { scaleTargetRef: reference } = (spec ?? {}) as {
      scaleTargetRef?: { apiVersion?: string; kind?: string; name?: string };
    };
    const referencedGroup = reference?.apiVersion?.includes('/') ? reference.apiVersion.split('/')[0] : '';
    return reference?.kind === kind && reference.name === name && referencedGroup === group;
  });
}
