import { cases } from '../conformance-case.ts';
import { causes, owners, refusal, same } from '../expectations.ts';
import { configMap, deployment } from '../scene.ts';

/** What happens when two want different things. */
export const applyConflictCases = cases('apply conflicts', {
  'name the field, its manager and what to do': async (scene) => {
    await scene.apply('configmaps', configMap('a', { x: '1' }));
    const answer = await scene.apply('configmaps', configMap('a', { x: '2' }), { manager: 'bob' });
    same(refusal(answer), [409, 'Conflict', 'Apply failed with 1 conflict: conflict with "alice": .data.x']);
    same(causes(answer), ['.data.x FieldManagerConflict: conflict with "alice"']);
  },

  'name all fields and all managers': async (scene) => {
    await scene.apply('configmaps', configMap('a', { x: '1', y: '1' }));
    await scene.apply('configmaps', configMap('a', { z: '1' }), { manager: 'bob' });
    const answer = await scene.apply('configmaps', configMap('a', { x: '2', y: '2', z: '2' }), { manager: 'carol' });
    const message =
      'Apply failed with 3 conflicts: conflicts with "alice":\n- .data.x\n- .data.y\nconflicts with "bob":\n- .data.z';
    same(refusal(answer), [409, 'Conflict', message]);
    same(causes(answer), [
      '.data.x FieldManagerConflict: conflict with "alice"',
      '.data.y FieldManagerConflict: conflict with "alice"',
      '.data.z FieldManagerConflict: conflict with "bob"',
    ]);
  },

  'say at which version an updater took the field': async (scene) => {
    await scene.create('configmaps', configMap('a', { x: '1' }), 'fieldManager=edit');
    const answer = await scene.apply('configmaps', configMap('a', { x: '2' }));
    same(causes(answer), ['.data.x FieldManagerConflict: conflict with "edit" using v1']);
  },

  'name the subresource through which the other wrote': async (scene) => {
    await scene.create('deployments', deployment('a', { replicas: 1 }), 'fieldManager=create');
    const scale = scene.path('deployments', 'a', 'scale');
    await scene.patch(scale, 'merge', { spec: { replicas: 3 } }, 'fieldManager=autoscaler');
    const who = 'conflict with "autoscaler" with subresource "scale" using apps/v1';
    const answer = await scene.apply('deployments', deployment('a', { replicas: 2 }));
    same(causes(answer), [`.spec.replicas FieldManagerConflict: ${who}`]);
  },

  'change nothing': async (scene) => {
    const before = await scene.apply('configmaps', configMap('a', { x: '1' }));
    await scene.apply('configmaps', configMap('a', { x: '2', y: '2' }), { manager: 'bob' });
    same((await scene.get(scene.path('configmaps', 'a'))).body, before.body);
  },

  'are overcome by force, which takes the field from its owner': async (scene) => {
    await scene.apply('configmaps', configMap('a', { x: '1', y: '1' }));
    const answer = await scene.apply('configmaps', configMap('a', { x: '2' }), { manager: 'bob', query: 'force=true' });
    same(answer.body.data, { x: '2', y: '1' });
    same(owners(answer), { 'alice apply': ['.data.y'], 'bob apply': ['.data.x'] });
  },

  'do not arise from an equal value': async (scene) => {
    await scene.apply('configmaps', configMap('a', { x: '1' }));
    same((await scene.apply('configmaps', configMap('a', { x: '1' }), { manager: 'bob' })).status, 200);
  },

  'arise for a co-owner who changes his mind': async (scene) => {
    await scene.apply('configmaps', configMap('a', { x: '1' }));
    await scene.apply('configmaps', configMap('a', { x: '1' }), { manager: 'bob' });
    const answer = await scene.apply('configmaps', configMap('a', { x: '2' }));
    same(causes(answer), ['.data.x FieldManagerConflict: conflict with "bob"']);
  },

  'name the item of a list': async (scene) => {
    await scene.apply('deployments', deployment('a'));
    const answer = await scene.apply('deployments', deployment('a', {}, { image: 'nginx:2' }), { manager: 'bob' });
    const field = '.spec.template.spec.containers[name="main"].image';
    same(causes(answer), [`${field} FieldManagerConflict: conflict with "alice"`]);
  },

  'are no obstacle to kubectl when it applied the value itself before': async (scene) => {
    const lastApplied = `${JSON.stringify(configMap('a', { x: '1' }))}\n`;
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': lastApplied };
    const manager = 'fieldManager=kubectl-client-side-apply';
    await scene.create('configmaps', configMap('a', { x: '1' }, { annotations }), manager);
    const answer = await scene.apply('configmaps', configMap('a', { x: '2' }), { manager: 'kubectl' });
    same([answer.status, answer.body.data], [200, { x: '2' }]);
  },
});
