import { objectTitle, type KubeObject, type ManagedFields, type ObjectKey, type TakenOverTool } from '@flotilla/model';
import { Fault } from '@flotilla/foundation';
import { unionFields } from '@flotilla/workload-manifests';
import { fieldManager } from '../names.ts';
import type { ClusterApi } from '../ports/cluster-api.port.ts';

/**
 * The field managers under which these tools apply. What somebody edited by hand (`kubectl-edit`, `kubectl-patch`) is not
 * among them: a field that Git never held would be ours then, and be taken out.
 */
const managersOf: Readonly<Record<TakenOverTool, readonly string[]>> = {
  argocd: ['argocd-controller', 'argocd-application-controller', 'kubectl-client-side-apply'],
  flux: ['kustomize-controller', 'helm-controller'],
  kubectl: ['kubectl', 'kubectl-client-side-apply', 'kubectl-create', 'kubectl-replace', 'before-first-apply'],
  helm: ['helm', 'Helm'],
};

/** Whether one of these tools applied the object. */
export function isAppliedBy(tools: readonly TakenOverTool[], object: KubeObject): boolean {
  return movable(tools, object).length > 0;
}

/**
 * Makes the fields that these tools applied ours, in one write that changes no value: whatever Git still holds is owned
 * by somebody at every moment, and what it does not hold (the tool's marks among it) goes with our first apply.
 */
export async function moveFields(
  cluster: ClusterApi,
  {
    key,
    there,
    tools,
  }: { readonly key: ObjectKey; readonly there: KubeObject; readonly tools: readonly TakenOverTool[] },
): Promise<void> {
  const moved = movable(tools, there);
  const isOurs = ({ manager, operation, subresource }: ManagedFields) =>
    manager === fieldManager && operation === 'Apply' && !subresource;
  const all = there.metadata.managedFields ?? [];
  const own = [...all.filter(isOurs), ...moved];
  const fieldsV1 = own.map((entry) => entry.fieldsV1).reduce(unionFields, {});
  const { apiVersion } = moved[0]!;
  const ours = { manager: fieldManager, operation: 'Apply', apiVersion, fieldsType: 'FieldsV1', fieldsV1 } as const;
  const managedFields = [...all.filter((entry) => !own.includes(entry)), ours];
  const { uid, resourceVersion } = there.metadata;
  const patched = await cluster.mergePatch(key, { metadata: { uid, resourceVersion, managedFields } });
  if (!patched) throw changedMeanwhile(key);
}

/**
 * Fields of one version only, because those of another have other names: of the one that the object is read in, or where
 * the tools applied it in none but an older one, of that.
 */
function movable(tools: readonly TakenOverTool[], { apiVersion, metadata }: KubeObject): ManagedFields[] {
  const managers = new Set(tools.flatMap((tool) => managersOf[tool] ?? []));
  const theirs = (metadata.managedFields ?? []).filter(
    (entry) => managers.has(entry.manager) && !entry.subresource && entry.fieldsV1,
  );
  const isRead = theirs.some((entry) => entry.apiVersion === apiVersion);
  const version = isRead ? apiVersion : theirs[0]?.apiVersion;
  return theirs.filter((entry) => entry.apiVersion === version);
}

function changedMeanwhile(key: ObjectKey): Fault {
  const subject = objectTitle(key);
  return new Fault({
    code: 'conflict',
    reason: 'ObjectChanged',
    message: `${subject} changed while its fields were taken over`,
    subject,
  });
}
