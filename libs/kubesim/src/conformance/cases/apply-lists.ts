import type { JsonDraft } from '../../schema/schema-type.ts';
import { cases } from '../conformance-case.ts';
import { causes, owners, refusal, same } from '../expectations.ts';
import { configMap, deployment, type Answer } from '../scene.ts';

const nginx = { name: 'main', image: 'nginx:1' };

function service(name: string, ports: readonly JsonDraft[], spec: JsonDraft = {}): JsonDraft {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { ports, ...spec } };
}

function withContainers(...containers: readonly JsonDraft[]): JsonDraft {
  const object = deployment('a');
  object['spec'].template.spec.containers = containers;
  return object;
}

/** A container beside those that others apply. */
const sidecar = {
  ...deployment('a'),
  spec: { template: { spec: { containers: [{ name: 'log', image: 'log:1' }] } } },
};

function containerNames({ body }: Answer): readonly string[] {
  return body.spec.template.spec.containers.map(({ name }: JsonDraft) => name);
}

/** Lists that are maps, sets, or one value. */
export const applyListCases = cases('apply lists', {
  'owns the items of a list by their keys': async (scene) => {
    same(owners(await scene.apply('deployments', deployment('a', { replicas: 2 }))), {
      'alice apply': [
        '.spec.replicas',
        '.spec.selector',
        '.spec.template.metadata.labels.app',
        '.spec.template.spec.containers[name=main]',
        '.spec.template.spec.containers[name=main].image',
        '.spec.template.spec.containers[name=main].name',
      ],
    });
  },

  'brings containers of two appliers together': async (scene) => {
    await scene.apply('deployments', deployment('a'));
    const answer = await scene.apply('deployments', sidecar, { manager: 'bob' });
    same(containerNames(answer), ['main', 'log']);
    same(owners(answer)['bob apply'], [
      '.spec.template.spec.containers[name=log]',
      '.spec.template.spec.containers[name=log].image',
      '.spec.template.spec.containers[name=log].name',
    ]);
  },

  'takes an item away that its owner no longer applies': async (scene) => {
    await scene.apply('deployments', withContainers(nginx, { name: 'log', image: 'log:1' }));
    same(containerNames(await scene.apply('deployments', withContainers(nginx))), ['main']);
  },

  'keeps the order in which the applier names the items': async (scene) => {
    const named = (...names: readonly string[]) => withContainers(...names.map((name) => ({ name, image: 'x:1' })));
    await scene.apply('deployments', named('a', 'b', 'c'));
    same(containerNames(await scene.apply('deployments', named('c', 'a', 'b'))), ['c', 'a', 'b']);
  },

  'changes one field of one item': async (scene) => {
    await scene.apply('deployments', withContainers({ ...nginx, env: [{ name: 'A', value: '1' }] }));
    const answer = await scene.apply('deployments', withContainers({ ...nginx, env: [{ name: 'A', value: '2' }] }));
    same(answer.body.spec.template.spec.containers[0].env, [{ name: 'A', value: '2' }]);
  },

  'knows ports by number and protocol, where no protocol stands for TCP': async (scene) => {
    const http = { name: 'http', port: 80 };
    same(owners(await scene.apply('services', service('a', [http]))), {
      'alice apply': [
        '.spec.ports[port=80,protocol=TCP]',
        '.spec.ports[port=80,protocol=TCP].name',
        '.spec.ports[port=80,protocol=TCP].port',
      ],
    });
    const both = await scene.apply('services', service('a', [http, { name: 'quic', port: 80, protocol: 'UDP' }]));
    const ports = both.body.spec.ports.map(({ name, protocol }: JsonDraft) => `${name}/${protocol}`);
    same(ports, ['http/TCP', 'quic/UDP']);
  },

  'owns a set value by value': async (scene) => {
    await scene.apply('configmaps', configMap('a', {}, { finalizers: ['example.org/a', 'example.org/b'] }));
    const { data: _, ...second } = configMap('a', {}, { finalizers: ['example.org/b', 'example.org/c'] });
    const answer = await scene.apply('configmaps', second, { manager: 'bob' });
    same(answer.body.metadata.finalizers, ['example.org/a', 'example.org/b', 'example.org/c']);
    same(owners(answer), {
      'alice apply': ['.data', '.metadata.finalizers[=example.org/a]', '.metadata.finalizers[=example.org/b]'],
      'bob apply': ['.metadata.finalizers[=example.org/b]', '.metadata.finalizers[=example.org/c]'],
    });
    const less = await scene.apply('configmaps', configMap('a', {}, { finalizers: ['example.org/b'] }));
    same(less.body.metadata.finalizers, ['example.org/b', 'example.org/c']);
  },

  'owns a list that is one value as a whole': async (scene) => {
    await scene.apply('deployments', withContainers({ ...nginx, args: ['a', 'b'] }));
    const other = withContainers({ name: 'main', args: ['c'] });
    const refused = await scene.apply('deployments', other, { manager: 'bob' });
    const field = '.spec.template.spec.containers[name="main"].args';
    same(causes(refused), [`${field} FieldManagerConflict: conflict with "alice"`]);
    const answer = await scene.apply('deployments', other, { manager: 'bob', query: 'force=true' });
    same(answer.body.spec.template.spec.containers[0].args, ['c']);
  },

  'owns a map that is one value as a whole': async (scene) => {
    await scene.apply('services', service('a', [{ port: 80 }], { selector: { app: 'a', tier: 'x' } }));
    const answer = await scene.apply('services', service('a', [{ port: 80 }], { selector: { app: 'a' } }));
    same(answer.body.spec.selector, { app: 'a' });
    same(owners(answer)['alice apply']?.includes('.spec.selector'), true);
  },

  'refuses two items with one key': async (scene) => {
    const answer = await scene.apply('deployments', withContainers(nginx, { ...nginx, image: 'nginx:2' }));
    same(answer.status, 500);
    same(answer.body.message.includes('duplicate entries for key [name="main"]'), true);
  },

  'refuses an item without its key': async (scene) => {
    const answer = await scene.apply('deployments', withContainers({ image: 'nginx:1' }));
    same(causes(answer), ['spec.template.spec.containers[0].name FieldValueRequired: Required value']);
  },

  'owns rules, which are one value, as a whole': async (scene) => {
    const role = (...verbs: readonly string[]) => ({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'a' },
      rules: [{ apiGroups: [''], resources: ['pods'], verbs }],
    });
    await scene.apply('roles', role('get'));
    same(refusal(await scene.apply('roles', role('list'), { manager: 'bob' })).slice(0, 2), [409, 'Conflict']);
    const answer = await scene.apply('roles', role('list'), { manager: 'bob', query: 'force=true' });
    same(owners(answer), { 'bob apply': ['.rules'] });
  },

  'leaves what defaults filled in without an owner': async (scene) => {
    const answer = await scene.apply('deployments', withContainers({ ...nginx, ports: [{ containerPort: 80 }] }));
    const [container] = answer.body.spec.template.spec.containers;
    same(container.ports, [{ containerPort: 80, protocol: 'TCP' }]);
    const port = '.spec.template.spec.containers[name=main].ports[containerPort=80,protocol=TCP]';
    const owned = owners(answer)['alice apply']?.filter((path) => path.includes('ports'));
    same(owned, [port, `${port}.containerPort`]);
  },
});
