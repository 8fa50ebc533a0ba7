import { cases } from '../conformance-case.ts';
import { causes, owners, refusal, same } from '../expectations.ts';
import { configMap, deployment, type Scene } from '../scene.ts';

const scaleOf = (name: string, replicas: number, metadata = {}) => ({
  apiVersion: 'autoscaling/v1',
  kind: 'Scale',
  metadata: { name, ...metadata },
  spec: { replicas },
});

async function deployed(scene: Scene): Promise<{ main: string; scale: string; status: string }> {
  await scene.create('deployments', deployment('a', { replicas: 1 }), 'fieldManager=create');
  const main = scene.path('deployments', 'a');
  return { main, scale: `${main}/scale`, status: `${main}/status` };
}

export const subresourceCases = cases('subresources', {
  'show a deployment as a scale': async (scene) => {
    const { scale, main } = await deployed(scene);
    const { metadata } = (await scene.get(main)).body;
    const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
    same((await scene.get(scale)).body, {
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
      spec: { replicas: 1 },
      status: { replicas: 0, selector: 'app=a' },
    });
  },

  'change the replicas through a scale, which owns them then': async (scene) => {
    const { scale, main } = await deployed(scene);
    const answer = await scene.replace(scale, scaleOf('a', 3), 'fieldManager=autoscaler');
    same([answer.status, answer.body.kind, answer.body.spec], [200, 'Scale', { replicas: 3 }]);
    const after = await scene.get(main);
    same([after.body.spec.replicas, after.body.metadata.generation], [3, 2]);
    same(owners(after)['autoscaler update scale'], ['.spec.replicas']);
    same(owners(after)['create update']?.includes('.spec.replicas'), false);
  },

  'change the replicas with a patch of the scale': async (scene) => {
    const { scale, main } = await deployed(scene);
    await scene.patch(scale, 'merge', { spec: { replicas: 4 } });
    await scene.patch(scale, 'json', [{ op: 'replace', path: '/spec/replicas', value: 5 }]);
    same((await scene.get(main)).body.spec.replicas, 5);
  },

  'apply to a scale like to anything else': async (scene) => {
    const { scale, main } = await deployed(scene);
    const headers = { 'content-type': 'application/apply-patch+yaml' };
    const apply = (replicas: number, query: string) =>
      scene.request('PATCH', `${scale}?fieldManager=alice${query}`, { headers, body: scaleOf('a', replicas) });
    same(refusal(await apply(3, '')).slice(0, 2), [409, 'Conflict']);
    same((await apply(3, '&force=true')).body.spec.replicas, 3);
    same(owners(await scene.get(main))['alice apply scale'], ['.spec.replicas']);
  },

  'hold to the version that a scale names': async (scene) => {
    const { scale } = await deployed(scene);
    const { resourceVersion } = (await scene.get(scale)).body.metadata;
    await scene.replace(scale, scaleOf('a', 2));
    same(refusal(await scene.replace(scale, scaleOf('a', 3, { resourceVersion }))).slice(0, 2), [409, 'Conflict']);
  },

  'refuse fewer replicas than none': async (scene) => {
    const { scale } = await deployed(scene);
    const answer = await scene.replace(scale, scaleOf('a', -1));
    same(causes(answer), ['spec.replicas FieldValueInvalid: Invalid value: -1: must be greater than or equal to 0']);
  },

  'change the status and nothing else through it': async (scene) => {
    const { main, status } = await deployed(scene);
    const { body } = await scene.get(main);
    const changed = {
      ...body,
      metadata: { ...body.metadata, labels: { l: '1' } },
      spec: { ...body.spec, replicas: 9 },
      status: { replicas: 1, observedGeneration: 1 },
    };
    const answer = await scene.replace(status, changed, 'fieldManager=controller');
    same(answer.body.status, { replicas: 1, observedGeneration: 1 });
    same([answer.body.spec.replicas, answer.body.metadata.generation], [1, 1]);
    same(owners(answer)['controller update status'], ['.status.observedGeneration', '.status.replicas']);
  },

  'show the whole object behind its status': async (scene) => {
    const { main, status } = await deployed(scene);
    same((await scene.get(status)).body, (await scene.get(main)).body);
  },

  'patch a status': async (scene) => {
    const { status } = await deployed(scene);
    const conditions = [{ type: 'Available', status: 'True' }];
    const answer = await scene.patch(status, 'strategic-merge', { status: { replicas: 1, conditions } });
    same(answer.body.status, {
      replicas: 1,
      conditions: [{ ...conditions[0], lastUpdateTime: null, lastTransitionTime: null }],
    });
    const second = { status: { conditions: [{ type: 'Progressing', status: 'True' }] } };
    same((await scene.patch(status, 'strategic-merge', second)).body.status.conditions.length, 2);
  },

  'do not take a status that comes with the object': async (scene) => {
    const { main } = await deployed(scene);
    const { body } = await scene.get(main);
    same((await scene.replace(main, { ...body, status: { replicas: 7 } })).body, body);
  },

  'cannot be created or deleted': async (scene) => {
    const { status } = await deployed(scene);
    same((await scene.request('POST', status, { body: {} })).status, 405);
    same((await scene.delete(status)).status, 405);
  },

  'exist only for kinds that have them': async (scene) => {
    await scene.create('configmaps', configMap('a'));
    same((await scene.get(scene.path('configmaps', 'a', 'status'))).status, 404);
    same((await scene.get(scene.path('deployments', 'none', 'scale'))).status, 404);
  },

  'bind a pod to a node, once': async (scene) => {
    await scene.create('pods', { metadata: { name: 'a' }, spec: { containers: [{ name: 'main', image: 'nginx' }] } });
    const binding = { metadata: { name: 'a' }, target: { kind: 'Node', name: 'n1' } };
    const path = scene.path('pods', 'a', 'binding');
    same((await scene.request('POST', path, { body: binding })).status, 201);
    const { body } = await scene.get(scene.path('pods', 'a'));
    same([body.spec.nodeName, body.status.conditions[0].type], ['n1', 'PodScheduled']);
    same(refusal(await scene.request('POST', path, { body: binding })).slice(0, 2), [409, 'Conflict']);
  },
});
