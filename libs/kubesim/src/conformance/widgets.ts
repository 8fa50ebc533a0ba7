import type { JsonDraft, JsonObject } from '../schema/schema-type.ts';
import type { Answer, Scene } from './scene.ts';

/** How often a server is asked whether it serves a new kind already; a simulated one does at once. */
const questionsMax = 2_000;

const properties = {
  spec: {
    type: 'object',
    required: ['size'],
    properties: {
      size: { type: 'integer', minimum: 1, maximum: 9 },
      colour: { type: 'string', enum: ['red', 'blue'], default: 'red' },
      code: { type: 'string', pattern: '^[a-z]+$', maxLength: 3 },
      parts: {
        type: 'array',
        maxItems: 2,
        items: {
          type: 'object',
          required: ['name'],
          properties: { name: { type: 'string' }, size: { type: 'integer' } },
        },
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
      },
      free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    },
  },
  status: { type: 'object', properties: { replicas: { type: 'integer' } } },
} as const;

/** A custom kind that only one case has. */
export interface Widgets {
  readonly group: string;
  readonly apiVersion: string;
  /** The path of the definition. */
  readonly definition: string;
  /** The path of the widgets in the namespace of the case, or of one of them. */
  readonly path: (...rest: readonly string[]) => string;
  readonly widget: (name: string, spec?: JsonObject) => JsonDraft;
}

export function widgetsOf(scene: Scene): Widgets {
  const group = scene.unique('example').replaceAll('-', '.');
  const apiVersion = `${group}/v1`;
  return {
    group,
    apiVersion,
    definition: scene.path('customresourcedefinitions', `widgets.${group}`),
    path: (...rest) => [`/apis/${apiVersion}/namespaces/${scene.namespace}/widgets`, ...rest].join('/'),
    widget: (name, spec = { size: 1 }) => ({ apiVersion, kind: 'Widget', metadata: { name }, spec }),
  };
}

export function createDefinition(scene: Scene, { group }: Widgets): Promise<Answer> {
  const names = { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' };
  const scale = { specReplicasPath: '.spec.size', statusReplicasPath: '.status.replicas' };
  const schema = { openAPIV3Schema: { type: 'object', properties } };
  const version = { name: 'v1', served: true, storage: true, schema, subresources: { status: {}, scale } };
  const body = {
    metadata: { name: `widgets.${group}` },
    spec: { group, scope: 'Namespaced', names, versions: [version] },
  };
  return scene.create('customresourcedefinitions', body);
}

/** Defines the kind, and waits until it is served. */
export async function defineWidgets(scene: Scene): Promise<Widgets> {
  const widgets = widgetsOf(scene);
  await createDefinition(scene, widgets);
  await until(scene, widgets.path(), 200);
  return widgets;
}

export async function until(scene: Scene, path: string, status: number): Promise<void> {
  for (let question = 0; question < questionsMax; question++) {
    if ((await scene.get(path)).status === status) return;
  }
  throw new Error(`${path} is still not answered with ${status}`);
}
