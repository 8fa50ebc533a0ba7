import { cases } from '../conformance-case.ts';
import { refusal, same } from '../expectations.ts';
import { configMap } from '../scene.ts';

/** The life of a namespace, as far as the API server does it alone: emptying it is the work of a controller. */
export const namespaceCases = cases('namespaces', {
  'are active from the beginning, and know their name as a label': async (scene) => {
    const { body } = await scene.get(`/api/v1/namespaces/${scene.namespace}`);
    same([body.spec, body.status], [{ finalizers: ['kubernetes'] }, { phase: 'Active' }]);
    same(body.metadata.labels, { 'kubernetes.io/metadata.name': scene.namespace });
  },

  'are there before anybody makes one': async (scene) => {
    for (const name of ['default', 'kube-system', 'kube-public', 'kube-node-lease']) {
      const { status, body } = await scene.get(`/api/v1/namespaces/${name}`);
      same([status, typeof body.metadata?.uid], [200, 'string']);
    }
  },

  'cannot be deleted when everything needs them': async (scene) => {
    const answer = await scene.delete('/api/v1/namespaces/kube-system');
    const message = 'namespaces "kube-system" is forbidden: this namespace may not be deleted';
    same(refusal(answer), [403, 'Forbidden', message]);
  },

  'end when they are deleted, and take nothing new': async (scene) => {
    await scene.create('configmaps', configMap('a'));
    const answer = await scene.delete(`/api/v1/namespaces/${scene.namespace}`);
    same([answer.status, answer.body.status.phase], [200, 'Terminating']);
    same(typeof answer.body.metadata.deletionTimestamp, 'string');
    const refused = await scene.create('configmaps', configMap('b'));
    same(refusal(refused), [
      403,
      'Forbidden',
      `configmaps "b" is forbidden: unable to create new content in namespace ${scene.namespace} because it is being terminated`,
    ]);
    same(refused.body.details.causes, [
      {
        reason: 'NamespaceTerminating',
        message: `namespace ${scene.namespace} is being terminated`,
        field: 'metadata.namespace',
      },
    ]);
  },

  'let what is in them change and go while they end': async (scene) => {
    await scene.create('configmaps', configMap('a'));
    await scene.delete(`/api/v1/namespaces/${scene.namespace}`);
    same((await scene.patch(scene.path('configmaps', 'a'), 'merge', { data: { x: '1' } })).status, 200);
    same((await scene.delete(scene.path('configmaps', 'a'))).status, 200);
  },

  'refuse an apply of something new while they end': async (scene) => {
    await scene.delete(`/api/v1/namespaces/${scene.namespace}`);
    same(refusal(await scene.apply('configmaps', configMap('a'))).slice(0, 2), [403, 'Forbidden']);
  },

  'go when their last finalizer goes': async (scene) => {
    const path = `/api/v1/namespaces/${scene.namespace}`;
    await scene.delete(path);
    const { body } = await scene.get(path);
    const finalized = await scene.replace(`${path}/finalize`, { ...body, spec: { finalizers: [] } });
    same(finalized.status, 200);
    same((await scene.get(path)).status, 404);
  },

  'keep the label with their name': async (scene) => {
    const path = `/api/v1/namespaces/${scene.namespace}`;
    const { body } = await scene.patch(path, 'merge', {
      metadata: { labels: { 'kubernetes.io/metadata.name': null, l: '1' } },
    });
    same(body.metadata.labels, { 'kubernetes.io/metadata.name': scene.namespace, l: '1' });
  },
});
