import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { Fault } from '@flotilla/foundation';
import type { KubeObject, ObjectKey } from '@flotilla/model';
import { containsField, ownedFields } from '@flotilla/workload-manifests';
import type { ClusterApi, ObjectChange } from '../ports/cluster-api.port.ts';

/** One cluster, seen by the agent and by somebody else, with a namespace that exists and is empty. */
export interface ClusterApiWorld {
  readonly cluster: ClusterApi;
  readonly others: ClusterApi;
  readonly namespace: string;
  /** Lets everything arrive that is under way. */
  readonly settle: () => Promise<void>;
}

/** One thing that every filling of the port does alike. */
export interface ClusterApiCase {
  readonly title: string;
  readonly run: (world: ClusterApiWorld) => Promise<void>;
}

const key = (namespace: string, name = 'one'): ObjectKey => ({ group: '', kind: 'ConfigMap', namespace, name });

function configMap(namespace: string, data: object, metadata: object = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one', namespace, ...metadata }, data };
}

const kind = { group: '', kind: 'ConfigMap' };

const isChanged = (error: unknown) => error instanceof Fault && error.reason === 'ObjectChanged';

async function applied(cluster: ClusterApi, object: KubeObject): Promise<KubeObject> {
  const result = await cluster.apply(object, { force: false });
  if (result.kind !== 'applied') throw new Error(`conflicts: ${JSON.stringify(result.conflicts)}`);
  return result.object;
}

/** What every filling of the port does, told in a fresh namespace each time. Free of any test runner. */
export const clusterApiCases: readonly ClusterApiCase[] = [
  {
    title: 'nobody is not acted as: an empty identity is refused before anything is asked',
    run: async ({ cluster, namespace }) => {
      for (const account of [
        { namespace, name: '' },
        { namespace: '', name: 'deployer' },
      ])
        await rejects(async () => cluster.actingAs(account).get(key(namespace)), { reason: 'IdentityRefused' });
    },
  },
  {
    title: 'an apply makes an object whose applied fields are ours, and only those',
    run: async ({ cluster, namespace }) => {
      const object = await applied(cluster, configMap(namespace, { a: '1' }, { labels: { l: 'x' } }));
      const fields = ownedFields(object, 'flotilla')!;
      ok(object.metadata.uid);
      deepEqual(
        ['.data.a', '.metadata.labels.l', '.metadata.name'].map((field) => containsField(fields, field)),
        [true, true, false],
      );
    },
  },
  {
    title: 'an apply that changes nothing leaves the version as it is',
    run: async ({ cluster, namespace }) => {
      const first = await applied(cluster, configMap(namespace, { a: '1' }));
      const second = await applied(cluster, configMap(namespace, { a: '1' }));
      equal(second.metadata.resourceVersion, first.metadata.resourceVersion);
    },
  },
  {
    title: 'what an apply gives up goes, what others put there stays',
    run: async ({ cluster, others, namespace }) => {
      await applied(cluster, configMap(namespace, { a: '1', b: '2' }));
      await others.mergePatch(key(namespace), { data: { c: 'theirs' } });
      deepEqual((await applied(cluster, configMap(namespace, { a: '1' }))).data, { a: '1', c: 'theirs' });
    },
  },
  {
    title: 'a field that somebody else holds is a conflict that names him, and nothing changes until it is forced',
    run: async ({ cluster, others, namespace }) => {
      await applied(cluster, configMap(namespace, { a: '1' }));
      await others.mergePatch(key(namespace), { data: { a: 'by hand' } });
      deepEqual(await cluster.apply(configMap(namespace, { a: '1' }), { force: false }), {
        kind: 'conflicts',
        conflicts: [{ field: '.data.a', manager: 'somebody' }],
      });
      deepEqual((await cluster.get(key(namespace)))!.data, { a: 'by hand' });
      await cluster.apply(configMap(namespace, { a: '1' }), { force: true });
      deepEqual((await cluster.get(key(namespace)))!.data, { a: '1' });
    },
  },
  {
    title: 'an apply under another manager owns its own fields, and gives them all up when it names none',
    run: async ({ cluster, namespace }) => {
      await applied(cluster, configMap(namespace, { a: '1' }));
      const beside = { force: false, manager: 'flotilla-beside' };
      const both = await cluster.apply(configMap(namespace, { b: '2' }), beside);
      deepEqual(both.kind === 'applied' && both.object.data, { a: '1', b: '2' });
      const { uid } = (await cluster.get(key(namespace)))!.metadata;
      const bare = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: key(namespace).name, namespace, uid: uid! },
      };
      await cluster.apply(bare, beside);
      const { data, metadata } = (await cluster.get(key(namespace)))!;
      deepEqual(data, { a: '1' });
      equal(
        metadata.managedFields!.some(({ manager }) => manager === 'flotilla-beside'),
        false,
      );
    },
  },
  {
    title: 'a field that somebody else holds with the same value is no conflict',
    run: async ({ cluster, others, namespace }) => {
      await others.create(configMap(namespace, { a: '1' }));
      equal((await cluster.apply(configMap(namespace, { a: '1' }), { force: false })).kind, 'applied');
    },
  },
  {
    title: 'an apply of a version that is not there any more is refused',
    run: async ({ cluster, others, namespace }) => {
      const { resourceVersion } = (await applied(cluster, configMap(namespace, { a: '1' }))).metadata;
      await others.mergePatch(key(namespace), { data: { c: 'theirs' } });
      await rejects(cluster.apply(configMap(namespace, { a: '2' }, { resourceVersion }), { force: true }), isChanged);
    },
  },
  {
    title: 'an apply that names the version of nothing makes what is not there, and nothing else',
    run: async ({ cluster, others, namespace }) => {
      const makeNew = (data: Record<string, string>) =>
        cluster.apply(configMap(namespace, data, { resourceVersion: '1' }), { force: false });
      equal((await makeNew({ a: '1' })).kind, 'applied');
      await rejects(makeNew({ b: '2' }), isChanged);
      await cluster.delete(key(namespace), { uid: (await cluster.get(key(namespace)))!.metadata.uid! });
      await others.create(configMap(namespace, { of: 'others' }));
      await rejects(makeNew({ b: '2' }), isChanged);
      deepEqual((await cluster.get(key(namespace)))!.data, { of: 'others' });
    },
  },
  {
    title: 'an apply meant for another uid is refused, also where nothing stands any more',
    run: async ({ cluster, namespace }) => {
      const uid = '00000000-0000-0000-0000-000000000000';
      const meant = () => cluster.apply(configMap(namespace, { a: '2' }, { uid }), { force: true });
      await rejects(meant, isChanged);
      equal(await cluster.get(key(namespace)), undefined);
      await applied(cluster, configMap(namespace, { a: '1' }));
      await rejects(meant, isChanged);
      deepEqual((await cluster.get(key(namespace)))!.data, { a: '1' });
    },
  },
  {
    title: 'a dry run answers what would be, and changes nothing',
    run: async ({ cluster, namespace }) => {
      await applied(cluster, configMap(namespace, { a: '1' }));
      const result = await cluster.apply(configMap(namespace, { a: '2' }), { force: true, dryRun: true });
      deepEqual(result.kind === 'applied' && result.object.data, { a: '2' });
      deepEqual((await cluster.get(key(namespace)))!.data, { a: '1' });
    },
  },
  {
    title: 'nothing is made in a namespace that does not exist',
    run: async ({ cluster, namespace }) => {
      await rejects(
        applied(cluster, configMap(`${namespace}-missing`, { a: '1' })),
        (error) => error instanceof Fault && error.code === 'not-found',
      );
    },
  },
  {
    title: 'a name can be made once',
    run: async ({ cluster, others, namespace }) => {
      await others.create(configMap(namespace, { of: 'others' }));
      equal(await cluster.create(configMap(namespace, { of: 'us' })), undefined);
      deepEqual((await cluster.get(key(namespace)))!.data, { of: 'others' });
    },
  },
  {
    title: 'a merge patch meant for another version does nothing',
    run: async ({ cluster, namespace }) => {
      const { metadata } = await applied(cluster, configMap(namespace, { a: '1' }));
      const patch = (named: object) => cluster.mergePatch(key(namespace), { metadata: named, data: { a: '2' } });
      equal(await patch({ resourceVersion: '1' }), undefined);
      equal(await patch({ uid: '00000000-0000-0000-0000-000000000000', resourceVersion: '1' }), undefined);
      ok(await patch({ uid: metadata.uid, resourceVersion: metadata.resourceVersion }));
      equal(await cluster.mergePatch(key(namespace, 'none'), { data: {} }), undefined);
    },
  },
  {
    title: 'a merge patch that names the owners anew takes our marks off',
    run: async ({ cluster, namespace }) => {
      await applied(cluster, configMap(namespace, { a: '1' }));
      await cluster.mergePatch(key(namespace), { metadata: { managedFields: [{}] } });
      equal(ownedFields((await cluster.get(key(namespace)))!, 'flotilla'), undefined);
    },
  },
  {
    title: 'a delete is of one uid: absent, replaced and deleted are told apart',
    run: async ({ cluster, namespace }) => {
      equal(await cluster.delete(key(namespace), { uid: 'none' }), 'absent');
      const { uid } = (await applied(cluster, configMap(namespace, { a: '1' }))).metadata;
      equal(await cluster.delete(key(namespace), { uid: '00000000-0000-0000-0000-000000000000' }), 'replaced');
      equal(await cluster.delete(key(namespace), { uid: uid! }), 'deleted');
      equal(await cluster.get(key(namespace)), undefined);
    },
  },
  {
    title: 'a finalizer holds what is to be deleted until it is taken off',
    run: async ({ cluster, others, namespace }) => {
      const made = await others.create(configMap(namespace, {}, { finalizers: ['example.org/hold'] }));
      equal(await cluster.delete(key(namespace), { uid: made!.metadata.uid! }), 'pending');
      ok((await cluster.get(key(namespace)))!.metadata.deletionTimestamp);
      await others.mergePatch(key(namespace), { metadata: { finalizers: null } });
      equal(await cluster.get(key(namespace)), undefined);
    },
  },
  {
    title: 'lists select by namespace and label',
    run: async ({ cluster, namespace }) => {
      await applied(cluster, configMap(namespace, {}, { labels: { 'flotilla.dev/target': 't1' } }));
      const names = async (labelSelector: string) =>
        (await cluster.list(kind, { namespace, labelSelector })).map(({ metadata }) => metadata.name);
      deepEqual(
        [await names('flotilla.dev/target'), await names('flotilla.dev/target=t1'), await names('flotilla.dev/other')],
        [['one'], ['one'], []],
      );
    },
  },
  {
    title: 'a watch tells what is there, then what changes, and that a label was taken off',
    run: async ({ cluster, others, namespace, settle }) => {
      const labels = { 'flotilla.dev/target': 't1' };
      await applied(cluster, configMap(namespace, { a: '1' }, { labels }));
      const told: string[] = [];
      const onChange = (change: ObjectChange) => {
        if (change.kind === 'present') told.push(JSON.stringify(change.object.data));
        else told.push(change.kind === 'absent' ? `absent ${change.key.name}` : change.kind);
      };
      const watch = cluster.watch(kind, { namespace, labelSelector: 'flotilla.dev/target', onChange });
      await watch.synced;
      await others.mergePatch(key(namespace), { data: { a: '2' } });
      await settle();
      await others.mergePatch(key(namespace), { metadata: { labels: { 'flotilla.dev/target': null } } });
      await settle();
      await watch.stop();
      deepEqual(told, ['{"a":"1"}', 'relisted', '{"a":"2"}', 'absent one']);
    },
  },
  {
    title: 'a watch on metadata tells kind, marks and who set them, and nothing of what an object holds',
    run: async ({ cluster, others, namespace, settle }) => {
      await applied(cluster, configMap(namespace, { a: '1' }));
      const told: KubeObject[] = [];
      const onChange = (change: ObjectChange) => void (change.kind === 'present' && told.push(change.object));
      const watch = cluster.watch(kind, { namespace, metadataOnly: true, onChange });
      await watch.synced;
      await others.mergePatch(key(namespace), { metadata: { annotations: { 'flotilla.dev/suspend': 'looking' } } });
      await settle();
      await watch.stop();
      const shown = told
        .filter(({ metadata }) => metadata.name === 'one')
        .map(({ apiVersion, kind: name, metadata, ...rest }) => [apiVersion, name, metadata.annotations, rest]);
      const annotated = { 'flotilla.dev/suspend': 'looking' };
      deepEqual(shown, [
        ['v1', 'ConfigMap', undefined, {}],
        ['v1', 'ConfigMap', annotated, {}],
      ]);
      ok((told.at(-1)!.metadata.managedFields ?? []).length > 1);
    },
  },
  {
    title: 'kinds are found by name and version',
    run: async ({ cluster }) => {
      const found = async (name: string, version?: string) =>
        (await cluster.kindOf({ group: 'apps', kind: name }, version))?.plural;
      deepEqual(
        [await found('Deployment'), await found('Deployment', 'v1'), await found('Deployment', 'v9')],
        ['deployments', 'deployments', undefined],
      );
      deepEqual([await found('Nothing')], [undefined]);
    },
  },
];
