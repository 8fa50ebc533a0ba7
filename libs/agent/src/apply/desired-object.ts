import { digestOf } from '@flotilla/foundation/node';
import { Fault } from '@flotilla/foundation';
import { groupOf, keyOfObject, objectTitle, type DesiredEntry, type GroupKind, type KubeObject, type ObjectKey } from '@flotilla/model';
import { applyWaves, type Manifest } from '@flotilla/workload-manifests';
import { agentObjects, applySet, marks } from '../names.ts';
import { applySetId } from '../keep/apply-set.ts';

/** One object as it shall be: the manifest with its namespace and our labels. */
export interface DesiredObject {
  readonly key: ObjectKey;
  readonly object: KubeObject;
  /** Digest of `object`: equal digests need no request. */
  readonly manifest: string;
  /** Objects of a later wave need those of an earlier one. */
  readonly wave: number;
}

/** Whether a kind lives in namespaces; `undefined` when the cluster does not know the kind. */
export type ScopeOf = (kind: GroupKind, version: string) => Promise<'namespaced' | 'cluster' | undefined>;

export interface PrepareOptions {
  readonly entry: DesiredEntry;
  readonly manifests: readonly Manifest[];
  readonly scopeOf: ScopeOf;
  /** The agent's own namespace, where the record of the target lives. */
  readonly namespace: string;
}

/** Makes manifests ready to be applied: namespaced, labelled, in waves. */
export async function prepareObjects({ entry, manifests, scopeOf, namespace }: PrepareOptions): Promise<DesiredObject[]> {
  const defined = definedScopes(manifests);
  const labels = {
    [marks.target]: entry.target,
    [applySet.partOf]: applySetId(agentObjects.record(entry.target), namespace),
  };
  const prepared: DesiredObject[] = [];
  for (const [wave, members] of applyWaves(manifests).entries()) {
    for (const manifest of members) {
      const { object } = manifest;
      const kind = { group: groupOf(object.apiVersion), kind: object.kind };
      const scope = (await scopeOf(kind, object.apiVersion)) ?? defined.get(`${kind.group}/${kind.kind}`);
      if (!scope) throw unknownKind(manifest);
      const placed = place(object, { scope, labels, namespace: entry.namespace });
      prepared.push({ key: keyOfObject(placed), object: placed, manifest: digestOf(placed), wave });
    }
  }
  return prepared;
}

function place(
  object: KubeObject,
  { scope, labels, namespace }: { scope: 'namespaced' | 'cluster'; labels: Record<string, string>; namespace: string },
): KubeObject {
  const { namespace: given, ...metadata } = object.metadata;
  const inNamespace = scope === 'namespaced' ? { namespace: given ?? namespace } : {};
  return { ...object, metadata: { ...metadata, ...inNamespace, labels: { ...metadata.labels, ...labels } } };
}

/** Kinds that the same set defines: their objects come in a later wave, when the API server knows them. */
function definedScopes(manifests: readonly Manifest[]): Map<string, 'namespaced' | 'cluster'> {
  const definitions = manifests.filter(({ key }) => key.kind === 'CustomResourceDefinition');
  return new Map(
    definitions.map(({ object }) => {
      const spec = object.spec as { group?: string; scope?: string; names?: { kind?: string } } | undefined;
      return [`${spec?.group}/${spec?.names?.kind}`, spec?.scope === 'Cluster' ? 'cluster' : 'namespaced'];
    }),
  );
}

function unknownKind({ key, object, file, line }: Manifest): Fault {
  return new Fault({
    code: 'not-found',
    reason: 'KindUnknown',
    message: `${file}:${line}: this cluster does not know ${object.kind} in ${object.apiVersion}; install its definition first`,
    subject: objectTitle(key),
    consequence: { kind: 'wait', forWhat: `the kind ${key.kind}` },
  });
}
