import { digestOf } from '@flotilla/foundation/node';
import { Fault } from '@flotilla/foundation';
import {
  groupOf,
  objectId,
  objectTitle,
  targetTitle,
  versionOf,
  type DesiredEntry,
  type GroupKind,
  type KubeObject,
  type ObjectKey,
  kindId,
} from '@flotilla/model';
import {
  applyTurns,
  asKept,
  isForSync,
  isHook,
  needsOf,
  placeManifests,
  problemLine,
  refusedObjects,
  refusedOnNamespace,
  type Manifest,
  type Scope,
  type Turn,
} from '@flotilla/workload-manifests';
import { applySetId } from '../keep/apply-set.ts';
import { agentObjects, applySet, marks } from '../names.ts';
import type { ClusterApi } from '../ports/cluster-api.port.ts';

/** One object as it shall be: the manifest with its namespace and our labels. */
export interface DesiredObject {
  readonly key: ObjectKey;
  readonly object: KubeObject;
  /** Digest of `object`: equal digests need no request. */
  readonly manifest: string;
  /** Objects of a later wave need those of an earlier one. */
  readonly wave: number;
  /** When it has its turn, where somebody asked for phases and waves: then it waits until all before it is well. */
  readonly turn: Turn;
  /** The ids of objects that have to be well before: its definition, and what it says it depends on. */
  readonly needs: readonly string[];
  /** Where it stands in what was rendered. */
  readonly written?: WrittenAt | undefined;
}

/** A place in a file, counted from 1. */
export interface WrittenAt {
  readonly file: string;
  readonly line: number;
}

/** An object that is made at its time and not kept in step: the manifest with its namespace and our labels. */
export interface DesiredHook {
  readonly key: ObjectKey;
  readonly object: KubeObject;
}

/** Everything that the manifests of a target ask for. */
export interface PreparedObjects {
  readonly objects: readonly DesiredObject[];
  readonly hooks: readonly DesiredHook[];
}

export interface PrepareOptions {
  readonly entry: DesiredEntry;
  readonly manifests: readonly Manifest[];
  readonly cluster: ClusterApi;
  /** The agent's own namespace, where the record of the target lives. */
  readonly namespace: string;
}

/** Makes manifests ready to be applied, or run as hooks: in their namespaces, in the server's fields, labelled, in order. */
export async function prepareObjects({
  entry,
  manifests,
  cluster,
  namespace,
}: PrepareOptions): Promise<PreparedObjects> {
  const scopes = await readScopes(manifests, cluster);
  const placed = placeManifests(manifests, { namespace: entry.namespace, kinds: (kind) => scopes.get(kindId(kind)) });
  const [problem] = placed.problems;
  if (problem) throw misplaced(problemLine(problem));
  const member = placed.manifests.find(({ object }) => object.metadata.labels?.[applySet.partOf] !== undefined);
  if (member) throw memberElsewhere(member);
  const refused = refusedBy(entry, placed.manifests);
  if (refused.length > 0) throw notAllowed(entry, refused);
  const labels = {
    [marks.target]: entry.target,
    [applySet.partOf]: applySetId(agentObjects.record(entry.target), namespace),
  };
  const labelled = (object: KubeObject) => withLabels(asKept(object), labels);
  const hooks = placed.manifests.filter(({ object }) => isHook(object));
  return {
    objects: inTurn(placed.manifests, labelled),
    hooks: hooks.map(({ key, object }) => ({ key, object: labelled(object) })),
  };
}

/** What the project does not let the application hold, or say of its namespace. */
function refusedBy({ allow, namespace, sync }: DesiredEntry, manifests: readonly Manifest[]): string[] {
  if (!allow) return [];
  const onNamespace = refusedOnNamespace({ allow, namespace, labels: sync.namespace?.labels });
  return [...refusedObjects(manifests, { allow, namespace }), ...(onNamespace ? [onNamespace] : [])];
}

/** A hook is not among them, but what it needs comes before it. */
function inTurn(manifests: readonly Manifest[], labelled: (object: KubeObject) => KubeObject): DesiredObject[] {
  const inSync = manifests.filter(({ object }) => isForSync(object));
  const needs = needsOf(inSync);
  return applyTurns(inSync).flatMap(({ turn, items }, wave) =>
    items
      .filter(({ object }) => !isHook(object))
      .map((item) => {
        const object = labelled(item.object);
        const needed = needs.get(item)!.filter((other) => other.key.kind !== 'Namespace' && !isHook(other.object));
        const ids = needed.map(({ key }) => objectId(key));
        return {
          key: item.key,
          object,
          manifest: digestOf(object),
          wave,
          turn,
          needs: ids,
          written: { file: item.file, line: item.line },
        };
      }),
  );
}

/** What the cluster says of every kind here. One that nobody knows, and that the set does not define, stops the set. */
async function readScopes(manifests: readonly Manifest[], cluster: ClusterApi): Promise<Map<string, Scope>> {
  const scopes = new Map<string, Scope>();
  for (const manifest of manifests) {
    const kind = { group: groupOf(manifest.object.apiVersion), kind: manifest.object.kind };
    if (scopes.has(kindId(kind))) continue;
    const info = await cluster.kindOf(kind, versionOf(manifest.object.apiVersion));
    if (info) scopes.set(kindId(kind), info.namespaced ? 'namespaced' : 'cluster');
    else if (!isDefinedBy(manifests, kind)) throw unknownKind(manifest);
  }
  return scopes;
}

function isDefinedBy(manifests: readonly Manifest[], { group, kind }: GroupKind): boolean {
  return manifests.some(({ key, object }) => {
    const spec = object.spec as { group?: string; names?: { kind?: string } } | undefined;
    return key.kind === 'CustomResourceDefinition' && spec?.group === group && spec.names?.kind === kind;
  });
}

function withLabels(object: KubeObject, labels: Readonly<Record<string, string>>): KubeObject {
  return { ...object, metadata: { ...object.metadata, labels: { ...object.metadata.labels, ...labels } } };
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

/** kubectl refuses that too: who writes it in Git says that the object belongs to another set. */
function memberElsewhere({ file, line, key }: Manifest): Fault {
  const message = `the label ${applySet.partOf} is set in Git, and says which set applied the object; take it out`;
  return misplaced(problemLine({ file, line, message: `${objectTitle(key)}: ${message}` }));
}

function misplaced(message: string): Fault {
  return new Fault({
    code: 'invalid',
    reason: 'ManifestsInvalid',
    message,
    consequence: { kind: 'stall', until: 'the manifests are corrected in Git' },
  });
}

const refusedShown = 40;

function notAllowed(entry: DesiredEntry, refused: readonly string[]): Fault {
  const more = refused.length > refusedShown ? `, and ${refused.length - refusedShown} more` : '';
  return new Fault({
    code: 'forbidden',
    reason: 'NotAllowed',
    message: `nothing was applied: project ${entry.project} does not allow ${refused.slice(0, refusedShown).join(', ')}${more}`,
    subject: targetTitle(entry),
    consequence: { kind: 'stall', until: 'Git holds them no more, or the project allows them' },
  });
}
