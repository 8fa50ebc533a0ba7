import { cases } from '../conformance-case.ts';
import { refusal, same } from '../expectations.ts';
import { configMap, deployment, type Scene } from '../scene.ts';

/** What is left of the config maps, with a mark behind what is going. */
async function left(scene: Scene): Promise<readonly string[]> {
  const { body } = await scene.get(scene.path('configmaps'));
  return body.items.map(
    ({ metadata }: { metadata: { name: string; deletionTimestamp?: string } }) =>
      metadata.name + (metadata.deletionTimestamp ? '†' : ''),
  );
}

/** Deleting, as far as the API server does it alone: dependents are the work of the garbage collector. */
export const deletingCases = cases('deleting', {
  'takes an object away and says so': async (scene) => {
    const { body } = await scene.create('configmaps', configMap('a'));
    const answer = await scene.delete(scene.path('configmaps', 'a'));
    same(answer.status, 200);
    same(answer.body, {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: { name: 'a', kind: 'configmaps', uid: body.metadata.uid },
    });
    same(refusal(await scene.delete(scene.path('configmaps', 'a'))), [404, 'NotFound', 'configmaps "a" not found']);
  },

  'answers with the object for some kinds': async (scene) => {
    await scene.create('services', { metadata: { name: 'a' }, spec: { ports: [{ port: 80 }] } });
    same((await scene.delete(scene.path('services', 'a'))).body.kind, 'Service');
  },

  'holds to the identity that is asked for': async (scene) => {
    const { body } = await scene.create('configmaps', configMap('a'));
    const path = scene.path('configmaps', 'a');
    same(refusal(await scene.delete(path, { preconditions: { uid: 'another' } })).slice(0, 2), [409, 'Conflict']);
    same((await scene.delete(path, { preconditions: { uid: body.metadata.uid } })).status, 200);
  },

  'holds to the version that is asked for': async (scene) => {
    const { body } = await scene.create('configmaps', configMap('a'));
    const path = scene.path('configmaps', 'a');
    const latest = await scene.patch(path, 'merge', { data: { x: '1' } });
    const { resourceVersion } = body.metadata;
    same(refusal(await scene.delete(path, { preconditions: { resourceVersion } })).slice(0, 2), [409, 'Conflict']);
    const now = latest.body.metadata.resourceVersion;
    same((await scene.delete(path, { preconditions: { resourceVersion: now } })).status, 200);
  },

  'stores nothing in a dry run': async (scene) => {
    await scene.create('configmaps', configMap('a'));
    same((await scene.delete(`${scene.path('configmaps', 'a')}?dryRun=All`)).status, 200);
    same((await scene.delete(scene.path('configmaps', 'a'), { dryRun: ['All'] })).status, 200);
    same(await left(scene), ['a']);
  },

  'waits for finalizers, and goes with the last of them': async (scene) => {
    await scene.create('configmaps', configMap('a', {}, { finalizers: ['a.b/c', 'a.b/d'] }));
    const path = scene.path('configmaps', 'a');
    const answer = await scene.delete(path);
    const { deletionTimestamp, deletionGracePeriodSeconds } = answer.body.metadata;
    same([answer.status, typeof deletionTimestamp, deletionGracePeriodSeconds], [200, 'string', 0]);
    same(await left(scene), ['a†']);
    await scene.patch(path, 'merge', { metadata: { finalizers: ['a.b/d'] } });
    same(await left(scene), ['a†']);
    const last = await scene.patch(path, 'merge', { metadata: { finalizers: null } });
    same([last.status, await left(scene)], [200, []]);
  },

  'stays as it is when it is asked for again': async (scene) => {
    await scene.create('configmaps', configMap('a', {}, { finalizers: ['a.b/c'] }));
    const first = await scene.delete(scene.path('configmaps', 'a'));
    const second = await scene.delete(scene.path('configmaps', 'a'));
    same(second.body, first.body);
  },

  'lets what is going be changed, but not be held by more': async (scene) => {
    await scene.create('configmaps', configMap('a', {}, { finalizers: ['a.b/c'] }));
    const path = scene.path('configmaps', 'a');
    await scene.delete(path);
    same((await scene.patch(path, 'merge', { data: { x: '1' } })).status, 200);
    const more = await scene.patch(path, 'merge', { metadata: { finalizers: ['a.b/c', 'a.b/e'] } });
    same(refusal(more).slice(0, 2), [422, 'Invalid']);
  },

  'refuses to create anew what is still going': async (scene) => {
    await scene.create('configmaps', configMap('a', {}, { finalizers: ['a.b/c'] }));
    await scene.delete(scene.path('configmaps', 'a'));
    const answer = await scene.create('configmaps', configMap('a'));
    same(refusal(answer), [409, 'AlreadyExists', 'object is being deleted: configmaps "a" already exists']);
  },

  'leaves an order for the garbage collector when it shall wait for dependents': async (scene) => {
    await scene.create('deployments', deployment('a'));
    const answer = await scene.delete(scene.path('deployments', 'a'), { propagationPolicy: 'Foreground' });
    same(answer.body.metadata.finalizers, ['foregroundDeletion']);
    same([typeof answer.body.metadata.deletionTimestamp, answer.body.metadata.generation], ['string', 2]);
  },

  'leaves an order for the garbage collector when it shall leave dependents behind': async (scene) => {
    await scene.create('configmaps', configMap('a'));
    const query = `${scene.path('configmaps', 'a')}?propagationPolicy=Orphan`;
    same((await scene.delete(query)).body.metadata.finalizers, ['orphan']);
    await scene.create('configmaps', configMap('b'));
    const old = await scene.delete(scene.path('configmaps', 'b'), { orphanDependents: true });
    same(old.body.metadata.finalizers, ['orphan']);
  },

  'does away with an object at once in the background': async (scene) => {
    await scene.create('deployments', deployment('a'));
    const answer = await scene.delete(scene.path('deployments', 'a'), { propagationPolicy: 'Background' });
    same(answer.body.status, 'Success');
    same((await scene.get(scene.path('deployments', 'a'))).status, 404);
  },

  'refuses words that it does not know': async (scene) => {
    await scene.create('configmaps', configMap('a'));
    const path = scene.path('configmaps', 'a');
    same(refusal(await scene.delete(path, { propagationPolicy: 'Sideways' })).slice(0, 2), [422, 'Invalid']);
    const both = { propagationPolicy: 'Orphan', orphanDependents: true };
    same(refusal(await scene.delete(path, both)).slice(0, 2), [422, 'Invalid']);
  },

  'takes away all that is selected': async (scene) => {
    for (const [name, colour] of [
      ['a', 'red'],
      ['b', 'blue'],
      ['c', 'red'],
    ] as const) {
      await scene.create('configmaps', configMap(name, {}, { labels: { colour } }));
    }
    const answer = await scene.delete(`${scene.path('configmaps')}?labelSelector=colour%3Dred`);
    same([answer.status, answer.body.kind, answer.body.items.length], [200, 'ConfigMapList', 2]);
    same(await left(scene), ['b']);
  },

  'takes away all, and marks what is held': async (scene) => {
    await scene.create('configmaps', configMap('a'));
    await scene.create('configmaps', configMap('b', {}, { finalizers: ['a.b/c'] }));
    await scene.delete(scene.path('configmaps'));
    same(await left(scene), ['b†']);
  },

  'gives a pod on a node time to end': async (scene) => {
    const spec = { nodeName: 'n', containers: [{ name: 'main', image: 'nginx' }] };
    await scene.create('pods', { metadata: { name: 'a' }, spec });
    const path = scene.path('pods', 'a');
    const graceful = await scene.delete(path);
    same(graceful.body.metadata.deletionGracePeriodSeconds, 30);
    const sooner = await scene.delete(path, { gracePeriodSeconds: 5 });
    same(sooner.body.metadata.deletionGracePeriodSeconds, 5);
    await scene.delete(path, { gracePeriodSeconds: 0 });
    same((await scene.get(path)).status, 404);
  },

  'does away at once with a pod that has no node': async (scene) => {
    await scene.create('pods', { metadata: { name: 'a' }, spec: { containers: [{ name: 'main', image: 'nginx' }] } });
    await scene.delete(scene.path('pods', 'a'));
    same((await scene.get(scene.path('pods', 'a'))).status, 404);
  },

  'keeps the pods of a job unless told otherwise, and warns': async (scene) => {
    const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'x' }] } };
    await scene.create('jobs', { metadata: { name: 'a' }, spec: { template } });
    const answer = await scene.delete(scene.path('jobs', 'a'));
    same(answer.headers['warning']?.includes('child pods are preserved by default when jobs are deleted'), true);
    same(answer.body.metadata.finalizers, ['orphan']);
  },
});
