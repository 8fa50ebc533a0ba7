import { beforeEach, describe, expect, it } from 'vitest';
import { agentObjects } from '../names.ts';
import { configMapKey, configMapText, defaultSync, theirs } from '../testing/factories.ts';
import { TargetWorld } from '../testing/target-world.ts';

let world: TargetWorld;

beforeEach(async () => {
  world = await TargetWorld.open();
});

describe('a target from its first order to the next', () => {
  it('is fetched, rendered, written down, applied and settled, in this order and each once', async () => {
    await world.run([configMapText('one')]);
    const steps = world.tracer.spans.map(({ name }) => name).filter((name) => name !== 'reconcile target');
    expect(steps).toEqual(['fetch source', 'render manifests', 'record inventory', 'apply objects', 'settle record']);
    expect(world.summary()).toBe('Synced Healthy');
  });

  it('says what it will read as soon as it is ordered, but not what it holds', async () => {
    const first = await world.run([configMapText('one')]);
    const second = await world.run([configMapText('one', { a: '2' })]);
    world.reconciler.order(first.target, first);
    world.reconciler.order(first.target, { ...second, intent: 'orphan' });
    expect(world.git.expected).toEqual([first, second].map(({ source }) => source.revision));
  });

  it('is written down before anything is made, and once more when all is done', async () => {
    await world.run([configMapText('one')]);
    const record = `Secret ${agentObjects.namespace}/flotilla-target-target1 by flotilla`;
    expect(world.api.writes).toEqual([`create ${record}`, 'apply ConfigMap apps/one by flotilla', `patch ${record}`]);
  });

  it('AT-01 keeps the files of a change before it makes it, so that it can be made without Git', async () => {
    await world.run([configMapText('one')]);
    world.failing.fail({ on: 'apply ConfigMap' });
    const entry = await world.run([configMapText('one', { a: '2' })]);
    world.failing.heal();
    world.gitHost.gone = true;
    await world.restart(entry);
    expect([world.data('one'), world.summary()]).toEqual([{ a: '2' }, 'Synced Healthy']);
  });

  it('writes nothing while nothing changes: not in a day, not after a restart', async () => {
    await world.run([configMapText('one'), configMapText('two')]);
    world.api.writes.length = 0;
    await world.settle(86_400_000);
    await world.restart();
    await world.settle(3_600_000);
    expect(world.api.writes).toEqual([]);
  });

  it('prunes what Git gave up, after the rest was applied', async () => {
    await world.run([configMapText('one'), configMapText('two')]);
    world.takeWrites();
    await world.run([configMapText('one', { a: '2' })]);
    expect(world.takeWrites()).toEqual([
      'apply ConfigMap apps/one by flotilla',
      'delete ConfigMap apps/two by flotilla',
    ]);
  });

  it('runs under the trace of its order until it is settled', async () => {
    const entry = world.entry([configMapText('one')]);
    world.reconciler.order(entry.target, entry, 'trace-1');
    await world.settle();
    world.reconciler.look(entry.target);
    await world.settle();
    const passes = world.tracer.spans.filter(({ name }) => name === 'reconcile target');
    expect([...new Set(passes.map(({ traceparent }) => traceparent))]).toEqual(['trace-1', undefined]);
  });
});

describe('a target that nothing speaks of any more', () => {
  it('is kept as it is, said to be Unlisted, and taken up again when it is listed', async () => {
    const entry = await world.run([configMapText('one')]);
    world.takeWrites();
    await world.unlist(entry.target);
    await world.people.mergePatch(configMapKey('one'), { data: { a: 'by hand' } });
    await world.settle(3_600_000);
    expect([world.data('one'), world.summary()]).toEqual([{ a: 'by hand' }, 'Unknown Unknown Unlisted']);
    await world.order(entry);
    expect([world.data('one'), world.summary()]).toEqual([{ a: '1' }, 'Synced Healthy']);
  });
});

describe('drift', () => {
  const rows = [
    { drift: 'correct', edited: '1', summary: 'Synced Healthy' },
    { drift: 'report', edited: 'by hand', summary: 'OutOfSync Healthy Drifted' },
    { drift: 'off', edited: 'by hand', summary: 'Synced Healthy' },
  ] as const;

  it.each(rows)('of a field, with $drift: $summary', async ({ drift, edited, summary }) => {
    await world.run([configMapText('one')], { sync: { ...defaultSync, drift } });
    await world.people.mergePatch(configMapKey('one'), { data: { a: 'by hand' } });
    await world.settle();
    expect([world.data('one')?.a, world.summary()]).toEqual([edited, summary]);
    expect(world.status()!.resources.map(({ sync }) => sync)).toEqual([summary.split(' ')[0]]);
  });

  it('of a whole object that was deleted is only reported where it is to be reported', async () => {
    await world.run([configMapText('one')], { sync: { ...defaultSync, drift: 'report' } });
    const { uid } = world.api.peek(configMapKey('one'))!.metadata;
    await world.people.delete(configMapKey('one'), { uid: uid! });
    await world.settle(3_600_000);
    expect([world.data('one'), world.summary()]).toEqual([undefined, 'OutOfSync Missing Drifted']);
  });

  it('that is only reported is taken back by the next release, and by a person who asks for a sync', async () => {
    const sync = { ...defaultSync, drift: 'report' } as const;
    const entry = await world.run([configMapText('one'), configMapText('two')], { sync });
    const edit = () => world.people.mergePatch(configMapKey('one'), { data: { a: 'by hand' } });
    await edit();
    await world.run([configMapText('one'), configMapText('two', { a: '2' })], { sync });
    expect(world.data('one')).toEqual({ a: '1' });
    await edit();
    await world.order({ ...entry, syncRequest: 'now' });
    expect(world.data('one')).toEqual({ a: '1' });
  });

  it('that a person wants undone is undone, though the agent dies before it comes to that, and only once', async () => {
    const sync = { ...defaultSync, drift: 'report' } as const;
    const entry = await world.run([configMapText('one')], { sync });
    await world.people.mergePatch(configMapKey('one'), { data: { a: 'by hand' } });
    world.failing.dieAfter(0, false);
    const asked = await world.order({ ...entry, syncRequest: 'now' });
    world.failing.heal();
    await world.restart(asked);
    const undone = world.data('one')?.a;
    await world.people.mergePatch(configMapKey('one'), { data: { a: 'again' } });
    await world.restart();
    expect([undone, world.data('one')?.a, world.summary()]).toEqual(['1', 'again', 'OutOfSync Healthy Drifted']);
  });

  it('that comes back again and again is corrected more and more slowly, and its author is named', async () => {
    await world.run([configMapText('one')]);
    const rival = world.api.as('rival-controller');
    let corrections = 0;
    for (let second = 0; second < 3_600; second++) {
      if (world.data('one')?.a === '1' && ++corrections)
        await rival.mergePatch(configMapKey('one'), { data: { a: `r${second}` } });
      await world.settle(1_000);
    }
    expect(corrections).toBeLessThan(50);
    expect(world.status()).toMatchObject({
      sync: 'OutOfSync',
      reason: { code: 'Contested', message: expect.stringContaining('rival-controller') },
    });
    // The rival ends, and so does the contest.
    await world.settle(300_000);
    expect([world.data('one')?.a, world.summary()]).toEqual(['1', 'Synced Healthy']);
  });
});

describe('a person with kubectl', () => {
  const suspend = { 'flotilla.dev/suspend': 'looking into it' };

  it.each([
    {
      place: 'the record',
      set: (annotations: object | null) =>
        world.people.mergePatch(world.ports.records.keyOf('target1'), { metadata: { annotations } }),
    },
    {
      place: "the agent's ConfigMap",
      set: (annotations: object | null) =>
        world.people.mergePatch(configMapKey(agentObjects.configuration, agentObjects.namespace), {
          metadata: { annotations },
        }),
    },
    {
      place: 'the object',
      set: (annotations: object | null) => world.people.mergePatch(configMapKey('one'), { metadata: { annotations } }),
    },
  ])('stops every write by an annotation on $place, and lets it go on by taking it off', async ({ set }) => {
    const metadata = { name: agentObjects.configuration, namespace: agentObjects.namespace };
    await world.people.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata });
    await world.run([configMapText('one')]);
    await set(suspend);
    await world.settle();
    world.takeWrites();
    await world.run([configMapText('one', { a: '2' })]);
    await world.settle(3_600_000);
    expect(world.takeWrites()).toEqual([]);
    expect(world.status()!.reason).toEqual({
      code: 'Suspended',
      message: expect.stringMatching(/by kubectl-edit.* since 2026-01-01T00:00:00.*looking into it/),
    });
    await set(null);
    await world.settle();
    expect([world.data('one'), world.summary()]).toEqual([{ a: '2' }, 'Synced Healthy']);
  });

  it('is heard also where the order of the control plane suspends', async () => {
    const suspended = { by: 'anna', reason: 'freeze', since: '2026-01-01' };
    await world.run([configMapText('one')], { suspended });
    expect([world.takeWrites(), world.status()!.reason]).toEqual([
      [],
      { code: 'Suspended', message: 'suspended by anna: freeze' },
    ]);
  });

  it('loses nothing by deleting a record: it is written down again', async () => {
    await world.run([configMapText('one')]);
    const { uid } = world.record()!.metadata;
    await world.people.delete(world.ports.records.keyOf('target1'), { uid: uid! });
    await world.settle();
    expect(world.record()).toBeDefined();
    await world.restart();
    await world.run([configMapText('other')]);
    expect([world.data('one'), world.data('other')]).toEqual([undefined, { a: '1' }]);
  });
});

it('a stranger under a wanted name is named and left alone, while the rest is applied', async () => {
  await world.people.create(theirs('there'));
  await world.run([configMapText('there'), configMapText('fresh')]);
  expect([world.data('there'), world.data('fresh'), world.status()!.reason]).toEqual([
    { of: 'others' },
    { a: '1' },
    { code: 'Conflict', message: expect.stringContaining('kubectl-edit') },
  ]);
});
