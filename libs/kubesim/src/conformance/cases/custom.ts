import type { JsonObject } from '../../schema/schema-type.ts';
import { cases } from '../conformance-case.ts';
import { causes, owners, refusal, same } from '../expectations.ts';
import type { Answer, Scene } from '../scene.ts';
import { createDefinition, defineWidgets, until, widgetsOf, type Widgets } from '../widgets.ts';

function create(scene: Scene, { path }: Widgets, body: JsonObject, query = ''): Promise<Answer> {
  return scene.request('POST', `${path()}${query}`, { body });
}

function apply(scene: Scene, widgets: Widgets, spec: JsonObject, manager = 'alice'): Promise<Answer> {
  const headers = { 'content-type': 'application/apply-patch+yaml' };
  const body = widgets.widget('a', spec);
  return scene.request('PATCH', `${widgets.path('a')}?fieldManager=${manager}`, { headers, body });
}

/** Kinds that a definition adds. */
export const customCases = cases('custom kinds', {
  'are not served before they are defined': async (scene) => {
    same((await scene.get(widgetsOf(scene).path())).status, 404);
  },

  'are served once their definition is accepted': async (scene) => {
    const widgets = await defineWidgets(scene);
    const { spec, status } = (await scene.get(widgets.definition)).body;
    same([spec.conversion, status.storedVersions], [{ strategy: 'None' }, ['v1']]);
    same(status.acceptedNames, { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' });
    const conditions = status.conditions as { type: string; status: string; reason: string }[];
    same(conditions.map(({ type, status: is, reason }) => `${type} ${is} ${reason}`).toSorted(), [
      'Established True InitialNamesAccepted',
      'NamesAccepted True NoConflicts',
    ]);
  },

  'are found by discovery': async (scene) => {
    const widgets = await defineWidgets(scene);
    await until(scene, `/apis/${widgets.apiVersion}`, 200);
    const { body } = await scene.get(`/apis/${widgets.apiVersion}`);
    const resources = body.resources as { name: string; kind: string; namespaced: boolean }[];
    same(
      resources.map(({ name, kind, namespaced }) => [name, kind, namespaced]),
      [
        ['widgets', 'Widget', true],
        ['widgets/status', 'Widget', true],
        ['widgets/scale', 'Scale', true],
      ],
    );
  },

  'need a definition that holds together': async (scene) => {
    const { group } = widgetsOf(scene);
    const names = { plural: 'widgets', kind: 'Widget' };
    const versions = [{ name: 'v1', served: true, storage: true }];
    const body = { metadata: { name: `others.${group}` }, spec: { group, scope: 'Namespaced', names, versions } };
    same(causes(await scene.create('customresourcedefinitions', body)), [
      `metadata.name FieldValueInvalid: Invalid value: "others.${group}": must be spec.names.plural+"."+spec.group`,
      'spec.versions[0].schema.openAPIV3Schema FieldValueRequired: Required value',
    ]);
  },

  'keep only what their schema knows': async (scene) => {
    const widgets = await defineWidgets(scene);
    const spec = { size: 1, shape: 'round', free: { any: { thing: [1] } } };
    const kept = await create(scene, widgets, widgets.widget('a', spec));
    same([kept.status, kept.body.spec], [201, { size: 1, colour: 'red', free: { any: { thing: [1] } } }]);
    const strict = await create(scene, widgets, widgets.widget('b', spec), '?fieldValidation=Strict');
    same(refusal(strict).slice(0, 2), [400, 'BadRequest']);
  },

  'are refused where they do not fit their schema': async (scene) => {
    const widgets = await defineWidgets(scene);
    const spec = { size: 10, colour: 'green', code: 'A', parts: [{ name: 'x' }, { name: 'x' }] };
    same(causes(await create(scene, widgets, widgets.widget('a', spec))), [
      'spec.code FieldValueInvalid: Invalid value: "A": spec.code in body should match \'^[a-z]+$\'',
      'spec.colour FieldValueNotSupported: Unsupported value: "green": supported values: "red", "blue"',
      'spec.parts[1] FieldValueDuplicate: Duplicate value: {"name":"x"}',
      'spec.size FieldValueInvalid: Invalid value: 10: spec.size in body should be less than or equal to 9',
    ]);
    same(causes(await create(scene, widgets, widgets.widget('a', {}))), [
      'spec.size FieldValueRequired: Required value',
    ]);
    same(causes(await create(scene, widgets, widgets.widget('a', { size: 1, code: 5 }))), [
      'spec.code FieldValueTypeInvalid: Invalid value: "integer": spec.code in body must be of type string: "integer"',
    ]);
  },

  'are applied by the lists that their schema declares': async (scene) => {
    const widgets = await defineWidgets(scene);
    await apply(scene, widgets, { size: 1, parts: [{ name: 'x', size: 1 }] });
    const answer = await apply(scene, widgets, { size: 1, parts: [{ name: 'y' }] }, 'bob');
    same(answer.body.spec.parts, [{ name: 'x', size: 1 }, { name: 'y' }]);
    same(owners(answer), {
      'alice apply': ['.spec.parts[name=x]', '.spec.parts[name=x].name', '.spec.parts[name=x].size', '.spec.size'],
      'bob apply': ['.spec.parts[name=y]', '.spec.parts[name=y].name', '.spec.size'],
    });
    const conflict = await apply(scene, widgets, { size: 1, parts: [{ name: 'x', size: 2 }] }, 'bob');
    same(causes(conflict), ['.spec.parts[name="x"].size FieldManagerConflict: conflict with "alice"']);
  },

  'refuse an apply of what their schema does not know': async (scene) => {
    const widgets = await defineWidgets(scene);
    const { status, body } = await apply(scene, widgets, { size: 1, shape: 'round' });
    same([status, body.message.endsWith('.spec.shape: field not declared in schema')], [500, true]);
  },

  'know no strategic merge': async (scene) => {
    const widgets = await defineWidgets(scene);
    await create(scene, widgets, widgets.widget('a'));
    same((await scene.patch(widgets.path('a'), 'strategic-merge', { spec: { size: 2 } })).status, 415);
    const merged = await scene.patch(widgets.path('a'), 'merge', { spec: { size: 2 } });
    same([merged.body.spec.size, merged.body.metadata.generation], [2, 2]);
  },

  'have a status of their own, which is no new generation': async (scene) => {
    const widgets = await defineWidgets(scene);
    const { body } = await create(scene, widgets, { ...widgets.widget('a'), status: { replicas: 7 } });
    same([body.status, body.metadata.generation], [undefined, 1]);
    const answer = await scene.patch(widgets.path('a', 'status'), 'merge', {
      status: { replicas: 1 },
      spec: { size: 5 },
    });
    same([answer.body.status, answer.body.spec.size, answer.body.metadata.generation], [{ replicas: 1 }, 1, 1]);
  },

  'scale along the paths of their definition': async (scene) => {
    const widgets = await defineWidgets(scene);
    await create(scene, widgets, widgets.widget('a'));
    await scene.patch(widgets.path('a', 'scale'), 'merge', { spec: { replicas: 3 } }, 'fieldManager=autoscaler');
    const { body } = await scene.get(widgets.path('a', 'scale'));
    same([body.kind, body.spec, body.status], ['Scale', { replicas: 3 }, { replicas: 0 }]);
    const answer = await scene.get(widgets.path('a'));
    same([answer.body.spec.size, owners(answer)['autoscaler update scale']], [3, ['.spec.size']]);
  },

  'cannot be watched from before they were': async (scene) => {
    const widgets = await defineWidgets(scene);
    const [event] = await scene.events(`${widgets.path()}?watch=true&timeoutSeconds=5&resourceVersion=1`, 1);
    const { code, reason } = event!.object as { code: number; reason: string };
    same([event!.type, code, reason], ['ERROR', 410, 'Expired']);
  },

  'go with their definition': async (scene) => {
    const widgets = await defineWidgets(scene);
    await create(scene, widgets, widgets.widget('a'));
    const { body } = await scene.delete(widgets.definition);
    same(body.metadata.finalizers, ['customresourcecleanup.apiextensions.k8s.io']);
    await until(scene, widgets.definition, 404);
    await until(scene, widgets.path(), 404);
    await createDefinition(scene, widgets);
    await until(scene, widgets.path(), 200);
    same((await scene.get(widgets.path())).body.items, []);
  },
});
