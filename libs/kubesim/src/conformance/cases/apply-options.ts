import type { JsonObject } from '../../schema/schema-type.ts';
import { cases } from '../conformance-case.ts';
import { causes, owners, refusal, same } from '../expectations.ts';
import { configMap, deployment, type Answer, type Scene } from '../scene.ts';

/** An apply to the config map `a`, whatever the body says. */
function applyTo(scene: Scene, body: JsonObject | string, query = 'fieldManager=alice'): Promise<Answer> {
  const headers = { 'content-type': 'application/apply-patch+yaml' };
  return scene.request('PATCH', `${scene.path('configmaps', 'a')}?${query}`, { headers, body });
}

const deploymentStatus = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'a' },
  status: { replicas: 3 },
};

/** The parameters of an apply, and what may be in its body. */
export const applyOptionCases = cases('apply options', {
  'needs a manager': async (scene) => {
    const answer = await applyTo(scene, configMap('a'), '');
    same(refusal(answer).slice(0, 2), [422, 'Invalid']);
    same(causes(answer), ['fieldManager FieldValueRequired: Required value: is required for apply patch']);
  },

  'refuses force with another kind of patch': async (scene) => {
    await scene.create('configmaps', configMap('a'));
    const answer = await scene.patch(scene.path('configmaps', 'a'), 'merge', {}, 'force=true');
    same(causes(answer), ['force FieldValueForbidden: Forbidden: may not be specified for non-apply patch']);
  },

  'refuses the name of a manager that is too long': async (scene) => {
    const answer = await scene.apply('configmaps', configMap('a'), { manager: 'm'.repeat(129) });
    same(causes(answer), ['fieldManager FieldValueTooLong: Too long: may not be more than 128 bytes']);
  },

  'reads YAML': async (scene) => {
    const body = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  x: "1"\n  # a comment\n  z: two\n';
    const answer = await applyTo(scene, body);
    same([answer.status, answer.body.data], [201, { x: '1', z: 'two' }]);
  },

  'refuses what is no YAML': async (scene) => {
    same(refusal(await applyTo(scene, 'a: [')).slice(0, 2), [400, 'BadRequest']);
  },

  'stores nothing in a dry run, but answers as if': async (scene) => {
    const created = await scene.apply('configmaps', configMap('a', { x: '1' }), { query: 'dryRun=All' });
    same([created.status, created.body.data], [201, { x: '1' }]);
    same((await scene.get(scene.path('configmaps', 'a'))).status, 404);
    await scene.apply('configmaps', configMap('a', { x: '1' }));
    const changed = await scene.apply('configmaps', configMap('a', { x: '2' }), { query: 'dryRun=All' });
    same(changed.body.data, { x: '2' });
    same((await scene.get(scene.path('configmaps', 'a'))).body.data, { x: '1' });
  },

  'shows conflicts in a dry run too': async (scene) => {
    await scene.apply('configmaps', configMap('a', { x: '1' }));
    const words = { manager: 'bob', query: 'dryRun=All' };
    same(refusal(await scene.apply('configmaps', configMap('a', { x: '2' }), words)).slice(0, 2), [409, 'Conflict']);
  },

  'refuses another dry run than All': async (scene) => {
    const answer = await scene.apply('configmaps', configMap('a'), { query: 'dryRun=Some' });
    same(refusal(answer).slice(0, 2), [422, 'Invalid']);
  },

  'refuses unknown fields, strictly or not': async (scene) => {
    for (const query of ['fieldValidation=Strict', 'fieldValidation=Ignore']) {
      const { status, body } = await scene.apply('deployments', deployment('a', { replica: 1 }), { query });
      same([status, body.message.endsWith('.spec.replica: field not declared in schema')], [500, true]);
    }
  },

  'refuses another name or namespace than the path says': async (scene) => {
    same(refusal(await applyTo(scene, configMap('b'))).slice(0, 2), [400, 'BadRequest']);
    const elsewhere = configMap('a', {}, { namespace: 'elsewhere' });
    same(refusal(await applyTo(scene, elsewhere)).slice(0, 2), [400, 'BadRequest']);
  },

  'refuses another kind than the path says': async (scene) => {
    same((await applyTo(scene, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } })).status, 400);
  },

  'refuses a record of owners in its body': async (scene) => {
    const entry = { manager: 'x', operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: {} };
    const answer = await scene.apply('configmaps', configMap('a', {}, { managedFields: [entry] }));
    same(refusal(answer), [400, 'BadRequest', 'metadata.managedFields must be nil']);
  },

  'holds to the version in its body': async (scene) => {
    const { body } = await scene.apply('configmaps', configMap('a', { x: '1' }));
    const { resourceVersion } = body.metadata;
    same((await scene.apply('configmaps', configMap('a', { x: '2' }, { resourceVersion }))).status, 200);
    const stale = await scene.apply('configmaps', configMap('a', { x: '3' }, { resourceVersion }));
    same(refusal(stale).slice(0, 2), [409, 'Conflict']);
  },

  'makes what is not there, whatever version its body names': async (scene) => {
    const made = await scene.apply('configmaps', configMap('a', { x: '1' }, { resourceVersion: '1' }));
    same([made.status, made.body.data], [201, { x: '1' }]);
    const again = await scene.apply('configmaps', configMap('a', { y: '2' }, { resourceVersion: '1' }));
    same(refusal(again).slice(0, 2), [409, 'Conflict']);
  },

  'holds to the identity in its body': async (scene) => {
    const { body } = await scene.apply('configmaps', configMap('a', { x: '1' }));
    same((await scene.apply('configmaps', configMap('a', { x: '2' }, { uid: body.metadata.uid }))).status, 200);
    const stale = await scene.apply('configmaps', configMap('a', { x: '3' }, { uid: 'another' }));
    same(refusal(stale).slice(0, 2), [422, 'Invalid']);
    const missing = await scene.apply('configmaps', configMap('b', {}, { uid: 'another' }));
    same(refusal(missing).slice(0, 2), [409, 'Conflict']);
  },

  'needs the namespace to exist': async (scene) => {
    const headers = { 'content-type': 'application/apply-patch+yaml' };
    const path = '/api/v1/namespaces/no-such-namespace/configmaps/a?fieldManager=alice';
    const answer = await scene.request('PATCH', path, { headers, body: configMap('a') });
    same(refusal(answer), [404, 'NotFound', 'namespaces "no-such-namespace" not found']);
  },

  'through a subresource owns what it writes there': async (scene) => {
    await scene.apply('deployments', deployment('a'));
    const words = { manager: 'controller', subresource: 'status' };
    const answer = await scene.apply('deployments', deploymentStatus, words);
    same(answer.body.status, { replicas: 3 });
    same(owners(answer)['controller apply status'], ['.status.replicas']);
  },

  'ignores a status that comes with the object itself': async (scene) => {
    const answer = await scene.apply('deployments', { ...deployment('a'), status: { replicas: 7 } });
    same(answer.body.status, {});
    same(
      owners(answer)['alice apply']?.some((path) => path.startsWith('.status')),
      false,
    );
  },

  'to a subresource of what is not there is not found': async (scene) => {
    same((await scene.apply('deployments', deploymentStatus, { subresource: 'status' })).status, 404);
  },
});
