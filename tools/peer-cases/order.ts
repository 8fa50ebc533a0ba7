import { groupOf, type KubeObject } from '@flotilla/model';
import {
  annotationOption,
  annotationWords,
  applyWaves,
  dependencyLayers,
  dependsOn,
  hookDeletePoliciesOf,
  hookTypesOf,
  isHook,
  isSkipped,
  kindOrder,
  phasesOf,
  pruneOrder,
  waveOf,
  type Orderable,
} from '@flotilla/workload-manifests';
import type { Adapter } from './peer-case.ts';

/** Argo CD's order of kinds is ours; that of the others is not. */
export const kindOrderOf: Adapter = ({ id, first }) =>
  id === 'kind-order/argocd' ? { expected: first, actual: [...kindOrder] } : undefined;

/** Waves, phases and hooks by annotation. Argo CD deletes between its waves; we delete after the last one. */
export const wave: Adapter = ({ kind, annotations, query, expected = {} }) => {
  const object = { apiVersion: 'v1', kind, metadata: { name: 'x', annotations } } as KubeObject;
  const answers = { ...ordering(object), ...(query !== undefined && options(object, query as Query)) };
  const asked = Object.keys(expected);
  if (!asked.every((name) => Object.hasOwn(answers, name))) return undefined;
  return { expected, actual: Object.fromEntries(asked.map((name) => [name, answers[name]])) };
};

function ordering(object: KubeObject): Record<string, unknown> {
  const hookTypes = hookTypesOf(object);
  return {
    wave: waveOf(object),
    phases: phasesOf(object),
    hookTypes,
    isHook: isHook(object),
    skip: isSkipped(object),
    ignored: isHook(object) && hookTypes.length === 0,
    deletePolicies: hookDeletePoliciesOf(object),
  };
}

interface Query {
  readonly annotation: string;
  readonly option: string;
}

function options(object: KubeObject, { annotation, option }: Query): Record<string, unknown> {
  const values = annotationWords(object, annotation);
  return {
    values,
    has: { [option]: values.includes(option) },
    value: annotationOption(object, annotation, option) ?? null,
  };
}

/** Everything about order: tasks, groups that wait for each other, graphs, and what an object says it depends on. */
export const sorted: Adapter = (peerCase) => {
  if ('operation' in peerCase) return groups(peerCase);
  if ('edges' in peerCase) return graph(peerCase);
  if ('annotation' in peerCase) return references(peerCase);
  const [first] = peerCase.input as object[];
  return first && 'dependsOn' in first ? dependencies(peerCase) : tasks(peerCase);
};

interface Task {
  readonly phase: string;
  readonly object: Partial<KubeObject>;
  readonly ref?: string;
}

const tasks: Adapter = ({ input, expected = {} }) => {
  const items = (input as Task[]).map((task) => ({ task, ...orderable(inPhase(task)) }));
  const order = applyWaves(items)
    .flat()
    .map(({ task }) => task);
  if ('orderByRef' in expected) return { expected: expected.orderByRef, actual: order.map(({ ref }) => ref) };
  return { expected: expected.order, actual: order };
};

/** A task says its phase beside the object; our objects say it themselves. */
function inPhase({ phase, object }: Task): KubeObject {
  const { metadata } = object;
  const hook = phase === 'Sync' ? {} : { 'argocd.argoproj.io/hook': phase };
  return { ...object, metadata: { ...metadata, annotations: { ...metadata?.annotations, ...hook } } } as KubeObject;
}

/** Our waves may be finer than a peer's groups; they may never mix or turn them round. */
const groups: Adapter = ({ operation, input, expected = {} }) => {
  const items = (input as KubeObject[]).map(orderable);
  const waves = operation === 'delete' ? pruneOrder(items) : applyWaves(items);
  const place = new Map(waves.flatMap((one, index) => one.map((item) => [idOf(item), index])));
  const wanted = (expected.groups ?? []) as string[][];
  const spans = wanted.map((ids) => ids.map((id) => place.get(id) ?? -1));
  const inTurn = spans.slice(1).every((span, index) => Math.min(...span) > Math.max(...spans[index]!));
  return { expected: { all: wanted.flat().length, inTurn: true }, actual: { all: place.size, inTurn } };
};

const graph: Adapter = ({ vertices, edges, expected = {} }) => {
  const needs = new Map((vertices as string[]).map((vertex) => [vertex, [] as string[]]));
  for (const { from, dependsOn: to } of edges as { from: string; dependsOn: string }[]) needs.get(from)?.push(to);
  const layers = dependencyLayers(needs);
  const inOrder = (some: readonly (readonly string[])[]) => some.map((layer) => layer.toSorted());
  return {
    expected: 'error' in expected ? 'circle' : inOrder(expected.groups as string[][]),
    actual: layers.ok ? inOrder(layers.value) : 'circle',
  };
};

interface Named {
  readonly namespace: string;
  readonly name: string;
}

/** One valid order of many is listed; ours has to be valid as well, and to find the same circles. */
const dependencies: Adapter = ({ input, expected = {} }) => {
  const nameOf = ({ namespace, name }: Named) => `${namespace}/${name}`;
  const needs = new Map(
    (input as (Named & { dependsOn: Named[] })[]).map((one) => [nameOf(one), one.dependsOn.map(nameOf)]),
  );
  const layers = dependencyLayers(needs);
  if (!layers.ok) return { expected: 'error' in expected ? 'circle' : expected.order, actual: 'circle' };
  const place = new Map(layers.value.flatMap((layer, index) => layer.map((name) => [name, index])));
  const early = [...needs].filter(([name, needed]) =>
    needed.some((other) => (place.get(other) ?? -1) >= place.get(name)!),
  );
  return { expected: { circle: 'error' in expected, early: [] }, actual: { circle: false, early } };
};

const references: Adapter = ({ annotation, expected = {} }) => {
  const annotations = { 'config.kubernetes.io/depends-on': annotation as string };
  const read = dependsOn({ apiVersion: 'v1', kind: 'X', metadata: { name: 'x', annotations } });
  const refs = read.ok && read.value.map(({ group, kind, namespace = '', name }) => ({ group, kind, namespace, name }));
  return { expected: expected.refs ?? false, actual: refs };
};

function orderable(object: KubeObject): Orderable {
  const { name, namespace } = object.metadata as Partial<KubeObject['metadata']>;
  const group = groupOf(object.apiVersion ?? '');
  return {
    object,
    key: { group, kind: object.kind ?? '', name: name ?? '', ...(namespace !== undefined && { namespace }) },
  };
}

function idOf({ key: { group, kind, namespace, name } }: Orderable): string {
  return namespace === undefined ? `${group}/${kind}/${name}` : `${group}/namespaces/${namespace}/${kind}/${name}`;
}
