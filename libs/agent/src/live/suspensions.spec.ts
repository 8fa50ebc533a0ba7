import { beforeEach, expect, it } from 'vitest';
import type { ObjectKey } from '@flotilla/model';
import { agentObjects, marks } from '../names.ts';
import { configMapKey } from '../testing/factories.ts';
import { InMemoryCluster } from '../testing/in-memory-cluster.ts';
import { VirtualClock } from '@flotilla/foundation/testing';
import { Suspensions } from './suspensions.ts';

const namespace = agentObjects.namespace;
const recordKey = (name = agentObjects.record('t1')) => ({ group: '', kind: 'Secret', namespace, name });
const configuration = configMapKey(agentObjects.configuration, namespace);
let clock: VirtualClock;
let people: ReturnType<InMemoryCluster['as']>;
let suspensions: Suspensions;
let heard: string[];
/** Of each watch, whether it leaves out what objects hold. */
let onlyMarks: (boolean | undefined)[];

beforeEach(async () => {
  clock = new VirtualClock();
  const cluster = new InMemoryCluster(clock);
  people = cluster.as('kubectl-annotate');
  [heard, onlyMarks] = [[], []];
  await people.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  for (const name of [agentObjects.record('t1'), `${agentObjects.record('t1')}-0123456789abcdef`])
    await people.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace, labels: { [marks.record]: 't1' } },
    });
  await people.create({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: agentObjects.configuration, namespace },
  });
  const watch = cluster.watch.bind(cluster);
  cluster.watch = (kind, options) => {
    onlyMarks.push(options.metadataOnly);
    return watch(kind, options);
  };
  suspensions = new Suspensions({
    cluster,
    namespace,
    onChange: (target) => void heard.push(target ?? 'all'),
    onRecordLost: (target) => void heard.push(`lost ${target}`),
  });
  await suspensions.synced;
});

async function annotate(key: ObjectKey, annotations: object | null): Promise<void> {
  await people.mergePatch(key, { metadata: { annotations } });
  await clock.advance(0);
}

const suspend = (reason: string) => ({ [marks.suspend]: reason });

it('what people say is asked for without the bundles that records hold', () => {
  expect(onlyMarks).toEqual([true, true]);
});

it('a target is suspended on its record: by whom, since when, and why', async () => {
  await annotate(recordKey(), suspend('looking'));
  expect([heard, suspensions.reasonFor('t1'), suspensions.reasonFor('t2')]).toEqual([
    ['t1'],
    { by: 'kubectl-annotate on its record in the cluster since 2026-01-01T00:00:00.000Z', reason: 'looking' },
    undefined,
  ]);
});

it('everything is suspended on the ConfigMap of the agent, and it outranks the rest', async () => {
  await annotate(recordKey(), suspend('looking'));
  await annotate(configuration, suspend('fire'));
  expect([heard, suspensions.reasonFor('t1')?.reason, suspensions.reasonFor('t2')?.reason]).toEqual([
    ['t1', 'all'],
    'fire',
    'fire',
  ]);
});

it('an empty reason is one as well', async () => {
  await annotate(recordKey(), suspend(''));
  expect(suspensions.reasonFor('t1')?.reason).toBe('');
});

it('is lifted only where it was set', async () => {
  await annotate(recordKey(), suspend('looking'));
  await annotate(configuration, suspend('fire'));
  await annotate(configuration, null);
  const after = suspensions.reasonFor('t1')?.reason;
  await annotate(recordKey(), null);
  expect([after, suspensions.reasonFor('t1')]).toEqual(['looking', undefined]);
});

it('deleting what it stands on lifts it as well, and a lost record is told', async () => {
  await annotate(recordKey(), suspend('looking'));
  await annotate(configuration, suspend('fire'));
  for (const key of [recordKey(), configuration])
    await people.delete(key, { uid: (await people.get(key))!.metadata.uid! });
  await clock.advance(0);
  expect([suspensions.reasonFor('t1'), heard]).toEqual([undefined, ['t1', 'all', 'lost t1', 'all']]);
});

it('nobody speaks on the continuation of a record, nor on another ConfigMap', async () => {
  const other = { name: 'other', namespace, annotations: suspend('no') };
  await annotate(recordKey(`${agentObjects.record('t1')}-0123456789abcdef`), suspend('no'));
  await people.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: other });
  await clock.advance(0);
  expect([heard, suspensions.reasonFor('t1')]).toEqual([[], undefined]);
});

it('what did not change is not told', async () => {
  await annotate(recordKey(), { ...suspend('looking'), [marks.approvePrune]: 'd' });
  await annotate(recordKey(), { unrelated: 'x' });
  expect([heard, suspensions.approvedPrune('t1')]).toEqual([['t1'], 'd']);
});

it('what is said after the end is not heard', async () => {
  await suspensions.stop();
  await annotate(recordKey(), suspend('late'));
  expect(heard).toEqual([]);
});
