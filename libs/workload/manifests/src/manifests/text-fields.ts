import { groupOf, type KubeObject } from '@flotilla/model';
import type { ValuePath } from '../yaml/source-problem.ts';
import { isMapping, notText, type Slip } from './slip.ts';

/**
 * Values that have to be text and were written as something else: the classic `"true"` without its quotes. The API
 * server would refuse the object without saying where; of the kinds that we know, this says the line.
 */
export function textSlips(object: KubeObject): Slip[] {
  const secret = object.kind === 'Secret';
  return [
    ...textMaps(object).flatMap((path) => mapSlips(object, path, secret)),
    ...(isBuiltIn(object) ? templates.flatMap((path) => environmentSlips(object, [...path, 'spec'])) : []),
  ];
}

const builtInGroups = new Set(['', 'apps', 'batch']);

/** Where the built-in kinds keep a pod, or what becomes one. */
const templates: readonly ValuePath[] = [
  [],
  ['template'],
  ['spec', 'template'],
  ['spec', 'jobTemplate'],
  ['spec', 'jobTemplate', 'spec', 'template'],
];

function isBuiltIn(object: KubeObject): boolean {
  return builtInGroups.has(groupOf(object.apiVersion));
}

function textMaps(object: KubeObject): ValuePath[] {
  if (!isBuiltIn(object)) return labelled([]);
  return [
    ...templates.flatMap((path) => [...labelled(path), [...path, 'spec', 'nodeSelector']]),
    ['spec', 'selector', 'matchLabels'],
    ...(mapsByKind.get(object.kind) ?? []),
  ];
}

function labelled(path: ValuePath): ValuePath[] {
  return ['labels', 'annotations'].map((field) => [...path, 'metadata', field]);
}

const mapsByKind = new Map<string, readonly ValuePath[]>([
  ['Service', [['spec', 'selector']]],
  ['ReplicationController', [['spec', 'selector']]],
  ['ConfigMap', [['data'], ['binaryData']]],
  ['Secret', [['data'], ['stringData']]],
]);

function mapSlips(object: KubeObject, path: ValuePath, secret: boolean): Slip[] {
  const map = valueAt(object, path);
  if (map === undefined || map === null) return [];
  if (!isMapping(map)) return [{ path, message: 'must be a mapping' }];
  const wrong = Object.entries(map).filter(([, value]) => !isText(value));
  return wrong.map(([key, value]) => ({ path: [...path, key], message: notText(value, { secret }) }));
}

function environmentSlips(object: KubeObject, podPath: ValuePath): Slip[] {
  return ['initContainers', 'containers'].flatMap((field) =>
    listAt(object, [...podPath, field]).flatMap((container, at) =>
      listAt(container, ['env']).flatMap((variable, index) => {
        const value = valueAt(variable, ['value']);
        const path = [...podPath, field, at, 'env', index, 'value'];
        return isText(value) ? [] : [{ path, message: notText(value, { secret: true }) }];
      }),
    ),
  );
}

/** A key without a value is the server's business: it takes it for the empty text. */
function isText(value: unknown): boolean {
  return typeof value === 'string' || value === undefined || value === null;
}

function valueAt(from: unknown, path: ValuePath): unknown {
  let value = from;
  for (const step of path) value = isMapping(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  return value;
}

function listAt(from: unknown, path: ValuePath): readonly unknown[] {
  const list = valueAt(from, path);
  return Array.isArray(list) ? list : [];
}
