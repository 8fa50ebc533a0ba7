import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock, systemRandom } from '@flotilla/foundation';
import type { KubeObject, ObjectKey } from '@flotilla/model';
import { createKubeClient, type KubeClient } from '@flotilla/platform-kube';
import { until } from '@flotilla/testing';
import { apiServers, type OpenApiServer } from '../../support/api-servers.ts';
import { configMap, filesOf, type EngineWorld, type EngineWorldOptions } from '../../support/engine/engine-world.ts';
import { enginesOfSuite } from '../../support/engine/engines-of-suite.ts';
import { falseAnswer } from '../../support/engine/lying-transport.ts';

const sprocket = 'apiVersion: example.org/v1\nkind: Sprocket\nmetadata: {name: one}\n';

describe.each(apiServers())(
  'AT-35, on $name: an object that is not let go stays in the inventory',
  ({ open, isReal }) => {
    const engines = enginesOfSuite(open, { beforeAll, afterEach, afterAll });
    let world: EngineWorld;

    const inventory = (target = 'target1') =>
      (world.agent.agent.reconciler.memory(target)?.record.inventory ?? []).map(({ key }) => key.name).toSorted();
    const keyOf = (name: string): ObjectKey => ({ group: '', kind: 'ConfigMap', namespace: world.namespace, name });
    const hold = (...finalizers: string[]) => world.patch('held', { metadata: { finalizers } }, 'operator');

    async function opened(options: EngineWorldOptions = {}): Promise<void> {
      world = await engines.open(options);
    }

    it('a finalizer that hangs: shown as PrunePending over a restart, done with once it lets go, never forced', async () => {
      await opened();
      await world.run(filesOf(configMap('kept'), configMap('held')));
      await hold('example.org/hangs');
      world.order(filesOf(configMap('kept')));
      const { sync, reason } = await world.told('PrunePending');
      await world.dieAndStart();
      await world.told('PrunePending');
      const live = await world.agent.client.get(keyOf('held'));
      expect([sync, reason!.message, inventory(), live!.metadata.finalizers]).toEqual([
        'OutOfSync',
        expect.stringContaining('held'),
        ['held', 'kept'],
        ['example.org/hangs'],
      ]);
      await hold();
      await world.agent.reported('target1', (status) => status.sync === 'Synced');
      expect([inventory(), await world.data()]).toEqual([['kept'], { kept: { a: '1' } }]);
    });

    it('a target that is deleted says what is left, and is gone once nothing is', async () => {
      await opened();
      const entry = await world.run(filesOf(configMap('gone'), configMap('held')));
      await hold('example.org/hangs');
      world.agent.plane.order({ ...entry, intent: 'delete', deletedBy: 'anna' });
      const { gone, reason } = await world.told('PrunePending');
      expect([gone, reason!.message, inventory()]).toEqual([undefined, expect.stringContaining('held'), ['held']]);
      await hold();
      await world.agent.reported('target1', (status) => status.gone === true);
      expect(await world.data()).toEqual({});
    });

    it('an API server that refuses the delete: the rest goes, it is tried again, and goes once that is allowed', async () => {
      await opened();
      await world.run(filesOf(configMap('kept'), configMap('held'), configMap('free')));
      world.lies.answer = ({ method, path }) =>
        method === 'DELETE' && path.endsWith('/held') ? falseAnswer(403, refusal) : undefined;
      world.order(filesOf(configMap('kept')));
      await until(async () => Object.keys(await world.data()).length === 2, { what: 'the free one to go' });
      const status = await world.agent.reported('target1', ({ reason }) => reason !== undefined);
      expect([inventory(), status.reason!.message]).toEqual([
        ['held', 'kept'],
        expect.stringContaining('deleting is not allowed here'),
      ]);
      world.lies.answer = undefined;
      await world.look();
      expect([inventory(), await world.data()]).toEqual([['kept'], { kept: { a: '1' } }]);
    });

    it('a definition that somebody takes away: what was of its kind is remembered, and let go of once the kind is back', async () => {
      await makeDefinition(clientOf(engines.server));
      await opened();
      await world.run(filesOf(configMap('kept'), sprocket));
      await world.agent.client.delete(definitionKey, { propagation: 'Background' });
      await until(async () => !(await world.agent.client.get(definitionKey)), { what: 'the definition to be gone' });
      await world.dieAndStart();
      world.order(filesOf(configMap('kept')));
      const { reason, sync } = await world.agent.reported('target1', (status) => status.reason !== undefined);
      expect([reason!.message, sync, inventory()]).toEqual([
        expect.stringContaining('Sprocket'),
        'OutOfSync',
        ['kept', 'one'],
      ]);
      await makeDefinition(clientOf(engines.server));
      await world.dieAndStart();
      await until(() => world.look().then(() => inventory().length === 1), { what: 'it to be let go of' });
      expect(world.deletes).toEqual([]);
    });

    it('a namespace that is ending: what was in it and what should come is remembered and told', async () => {
      await opened();
      await world.run(filesOf(configMap('one')));
      await world.patch('one', { metadata: { finalizers: ['example.org/hangs'] } }, 'operator');
      await world.agent.client.delete(
        { group: '', kind: 'Namespace', name: world.namespace },
        { propagation: 'Background' },
      );
      await world.agent.client.delete(keyOf('one'), { propagation: 'Background' });
      world.order(filesOf(configMap('two')));
      const { reason } = await world.agent.reported('target1', (status) => status.reason !== undefined);
      await world.look();
      expect([reason!.message, inventory()]).toEqual([expect.stringContaining(world.namespace), ['one', 'two']]);
    });

    it.runIf(isReal)(
      'admission that denies it: the words of the policy are told, and it goes once the policy is gone',
      async () => {
        await opened();
        await world.run(filesOf(configMap('kept'), configMap('held')));
        const lift = await denyDeleting(world);
        world.order(filesOf(configMap('kept')));
        const status = await world.agent.reported('target1', ({ reason }) => /holds it/.test(reason?.message ?? ''));
        expect([status.sync, inventory(), Object.keys(await world.data())]).toEqual([
          'OutOfSync',
          ['held', 'kept'],
          ['held', 'kept'],
        ]);
        await lift();
        await until(
          async () => {
            await world.look();
            return inventory().length === 1;
          },
          { what: 'the object to go', timeoutMs: 20_000 },
        );
        expect(await world.data()).toEqual({ kept: { a: '1' } });
      },
    );

    it.runIf(isReal)(
      'an agent that may not delete: it says which right it lacks, and what Git holds is applied all the same',
      async () => {
        const user = `limited-${Date.now()}`;
        const grant = (...verbs: string[]) => allow(engines.server, { user, verbs });
        await grant('get', 'list', 'watch', 'create', 'patch', 'update');
        await opened({ token: engines.server.tokenFor!(user) });
        await world.run(filesOf(configMap('kept'), configMap('held')));
        world.order(filesOf(configMap('kept', { a: '2' })));
        const { reason } = await world.told('PrunePending');
        expect([reason!.message, inventory(), await world.data()]).toEqual([
          expect.stringMatching(/cannot delete resource "configmaps"/),
          ['held', 'kept'],
          { held: { a: '1' }, kept: { a: '2' } },
        ]);
        await grant('delete');
        await until(() => world.look().then(() => inventory().length === 1), { what: 'it to go', timeoutMs: 20_000 });
        expect(await world.data()).toEqual({ kept: { a: '2' } });
      },
    );
  },
);

const definitionKey = {
  group: 'apiextensions.k8s.io',
  kind: 'CustomResourceDefinition',
  name: 'sprockets.example.org',
};

/** Somebody else's definition, as an operator of the cluster installs it; it is there once it is served. */
async function makeDefinition(client: KubeClient): Promise<void> {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'sprockets.example.org' },
    spec: {
      group: 'example.org',
      scope: 'Namespaced',
      names: { plural: 'sprockets', singular: 'sprocket', kind: 'Sprocket' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  } as KubeObject;
  await client.create(definition, { manager: 'operator' });
  const isServed = async () => (await client.kinds.refresh()).resolve({ group: 'example.org', kind: 'Sprocket' });
  await until(isServed, { what: 'the kind to be served' });
}

function clientOf({ transport }: OpenApiServer): KubeClient {
  return createKubeClient({ transport, clock: systemClock, random: systemRandom });
}

/** Gives somebody rights over everything. */
async function allow(
  server: OpenApiServer,
  { user, verbs }: { user: string; verbs: readonly string[] },
): Promise<void> {
  const client = clientOf(server);
  const name = `${user}-${verbs[0]}`;
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const role = {
    apiVersion,
    kind: 'ClusterRole',
    metadata: { name },
    rules: [{ apiGroups: ['*'], resources: ['*'], verbs }],
  } as KubeObject;
  const binding = {
    apiVersion,
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }],
  } as KubeObject;
  for (const object of [role, binding]) await client.create(object, { manager: 'operator' });
}

const refusal = {
  kind: 'Status',
  apiVersion: 'v1',
  status: 'Failure',
  reason: 'Forbidden',
  code: 403,
  message: 'configmaps "held" is forbidden: deleting is not allowed here',
};

/** A policy that denies deleting ConfigMaps called `held` in the application's namespace; answers with what lifts it. */
async function denyDeleting({ agent, namespace }: EngineWorld): Promise<() => Promise<void>> {
  const { client } = agent;
  const [manager, name] = ['operator', `deny-${namespace}`];
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['DELETE'], resources: ['configmaps'] };
  const match = {
    resourceRules: [rule],
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
  };
  const policy = {
    apiVersion,
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name },
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: match,
      validations: [{ expression: 'oldObject.metadata.name != "held"', message: 'the policy of the house holds it' }],
    },
  } as KubeObject;
  const binding = {
    apiVersion,
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name },
    spec: { policyName: name, validationActions: ['Deny'] },
  } as KubeObject;
  for (const object of [policy, binding]) await client.create(object, { manager });
  const key = { group: '', kind: 'ConfigMap', namespace, name: 'held' };
  await until(
    () =>
      client.delete(key, { propagation: 'Background', dryRun: true }).then(
        () => false,
        () => true,
      ),
    { what: 'the policy to be in force', timeoutMs: 30_000 },
  );
  return async () => {
    for (const { kind } of [binding, policy])
      await client.delete({ group: 'admissionregistration.k8s.io', kind, name }, { propagation: 'Background' });
    await until(
      () =>
        client.delete(key, { propagation: 'Background', dryRun: true }).then(
          () => true,
          () => false,
        ),
      { what: 'the policy to be lifted', timeoutMs: 30_000 },
    );
  };
}
