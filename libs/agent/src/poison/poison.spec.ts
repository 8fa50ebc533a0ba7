import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { downKinds, type DownKind } from '@flotilla/contracts';
import type { Fault } from '@flotilla/foundation';
import { hostileBytes, hostileValues } from '@flotilla/foundation/testing';
import type { EntrySource, GroupKind, KubeObject, ObjectKey } from '@flotilla/model';
import type { AgentEvent } from '../agent-options.ts';
import { Agent } from '../agent.ts';
import { AgentLease } from '../lease.ts';
import { IdentityKeeper } from '../keep/identity-keeper.ts';
import { liveObject } from '../live/live-object.ts';
import { agentObjects, applySet, fieldManager, marks } from '../names.ts';
import type { ObjectWatch, WatchOptions } from '../ports/cluster-api.port.ts';
import type { SourceFile } from '../ports/source-reader.port.ts';
import { noTracer } from '../ports/tracer.port.ts';
import { configMapKey, configMapText, entryOf, identityOf } from '../testing/factories.ts';
import { InMemoryRenderer } from '../testing/in-memory-renderer.ts';
import { PlayedPlane } from '../testing/played-plane.ts';
import { TargetWorld } from '../testing/target-world.ts';

let world: TargetWorld;
let plane: PlayedPlane;
let events: AgentEvent[];
let agent: Agent;
/** What watches are told, by kind. */
let watches: Map<string, WatchOptions>;
/** Commits that hold one file of any bytes. */
let hostileCommits: Map<string, Uint8Array>;

beforeEach(async () => {
  world = await TargetWorld.open();
  plane = new PlayedPlane(world.clock);
  [events, watches, hostileCommits] = [[], new Map(), new Map()];
});

const bytes = Object.entries(hostileBytes).map(([what, data]) => ({ what, data }));
const values = Object.entries(hostileValues).map(([what, value]) => ({ what, value }));
const base64 = (data: Uint8Array) => Buffer.from(data).toString('base64');

async function start(): Promise<void> {
  agent = new Agent({
    identity: identityOf({ orderKeys: [plane.key.publicKey] }),
    instance: 'i1',
    namespace: agentObjects.namespace,
    cluster: { ...world.api.as(fieldManager), watch },
    sources: { read },
    renderer: new InMemoryRenderer(),
    line: plane,
    lease: { isHeld: true, transitions: 1 },
    facts: () => ({ kubernetesVersion: 'v1', agentVersion: 'v1' }),
    clock: world.clock,
    random: { next: () => 0.5 },
    tracer: noTracer,
    onEvent: (event) => void events.push(event),
  });
  await agent.start();
  await world.settle(1_000);
}

function watch(kind: GroupKind, options: WatchOptions): ObjectWatch {
  watches.set(kind.kind, options);
  return world.api.watch(kind, options);
}

async function read(source: EntrySource): Promise<readonly SourceFile[]> {
  const content = hostileCommits.get(source.revision);
  return content ? [{ path: 'app/0.yaml', content }] : world.gitHost.read(source);
}

/** As the real watch does: what cannot be digested is passed over. */
function tell(object: KubeObject): void {
  try {
    watches.get(object.kind)!.onChange({ kind: 'present', object });
  } catch {
    // The next one is told all the same.
  }
}

const entryNamed = (name: string, text = configMapText(name)) => world.entry([text], { target: `target-${name}` });

/** Orders one more target, and whether it runs and is told as well within five seconds. */
async function isNextOneHandled(name = 'next'): Promise<boolean> {
  plane.order(entryNamed(name));
  await world.settle(5_000);
  const { sync, health } = plane.status(`target-${name}`) ?? {};
  return world.data(name) !== undefined && sync === 'Synced' && health === 'Healthy';
}

/** What would be written down of what happened; the longest line of it. */
function longestLine(): number {
  const texts = events.map((event) =>
    JSON.stringify(event, (_, part: unknown) => (part instanceof Error ? part.message : part)),
  );
  return Math.max(0, ...texts.map(({ length }) => length));
}

describe.each(downKinds)('AT-11: poison as an order of the kind %s', (kind: DownKind) => {
  it.each(bytes)('is refused, and the next order is carried out: $what', async ({ data }) => {
    await start();
    const subject = `fleet.cluster1.down.${kind}`;
    plane.say({ kind, subject, data, signature: plane.key.sign(kind, data), traceparent: '\u0000' });
    plane.say({ kind, subject, data, signature: undefined, traceparent: undefined });
    expect([await isNextOneHandled(), longestLine() <= 1_024]).toEqual([true, true]);
  });
});

/** Everything that is read from annotations and labels, and on what. */
const annotations = [...Object.values(marks), ...Object.values(applySet)];
const texts = ['', ' ', 'x'.repeat(200_000), '\u202Eevil', '\u0000', '\u001b[2J', '__proto__', 'true', '{"a":', '-1'];

describe.each(annotations)('AT-11: poison in %s', (name) => {
  const places: Readonly<Record<string, () => ObjectKey>> = {
    'an object of ours': () => configMapKey('bad'),
    'a record of ours': () => world.ports.records.keyOf('target-bad'),
    "the agent's ConfigMap": () => ({
      group: '',
      kind: 'ConfigMap',
      namespace: agentObjects.namespace,
      name: agentObjects.configuration,
    }),
  };

  it.each(Object.keys(places))('on %s lets the others go on', async (place) => {
    await start();
    plane.order(entryNamed('bad'));
    await world.settle(1_000);
    const key = places[place]!();
    if (!world.api.peek(key))
      await world.people.create({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: key.name, namespace: key.namespace! },
      });
    for (const text of texts) {
      await world.people.mergePatch(key, { metadata: { annotations: { [name]: text }, labels: { [name]: text } } });
      await world.settle(1_000);
    }
    // A person may stop the agent as a whole, and whatever he writes there counts as such.
    await world.people.mergePatch(key, { metadata: { annotations: { [name]: null } } });
    const lengths = plane.history.map(({ reason }) => reason?.message.length ?? 0);
    expect([await isNextOneHandled(), longestLine() <= 1_024, Math.max(0, ...lengths) <= 2_000]).toEqual([
      true,
      true,
      true,
    ]);
  });
});

describe('AT-11: poison in what the agent keeps in its cluster', () => {
  const contents = [
    ...bytes.map(({ what, data }) => [what, base64(data)] as const),
    ...bytes.map(({ what, data }) => [`${what}, packed`, gzipSync(data).toString('base64')] as const),
    ['what is no base64', '%%%'] as const,
    ['a bomb', gzipSync(Buffer.alloc(65 * 1024 * 1024)).toString('base64')] as const,
  ].map(([what, content]) => ({ what, content }));

  it.each(contents)(
    'in the record of a target costs that target its memory, and no other anything: $what',
    async ({ content }) => {
      await start();
      plane.order(entryNamed('bad'), entryNamed('good'));
      await world.settle(1_000);
      await agent.stop();
      await world.people.mergePatch(world.ports.records.keyOf('target-bad'), { data: { record: content } });
      await start();
      expect([await isNextOneHandled(), plane.status('target-good')!.sync, longestLine() <= 1_024]).toEqual([
        true,
        'Synced',
        true,
      ]);
    },
  );

  it.each(contents)('in the set that it holds makes it ask for the whole: $what', async ({ content }) => {
    await start();
    plane.order(entryNamed('good'));
    await world.settle(1_000);
    await agent.stop();
    const key = { group: '', kind: 'Secret', namespace: agentObjects.namespace, name: agentObjects.heldSet };
    await world.people.mergePatch(key, { data: { set: content } });
    await start();
    await world.settle(10_000);
    expect([agent.heldEntries.map(({ target }) => target), await isNextOneHandled(), longestLine() <= 1_024]).toEqual([
      ['target-good'],
      true,
      true,
    ]);
  });

  it.each(contents)('in its identity is told without a word of it: $what', async ({ content }) => {
    const metadata = { name: agentObjects.identity, namespace: agentObjects.namespace };
    await world.people.create({ apiVersion: 'v1', kind: 'Secret', metadata, data: { identity: content } });
    const loaded = new IdentityKeeper(world.api, agentObjects.namespace).load();
    const reason = await loaded.then(
      (identity) => identity ?? 'none',
      (error: unknown) => (error as Fault).reason,
    );
    expect(['none', 'IdentityUnreadable']).toContain(reason);
  });

  it.each(values)('in its Lease does not keep it from speaking: $what', async ({ value }) => {
    const key = {
      group: 'coordination.k8s.io',
      kind: 'Lease',
      namespace: agentObjects.namespace,
      name: agentObjects.lease,
    };
    const { namespace, name } = key;
    const spec = { holderIdentity: value, renewTime: value, leaseDurationSeconds: value, leaseTransitions: value };
    await world.people.create({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name, namespace },
      spec,
    });
    const errors: unknown[] = [];
    const lease = new AgentLease({
      cluster: world.api,
      clock: world.clock,
      namespace,
      instance: 'i1',
      onError: (error) => errors.push(error),
      onLost: () => undefined,
    });
    const acquired = lease.acquire(AbortSignal.timeout(10_000));
    await world.settle(15_000);
    await acquired;
    const told = [lease.isHeld, Number.isSafeInteger(lease.transitions), errors];
    await lease.stop();
    expect(told).toEqual([true, true, []]);
  });
});

describe('AT-11: a poisoned object that is watched', () => {
  const object: KubeObject = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'a', namespace: 'apps', uid: 'u', resourceVersion: '1', labels: { [marks.target]: 't' } },
    spec: { replicas: 1 },
    status: { conditions: [{ type: 'Available', status: 'True' }] },
  };
  const kinds = [
    'apps/v1 Deployment',
    'apps/v1 StatefulSet',
    'apps/v1 DaemonSet',
    'apps/v1 ReplicaSet',
    'batch/v1 Job',
    'batch/v1 CronJob',
    'v1 Pod',
    'v1 Service',
    'v1 PersistentVolumeClaim',
    'networking.k8s.io/v1 Ingress',
    'autoscaling/v2 HorizontalPodAutoscaler',
    'policy/v1 PodDisruptionBudget',
    'apiregistration.k8s.io/v1 APIService',
    'apiextensions.k8s.io/v1 CustomResourceDefinition',
    'example.org/v1 Anything',
  ];

  it.each(values.flatMap((row) => kinds.map((kind) => ({ ...row, kind }))))(
    'is looked at all the same: $what in a $kind',
    ({ value, kind: titled }) => {
      const [apiVersion, kind] = titled.split(' ') as [string, string];
      const shapes = [
        { ...object, spec: value },
        { ...object, status: value },
        {
          ...object,
          status: {
            conditions: value,
            replicas: value,
            phase: value,
            containerStatuses: value,
            loadBalancer: value,
            desiredNumberScheduled: value,
          },
        },
        { ...object, status: { conditions: [value], containerStatuses: [value], initContainerStatuses: [value] } },
        { ...object, spec: { replicas: value, template: value, containers: value, names: value } },
      ];
      expect(shapes.map((shape) => liveObject({ ...shape, apiVersion, kind } as KubeObject).uid)).toEqual(
        shapes.map(() => 'u'),
      );
    },
  );

  it.each(values)('does not hide the others, even if its metadata are broken: $what', async ({ value }) => {
    await start();
    plane.order(entryNamed('bad'), entryNamed('good'));
    await world.settle(1_000);
    const before = world.api.peek(configMapKey('bad'))!;
    for (const broken of [
      'labels',
      'annotations',
      'managedFields',
      'finalizers',
      'ownerReferences',
      'deletionTimestamp',
    ])
      tell({ ...before, metadata: { ...before.metadata, resourceVersion: '999999', [broken]: value } } as KubeObject);
    await world.settle(1_000);
    await world.people.mergePatch(configMapKey('good'), { data: { a: 'by hand' } });
    await world.settle(1_000);
    expect([world.data('good'), await isNextOneHandled()]).toEqual([{ a: '1' }, true]);
  });
});

describe('AT-20: a poisoned file in Git', () => {
  it.each(bytes)('costs its own target, and no other: $what', async ({ data }) => {
    await start();
    const revision = 'f'.repeat(40);
    hostileCommits.set(revision, data);
    plane.order(entryOf(revision, { 'app/0.yaml': 'x' }, { target: 'target-bad' }));
    expect([await isNextOneHandled(), longestLine() <= 1_024]).toEqual([true, true]);
  });
});
