import { cases } from '../conformance-case.ts';
import { causes, owners, refusal, same } from '../expectations.ts';
import { configMap, deployment } from '../scene.ts';

export const creatingCases = cases('creating', {
  'gives an identity, a time and a version': async (scene) => {
    const { status, body } = await scene.create('configmaps', configMap('a', { x: '1' }));
    same(status, 201);
    const { uid, creationTimestamp, resourceVersion, name, namespace, managedFields, ...rest } = body.metadata;
    same([name, namespace, rest], ['a', scene.namespace, {}]);
    same(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(uid), true);
    same(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(creationTimestamp), true);
    same([Number(resourceVersion) > 0, managedFields.length], [true, 1]);
  },

  'counts generations only for kinds that have a spec': async (scene) => {
    same((await scene.create('configmaps', configMap('a'))).body.metadata.generation, undefined);
    same((await scene.create('deployments', deployment('a'))).body.metadata.generation, 1);
  },

  'completes a name that is only begun': async (scene) => {
    const answer = await scene.create('configmaps', { metadata: { generateName: 'a-' } });
    same(/^a-[a-z0-9]{5}$/.test(answer.body.metadata.name), true);
    const again = await scene.create('configmaps', { metadata: { generateName: 'a-' } });
    same(answer.body.metadata.name === again.body.metadata.name, false);
  },

  'needs a name': async (scene) => {
    const answer = await scene.create('configmaps', { metadata: {} });
    same(causes(answer), ['metadata.name FieldValueRequired: Required value: name or generateName is required']);
  },

  'refuses a name that is taken': async (scene) => {
    await scene.create('configmaps', configMap('a'));
    const answer = await scene.create('configmaps', configMap('a'));
    same(refusal(answer), [409, 'AlreadyExists', 'configmaps "a" already exists']);
    same(answer.body.details, { name: 'a', kind: 'configmaps' });
  },

  'refuses names that are not well formed': async (scene) => {
    for (const name of ['A', 'a_b', '-a', 'a/b', 'a'.repeat(254)]) {
      same(refusal(await scene.create('configmaps', configMap(name))).slice(0, 2), [422, 'Invalid']);
    }
    const service = { metadata: { name: '1a' }, spec: { ports: [{ port: 80 }] } };
    same((await scene.create('services', service)).status, 422);
  },

  'refuses labels, annotations and finalizers that are not well formed': async (scene) => {
    const metadata = { labels: { 'a b': '1', c: 'd e' }, annotations: { '/x': '1' }, finalizers: ['nodomain'] };
    const answer = await scene.create('configmaps', configMap('a', {}, metadata));
    const fields = (answer.body.details.causes as { field: string }[]).map(({ field }) => field);
    same([...new Set(fields)].toSorted(), ['metadata.annotations', 'metadata.finalizers[0]', 'metadata.labels']);
  },

  'needs the namespace to exist': async (scene) => {
    const path = '/api/v1/namespaces/no-such-namespace/configmaps';
    const answer = await scene.request('POST', path, { body: configMap('a') });
    same(refusal(answer), [404, 'NotFound', 'namespaces "no-such-namespace" not found']);
  },

  'refuses another namespace than the path says': async (scene) => {
    const answer = await scene.create('configmaps', configMap('a', {}, { namespace: 'elsewhere' }));
    const message = 'the namespace of the provided object does not match the namespace sent on the request';
    same(refusal(answer), [400, 'BadRequest', message]);
  },

  'refuses another kind or version than the path says': async (scene) => {
    const kind = await scene.create('configmaps', { ...configMap('a'), kind: 'Secret' });
    same(refusal(kind).slice(0, 2), [400, 'BadRequest']);
    const version = await scene.create('deployments', { ...deployment('a'), apiVersion: 'apps/v2' });
    same(refusal(version).slice(0, 2), [400, 'BadRequest']);
  },

  'refuses an object that names a version': async (scene) => {
    const answer = await scene.create('configmaps', configMap('a', {}, { resourceVersion: '1' }));
    same(answer.status, 500);
    same(answer.body.message, 'resourceVersion should not be set on objects to be created');
  },

  'makes the creator the owner of everything': async (scene) => {
    const answer = await scene.create(
      'configmaps',
      configMap('a', { x: '1' }, { labels: { l: '1' } }),
      'fieldManager=me',
    );
    same(owners(answer), { 'me update': ['.data', '.data.x', '.metadata.labels', '.metadata.labels.l'] });
  },

  'takes the beginning of the user agent for the manager': async (scene) => {
    const headers = { 'user-agent': 'my-tool/1.2 (linux)' };
    const answer = await scene.request('POST', scene.path('configmaps'), { headers, body: configMap('a', { x: '1' }) });
    same(Object.keys(owners(answer)), ['my-tool update']);
  },

  'stores nothing in a dry run': async (scene) => {
    const answer = await scene.create('configmaps', configMap('a'), 'dryRun=All');
    same([answer.status, answer.body.metadata.resourceVersion], [201, undefined]);
    same((await scene.get(scene.path('configmaps', 'a'))).status, 404);
  },

  'refuses unknown and repeated fields when it is to be strict': async (scene) => {
    const unknown = await scene.create('deployments', deployment('a', { replica: 1 }), 'fieldValidation=Strict');
    const what = 'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error';
    same(refusal(unknown), [400, 'BadRequest', `${what}: unknown field "spec.replica"`]);
    const body = '{"metadata":{"name":"a"},"data":{"x":"1","x":"2"}}';
    const repeated = await scene.create('configmaps', body, 'fieldValidation=Strict');
    const config = 'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error';
    same(refusal(repeated), [400, 'BadRequest', `${config}: duplicate field "data.x"`]);
  },

  'warns of unknown fields unless told otherwise, and drops them': async (scene) => {
    const warned = await scene.create('deployments', deployment('a', { replica: 1 }));
    same([warned.status, warned.headers['warning']], [201, '299 - "unknown field \\"spec.replica\\""']);
    same(warned.body.spec.replica, undefined);
    const ignored = await scene.create('deployments', deployment('b', { replica: 1 }), 'fieldValidation=Ignore');
    same([ignored.status, ignored.headers['warning']], [201, undefined]);
  },

  'refuses a field of the wrong type': async (scene) => {
    const answer = await scene.create('deployments', deployment('a', { replicas: 'two' }));
    same(refusal(answer).slice(0, 2), [400, 'BadRequest']);
    same(answer.body.message.endsWith('spec.replicas of type int32'), true);
  },

  'ignores a status that comes with the object': async (scene) => {
    const answer = await scene.create('deployments', { ...deployment('a'), status: { replicas: 7 } });
    same(answer.body.status, {});
  },

  'ignores what only the server may say': async (scene) => {
    const metadata = {
      uid: 'mine',
      creationTimestamp: '2001-01-01T00:00:00Z',
      deletionTimestamp: '2001-01-01T00:00:00Z',
    };
    const { body } = await scene.create('configmaps', configMap('a', {}, metadata));
    same([body.metadata.uid === 'mine', body.metadata.deletionTimestamp], [false, undefined]);
    same(body.metadata.creationTimestamp.startsWith('2001'), false);
  },
});
