import type { JsonDraft } from '../../schema/schema-type.ts';
import { cases } from '../conformance-case.ts';
import { causes, refusal, same } from '../expectations.ts';
import { configMap, deployment, type Scene } from '../scene.ts';

const container = { name: 'main', image: 'nginx:1' };
const immutable = 'Invalid value';

/** Merges a patch into what was made, and tells which fields are complained about. */
async function complaints(scene: Scene, plural: string, patch: JsonDraft): Promise<readonly string[]> {
  const answer = await scene.patch(scene.path(plural, 'a'), 'merge', patch);
  same(refusal(answer).slice(0, 2), [422, 'Invalid']);
  const fields = (answer.body.details.causes as { field: string }[]).map(({ field }) => field);
  return [...new Set(fields)].toSorted();
}

export const validatingCases = cases('validating', {
  'shows everything that is wrong, with its place': async (scene) => {
    const body = { metadata: { name: 'a' }, spec: { replicas: -1, template: { spec: {} } } };
    const answer = await scene.create('deployments', body);
    same([answer.status, answer.body.reason, answer.body.details.group], [422, 'Invalid', 'apps']);
    same(causes(answer), [
      'spec.replicas FieldValueInvalid: Invalid value: -1: must be greater than or equal to 0',
      'spec.selector FieldValueRequired: Required value',
      'spec.template.metadata.labels FieldValueInvalid: Invalid value: null: `selector` does not match template `labels`',
      'spec.template.spec.containers FieldValueRequired: Required value',
    ]);
  },

  'says all of one thing in a sentence': async (scene) => {
    const answer = await scene.create('deployments', deployment('a', { replicas: -1 }));
    const message =
      'Deployment.apps "a" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0';
    same(refusal(answer), [422, 'Invalid', message]);
  },

  'needs the selector of a deployment to match its pods': async (scene) => {
    const answer = await scene.create('deployments', deployment('a', { selector: { matchLabels: { app: 'b' } } }));
    same(causes(answer), [
      'spec.template.metadata.labels FieldValueInvalid: Invalid value: {"app":"a"}: `selector` does not match template `labels`',
    ]);
  },

  'needs containers with names of their own': async (scene) => {
    const body = deployment('a');
    body['spec'].template.spec.containers = [{ name: 'A' }, container, container];
    same(causes(await scene.create('deployments', body)), [
      'spec.template.spec.containers[0].image FieldValueRequired: Required value',
      `spec.template.spec.containers[0].name FieldValueInvalid: Invalid value: "A": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
      'spec.template.spec.containers[2].name FieldValueDuplicate: Duplicate value: "main"',
    ]);
  },

  'needs ports in their range': async (scene) => {
    const answer = await scene.create('services', { metadata: { name: 'a' }, spec: { ports: [{ port: 0 }] } });
    same(answer.status, 422);
    const body = deployment('a', {}, { ports: [{ containerPort: 70_000 }] });
    same((await scene.create('deployments', body)).body.reason, 'Invalid');
  },

  'needs mounts to name volumes that are there': async (scene) => {
    const body = deployment('a', {}, { volumeMounts: [{ name: 'data', mountPath: '/data' }] });
    same(causes(await scene.create('deployments', body)), [
      'spec.template.spec.containers[0].volumeMounts[0].name FieldValueNotFound: Not found: "data"',
    ]);
  },

  'lets the pods of a stateful set mount their claims': async (scene) => {
    const labels = { app: 'a' };
    const mounting = { ...container, volumeMounts: [{ name: 'data', mountPath: '/data' }] };
    const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
    const spec = {
      selector: { matchLabels: labels },
      serviceName: 'a',
      template: { metadata: { labels }, spec: { containers: [mounting] } },
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claim }],
    };
    same((await scene.create('statefulsets', { metadata: { name: 'a' }, spec })).status, 201);
  },

  'needs requests below limits': async (scene) => {
    const resources = { requests: { cpu: '2' }, limits: { cpu: '1' } };
    same(causes(await scene.create('deployments', deployment('a', {}, { resources }))), [
      'spec.template.spec.containers[0].resources.requests FieldValueInvalid: Invalid value: "2": must be less than or equal to cpu limit of 1',
    ]);
  },

  'needs several ports of a service to have names': async (scene) => {
    const spec = { ports: [{ port: 80 }, { port: 81 }] };
    same(causes(await scene.create('services', { metadata: { name: 'a' }, spec })), [
      'spec.ports[0].name FieldValueRequired: Required value',
      'spec.ports[1].name FieldValueRequired: Required value',
    ]);
  },

  'needs pods of a job to end': async (scene) => {
    const spec = { template: { spec: { containers: [container] } } };
    const answer = await scene.create('jobs', { metadata: { name: 'a' }, spec });
    same(answer.status, 422);
    same(
      causes(answer).some((cause) => cause.startsWith('spec.template.spec.restartPolicy')),
      true,
    );
  },

  'needs a name of a key for each value': async (scene) => {
    same((await scene.create('configmaps', configMap('a', { 'a/b': '1' }))).status, 422);
  },

  'keeps the selector of a deployment': async (scene) => {
    await scene.create('deployments', deployment('a'));
    const labels = { app: 'a', tier: 'x' };
    const patch = { spec: { selector: { matchLabels: labels }, template: { metadata: { labels } } } };
    same(await complaints(scene, 'deployments', patch), ['spec.selector']);
    const answer = await scene.patch(scene.path('deployments', 'a'), 'merge', patch);
    same(causes(answer)[0]?.startsWith(`spec.selector FieldValueInvalid: ${immutable}`), true);
    same(answer.body.message.endsWith('field is immutable'), true);
  },

  'keeps most of a stateful set': async (scene) => {
    const labels = { app: 'a' };
    const template = { metadata: { labels }, spec: { containers: [container] } };
    const spec = { selector: { matchLabels: labels }, serviceName: 'a', template };
    await scene.create('statefulsets', { metadata: { name: 'a' }, spec });
    same(await complaints(scene, 'statefulsets', { spec: { serviceName: 'b' } }), ['spec']);
    const replicas = await scene.patch(scene.path('statefulsets', 'a'), 'merge', { spec: { replicas: 3 } });
    same(replicas.status, 200);
  },

  'keeps the pods of a job': async (scene) => {
    const template = { spec: { restartPolicy: 'Never', containers: [container] } };
    await scene.create('jobs', { metadata: { name: 'a' }, spec: { template } });
    const other = { spec: { template: { spec: { containers: [{ name: 'main', image: 'nginx:2' }] } } } };
    same(await complaints(scene, 'jobs', other), ['spec.template']);
  },

  'keeps the address of a service': async (scene) => {
    await scene.create('services', { metadata: { name: 'a' }, spec: { ports: [{ port: 80 }] } });
    const patch = { spec: { clusterIP: '10.0.200.200', clusterIPs: ['10.0.200.200'] } };
    same(await complaints(scene, 'services', patch), ['spec.clusterIPs[0]']);
  },

  'keeps what is declared immutable': async (scene) => {
    await scene.create('configmaps', { ...configMap('a', { x: '1' }), immutable: true });
    same(await complaints(scene, 'configmaps', { data: { x: '2' } }), ['data']);
    same(await complaints(scene, 'configmaps', { immutable: false }), ['immutable']);
    const label = await scene.patch(scene.path('configmaps', 'a'), 'merge', { metadata: { labels: { l: '1' } } });
    same(label.status, 200);
    await scene.create('secrets', { metadata: { name: 'a' }, immutable: true, data: { x: 'MQ==' } });
    same(await complaints(scene, 'secrets', { data: { x: 'Mg==' } }), ['data']);
  },

  'keeps the type of a secret': async (scene) => {
    await scene.create('secrets', { metadata: { name: 'a' }, data: { x: 'MQ==' } });
    same(await complaints(scene, 'secrets', { type: 'example.org/other' }), ['type']);
  },

  'keeps a volume claim': async (scene) => {
    const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
    await scene.create('persistentvolumeclaims', { metadata: { name: 'a' }, spec });
    same(await complaints(scene, 'persistentvolumeclaims', { spec: { accessModes: ['ReadOnlyMany'] } }), ['spec']);
  },

  'keeps the role of a binding': async (scene) => {
    const roleRef = { kind: 'Role', name: 'a', apiGroup: 'rbac.authorization.k8s.io' };
    await scene.create('rolebindings', { metadata: { name: 'a' }, roleRef });
    same(await complaints(scene, 'rolebindings', { roleRef: { ...roleRef, name: 'b' } }), ['roleRef']);
  },

  'keeps identity and times': async (scene) => {
    await scene.create('configmaps', configMap('a'));
    same(await complaints(scene, 'configmaps', { metadata: { uid: 'another' } }), ['metadata.uid']);
    const created = { metadata: { creationTimestamp: '2001-01-01T00:00:00Z' } };
    const kept = await scene.patch(scene.path('configmaps', 'a'), 'merge', created);
    same([kept.status, kept.body.metadata.creationTimestamp.startsWith('2001')], [200, false]);
  },
});
