import type { JsonDraft } from '../../schema/schema-type.ts';
import { cases } from '../conformance-case.ts';
import { causes, owners, refusal, same } from '../expectations.ts';
import { configMap, deployment, type Answer } from '../scene.ts';

function containers({ body }: Answer): readonly JsonDraft[] {
  return body.spec.template.spec.containers;
}

const strategic = (spec: JsonDraft) => ({ spec: { template: { spec } } });

export const patchingCases = cases('patching', {
  'merges maps, replaces everything else, and removes what is null': async (scene) => {
    await scene.create('configmaps', configMap('a', { x: '1', y: '1' }, { finalizers: ['a.b/c'], labels: { l: '1' } }));
    const patch = { data: { x: null, z: '2' }, metadata: { finalizers: ['d.e/f'], labels: { m: '2' } } };
    const { status, body } = await scene.patch(scene.path('configmaps', 'a'), 'merge', patch);
    same([status, body.data, body.metadata.labels], [200, { y: '1', z: '2' }, { l: '1', m: '2' }]);
    same(body.metadata.finalizers, ['d.e/f']);
  },

  'applies the steps of a JSON patch in turn': async (scene) => {
    const annotations = { 'a.b/c': '1', d: '1' };
    await scene.create('configmaps', configMap('a', { x: '1' }, { annotations }));
    const { body } = await scene.patch(scene.path('configmaps', 'a'), 'json', [
      { op: 'test', path: '/data/x', value: '1' },
      { op: 'replace', path: '/data/x', value: '2' },
      { op: 'copy', from: '/data/x', path: '/data/y' },
      { op: 'move', from: '/metadata/annotations/a.b~1c', path: '/data/z' },
      { op: 'remove', path: '/metadata/annotations/d' },
      { op: 'add', path: '/metadata/labels', value: { l: '1' } },
    ]);
    same([body.data, body.metadata.labels], [{ x: '2', y: '2', z: '1' }, { l: '1' }]);
    same(body.metadata.annotations, undefined);
  },

  'refuses a JSON patch of which a step does not apply, and does none of it': async (scene) => {
    const { body } = await scene.create('configmaps', configMap('a', { x: '1' }));
    const path = scene.path('configmaps', 'a');
    for (const step of [
      { op: 'test', path: '/data/x', value: '2' },
      { op: 'remove', path: '/data/none' },
      { op: 'replace', path: '/none/x', value: '1' },
    ]) {
      const first = { op: 'add', path: '/data/y', value: '1' };
      same(refusal(await scene.patch(path, 'json', [first, step])).slice(0, 2), [422, 'Invalid']);
    }
    same((await scene.get(path)).body, body);
  },

  'refuses a JSON patch that is none': async (scene) => {
    await scene.create('configmaps', configMap('a'));
    const answer = await scene.patch(scene.path('configmaps', 'a'), 'json', { op: 'add' });
    same(refusal(answer).slice(0, 2), [400, 'BadRequest']);
  },

  'merges lists with a key item by item': async (scene) => {
    await scene.create(
      'deployments',
      deployment(
        'a',
        {},
        {
          env: [
            { name: 'A', value: '1' },
            { name: 'B', value: '1' },
          ],
        },
      ),
    );
    const patch = strategic({
      containers: [
        {
          name: 'main',
          env: [
            { name: 'B', value: '2' },
            { name: 'C', value: '3' },
          ],
        },
      ],
    });
    const answer = await scene.patch(scene.path('deployments', 'a'), 'strategic-merge', patch);
    const [main] = containers(answer);
    same(main!['image'], 'nginx:1');
    const env = (main!['env'] as { name: string; value: string }[]).map(({ name, value }) => name + value).toSorted();
    same(env, ['A1', 'B2', 'C3']);
  },

  'adds an item to a list with a key': async (scene) => {
    await scene.create('deployments', deployment('a'));
    const patch = strategic({ containers: [{ name: 'log', image: 'log:1' }] });
    const answer = await scene.patch(scene.path('deployments', 'a'), 'strategic-merge', patch);
    same(
      containers(answer).map(({ name }) => name as string),
      ['log', 'main'],
    );
  },

  'removes an item by its key': async (scene) => {
    const spec = deployment('a');
    spec['spec'].template.spec.containers.push({ name: 'log', image: 'log:1' });
    await scene.create('deployments', spec);
    const patch = strategic({ containers: [{ name: 'main', $patch: 'delete' }] });
    const answer = await scene.patch(scene.path('deployments', 'a'), 'strategic-merge', patch);
    same(
      containers(answer).map(({ name }) => name as string),
      ['log'],
    );
  },

  'replaces a list with a key when it is told to': async (scene) => {
    await scene.create('deployments', deployment('a'));
    const patch = strategic({ containers: [{ $patch: 'replace' }, { name: 'log', image: 'log:1' }] });
    const answer = await scene.patch(scene.path('deployments', 'a'), 'strategic-merge', patch);
    same(
      containers(answer).map(({ name }) => name as string),
      ['log'],
    );
  },

  'orders a list with a key when it is told to': async (scene) => {
    const spec = deployment('a');
    spec['spec'].template.spec.containers.push({ name: 'log', image: 'log:1' });
    await scene.create('deployments', spec);
    const patch = strategic({ '$setElementOrder/containers': [{ name: 'log' }, { name: 'main' }], containers: [] });
    const answer = await scene.patch(scene.path('deployments', 'a'), 'strategic-merge', patch);
    same(
      containers(answer).map(({ name }) => name as string),
      ['log', 'main'],
    );
  },

  'replaces lists without a key': async (scene) => {
    await scene.create('deployments', deployment('a', {}, { args: ['a', 'b'] }));
    const patch = strategic({ containers: [{ name: 'main', args: ['c'] }] });
    const answer = await scene.patch(scene.path('deployments', 'a'), 'strategic-merge', patch);
    same(containers(answer)[0]!['args'], ['c']);
  },

  'joins lists of words, and takes words out of them': async (scene) => {
    await scene.create('configmaps', configMap('a', {}, { finalizers: ['a.b/c', 'a.b/d'] }));
    const path = scene.path('configmaps', 'a');
    const added = await scene.patch(path, 'strategic-merge', { metadata: { finalizers: ['a.b/e'] } });
    same((added.body.metadata.finalizers as string[]).toSorted(), ['a.b/c', 'a.b/d', 'a.b/e']);
    const out = { metadata: { '$deleteFromPrimitiveList/finalizers': ['a.b/c', 'a.b/d'] } };
    same((await scene.patch(path, 'strategic-merge', out)).body.metadata.finalizers, ['a.b/e']);
  },

  'keeps of a map only what the patch names, when it is told to': async (scene) => {
    await scene.create('deployments', deployment('a'));
    const patch = { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } };
    const answer = await scene.patch(scene.path('deployments', 'a'), 'strategic-merge', patch);
    same(answer.body.spec.strategy, { type: 'Recreate' });
  },

  'makes the writer the owner of what it changed, whatever else the patch says': async (scene) => {
    await scene.create('configmaps', configMap('a', { x: '1', y: '1' }), 'fieldManager=first');
    const patch = { data: { x: '1', y: '2' } };
    const answer = await scene.patch(scene.path('configmaps', 'a'), 'merge', patch, 'fieldManager=second');
    same(owners(answer), { 'first update': ['.data', '.data.x'], 'second update': ['.data.y'] });
  },

  'moves nothing when nothing changes': async (scene) => {
    const { body } = await scene.create('deployments', deployment('a', { replicas: 2 }));
    for (const kind of ['merge', 'strategic-merge'] as const) {
      const patch = { spec: { replicas: 2 } };
      same((await scene.patch(scene.path('deployments', 'a'), kind, patch, 'fieldManager=other')).body, body);
    }
  },

  'holds to the version that the patch names': async (scene) => {
    const { body } = await scene.create('configmaps', configMap('a', { x: '1' }));
    const path = scene.path('configmaps', 'a');
    const { resourceVersion } = body.metadata;
    same((await scene.patch(path, 'merge', { metadata: { resourceVersion }, data: { x: '2' } })).status, 200);
    const stale = await scene.patch(path, 'merge', { metadata: { resourceVersion }, data: { x: '3' } });
    same(refusal(stale).slice(0, 2), [409, 'Conflict']);
  },

  'refuses what makes the object wrong': async (scene) => {
    await scene.create('deployments', deployment('a'));
    const path = scene.path('deployments', 'a');
    const negative = await scene.patch(path, 'merge', { spec: { replicas: -1 } });
    same(causes(negative), ['spec.replicas FieldValueInvalid: Invalid value: -1: must be greater than or equal to 0']);
    const wrong = await scene.patch(path, 'merge', { spec: { replicas: 'two' } });
    same(refusal(wrong).slice(0, 2), [422, 'Invalid']);
    const unknown = await scene.patch(path, 'merge', { spec: { replica: 1 } }, 'fieldValidation=Strict');
    same(refusal(unknown).slice(0, 2), [422, 'Invalid']);
  },

  'does not find what is not there': async (scene) => {
    same((await scene.patch(scene.path('configmaps', 'a'), 'merge', {})).status, 404);
  },

  'knows no other kinds of patch': async (scene) => {
    await scene.create('configmaps', configMap('a'));
    const headers = { 'content-type': 'application/json' };
    const answer = await scene.request('PATCH', scene.path('configmaps', 'a'), { headers, body: {} });
    same(refusal(answer).slice(0, 2), [415, 'UnsupportedMediaType']);
  },

  'stores nothing in a dry run': async (scene) => {
    const { body } = await scene.create('configmaps', configMap('a', { x: '1' }));
    const answer = await scene.patch(scene.path('configmaps', 'a'), 'merge', { data: { x: '2' } }, 'dryRun=All');
    same([answer.status, answer.body.data], [200, { x: '2' }]);
    same((await scene.get(scene.path('configmaps', 'a'))).body, body);
  },
});
