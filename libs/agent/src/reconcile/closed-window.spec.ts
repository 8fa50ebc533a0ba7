import { beforeEach, describe, expect, it } from 'vitest';
import type { DesiredEntry } from '@flotilla/model';
import { configMapKey, configMapText, defaultSync } from '../testing/factories.ts';
import { argo, endJob, job } from '../testing/jobs.ts';
import { TargetWorld } from '../testing/target-world.ts';

const hourMs = 3_600_000;
/** The clock of a world begins with the year 2026, at midnight: at one o'clock this one closes for two hours. */
const night = { kind: 'deny', schedule: '0 1 * * *', duration: '2h' };
const open = { kind: 'allow', schedule: '0 3 * * *', duration: '1h' };

let world: TargetWorld;
beforeEach(async () => {
  world = await TargetWorld.open();
});

const run = (value: string, over: Partial<DesiredEntry> = {}) =>
  world.run([configMapText('one', { a: value })], { windows: [night], ...over });
const value = () => world.data('one')?.a;
/** A target that runs the first version, at a quarter past one: the window is closed. */
async function closed(over: Partial<DesiredEntry> = {}): Promise<DesiredEntry> {
  const entry = await run('1', over);
  await world.settle(1.25 * hourMs);
  world.takeWrites();
  return entry;
}

/** The sync of the second version failed before the window closed, and would go through now, a quarter past one. */
async function beganBefore(over: Partial<DesiredEntry> = {}): Promise<void> {
  await run('1', over);
  world.failing.fail({ on: 'apply ConfigMap' });
  await world.settle(0.99 * hourMs);
  await run('2', over);
  await world.settle(0.25 * hourMs);
  world.failing.heal();
}

describe('while a window is closed', () => {
  it('a new release waits, says until when, and is applied in the moment in which it opens', async () => {
    await closed();
    await run('2');
    const waiting = [value(), world.summary(), world.status()!.reason!.message];
    await world.settle(1.75 * hourMs - 1);
    const before = value();
    await world.settle(1);
    expect([waiting, before, value(), world.summary()]).toEqual([
      ['1', 'OutOfSync Healthy Window', 'closed until 2026-01-01T03:00:00.000Z by deny "0 1 * * *" for 2h (UTC)'],
      '1',
      '2',
      'Synced Healthy',
    ]);
  });

  it('what was never there waits as well: an allow window that is closed forbids', async () => {
    await run('1', { windows: [open] });
    const waiting = [value(), world.summary()];
    await world.settle(3 * hourMs);
    expect([waiting, value()]).toEqual([[undefined, 'OutOfSync Missing Window'], '1']);
  });

  it('a release waits without control plane and Git, and over a restart', async () => {
    await closed();
    const entry = await run('2');
    world.gitHost.gone = true;
    await world.restart(entry);
    const waiting = value();
    world.gitHost.gone = false;
    await world.settle(2 * hourMs);
    expect([waiting, value()]).toEqual(['1', '2']);
  });

  it('nothing is asked meanwhile', async () => {
    await closed();
    await run('2');
    world.failing.calls.length = 0;
    await world.settle(hourMs);
    expect(world.failing.calls).toEqual([]);
  });

  it('a change by hand is not taken back, and is when it opens', async () => {
    await closed();
    await world.people.mergePatch(configMapKey('one'), { data: { a: 'by hand' } });
    await world.settle();
    const meanwhile = [value(), world.summary()];
    await world.settle(2 * hourMs);
    expect([meanwhile, value()]).toEqual([['by hand', 'OutOfSync Healthy Window'], '1']);
  });

  it('nothing is pruned', async () => {
    const entry = world.entry([configMapText('two')], { windows: [night] });
    await closed();
    await world.order(entry);
    const meanwhile = world.api.peek(configMapKey('one')) !== undefined;
    await world.settle(2 * hourMs);
    expect([meanwhile, world.api.peek(configMapKey('one'))]).toEqual([true, undefined]);
  });

  it.each<[string, Partial<DesiredEntry>, boolean]>([
    ['nothing is deleted', { intent: 'delete' }, true],
    [
      'a person who deletes passes where a person may',
      { intent: 'delete', deletedBy: 'ada', windows: [{ ...night, manualSync: true }] },
      false,
    ],
    ['what is only let go is let go', { intent: 'orphan' }, true],
  ])('%s', async (_what, over, stays) => {
    const entry = await closed();
    await world.order({ ...entry, ...over });
    const left = world.api.peek(configMapKey('one')) !== undefined;
    expect([left, world.status()!.gone ?? false]).toEqual([stays, over.intent === 'orphan' || !stays]);
  });

  it.each([
    ['passes where every window in the way says so', [{ ...night, manualSync: true }], '2'],
    ['waits where one does not', [{ ...night, manualSync: true }, night], '1'],
  ])('a sync that a person asks for %s', async (_what, windows, expected) => {
    await closed();
    await run('2', { windows, syncRequest: 'now' });
    expect(value()).toBe(expected);
  });

  it('a sync that began before may end, where the window says so', async () => {
    await beganBefore({ windows: [{ ...night, syncOverrun: true }] });
    await world.settle(120_000);
    expect(value()).toBe('2');
  });

  it.each([
    ['that failed half-way', () => world.failing.fail({ on: 'apply ConfigMap' }), undefined],
    ['whose hook runs', () => undefined, job('migrate', argo('PreSync'))],
  ])(
    'a sync that began before, %s, may end although the agent is started anew meanwhile',
    async (_what, hold, hook) => {
      const windows = [{ ...night, syncOverrun: true }];
      await run('1', { windows });
      await world.settle(0.99 * hourMs);
      hold();
      await world.run([configMapText('one', { a: '2' }), ...(hook ? [hook] : [])], { windows });
      await world.settle(0.2 * hourMs);
      await world.restart();
      world.failing.heal();
      if (hook) await endJob(world, 'migrate', 'Complete');
      await world.settle(120_000);
      const ended = [value(), world.summary()];
      await world.people.mergePatch(configMapKey('one'), { data: { a: 'by hand' } });
      await world.restart();
      expect([ended, value(), world.summary()]).toEqual([
        ['2', 'Synced Healthy'],
        'by hand',
        'OutOfSync Healthy Window',
      ]);
    },
  );

  it('a departure that began before may end although the agent is started anew meanwhile', async () => {
    const windows = [{ ...night, syncOverrun: true }];
    const entry = await run('1', { windows });
    await world.settle(0.99 * hourMs);
    world.failing.fail({ on: 'delete ConfigMap' });
    await world.order({ ...entry, generation: 2, intent: 'delete' });
    await world.settle(0.25 * hourMs);
    await world.restart();
    world.failing.heal();
    await world.settle(120_000);
    expect(world.status()!.gone).toBe(true);
  });

  it('another order than the one that began is held by its window, after a restart as before', async () => {
    const windows = [{ ...night, syncOverrun: true }];
    await beganBefore({ windows });
    await world.restart(world.entry([configMapText('one', { a: '3' })], { windows, generation: 3 }));
    expect([value(), world.summary()]).toEqual(['1', 'OutOfSync Healthy Window']);
  });

  it('without a window that lets a sync run on nothing is written for it', async () => {
    world.failing.fail({ on: 'apply ConfigMap' });
    await run('1');
    expect([world.data('one'), world.reconciler.memory('target1')!.record.begun]).toEqual([undefined, undefined]);
  });

  it('a sync that began before and failed is over: what is changed by hand meanwhile is not taken back', async () => {
    const windows = [{ ...night, syncOverrun: true }];
    const one = configMapText('one', { a: '1' });
    await world.run([one], { windows });
    await world.settle(0.99 * hourMs);
    await world.run([job('migrate', argo('PreSync')), one, configMapText('two')], { windows });
    await endJob(world, 'migrate', 'Failed');
    await world.settle(0.25 * hourMs);
    await world.people.mergePatch(configMapKey('one'), { data: { a: 'by hand' } });
    await world.settle(120_000);
    expect(value()).toBe('by hand');
  });

  it('a sync that began before may not, where the window does not say so', async () => {
    await beganBefore();
    await world.settle(120_000);
    expect([value(), world.summary()]).toEqual(['1', 'OutOfSync Healthy Window']);
  });

  it('a pin passes: who goes back does not wait for a window', async () => {
    const first = await run('1');
    await world.settle(60_000);
    await run('2');
    await world.settle(1.25 * hourMs);
    await world.annotateRecord({ 'flotilla.dev/pin': first.sourceDigest });
    expect([value(), world.status()!.reason!.code]).toEqual(['1', 'Pinned']);
  });
});

it('AT-41 a window that is not understood stays closed', async () => {
  await run('1', { windows: [{ kind: 'maybe', schedule: '* * * * *', duration: '1h' }] });
  expect([value(), world.status()!.reason]).toEqual([
    undefined,
    {
      code: 'Window',
      message: expect.stringContaining('a window is `allow` or `deny`, not `maybe`; upgrade the agent'),
    },
  ]);
});

it('what is in step is in step, whatever the hour', async () => {
  await closed({ sync: { ...defaultSync } });
  expect(world.summary()).toBe('Synced Healthy');
});

describe('what a person asked for in a closed window', () => {
  const passing = [{ ...night, manualSync: true }];

  it('is done to its end: what left Git goes as well, and all of it is written down', async () => {
    const sync = { ...defaultSync, prune: true };
    await world.run([configMapText('one', { a: '1' }), configMapText('left')], { windows: passing, sync });
    await world.settle(1.25 * hourMs);
    await run('2', { windows: passing, sync, syncRequest: 'anna' });
    expect([value(), world.data('left'), world.summary()]).toEqual(['2', undefined, 'Synced Healthy']);
  });

  it('opens the window for nothing that comes after it', async () => {
    await closed({ windows: passing });
    world.failing.fail({ on: 'apply ConfigMap apps/one' });
    await run('2', { windows: passing, syncRequest: 'anna' });
    await run('3', { windows: passing, syncRequest: 'anna' });
    world.failing.heal();
    await world.settle(hourMs / 2);
    expect([value(), world.status()!.reason!.code]).toEqual(['1', 'Window']);
  });
});

it('a record that is deleted while a window is closed is written again', async () => {
  await closed();
  await run('2');
  const key = world.ports.records.keyOf('target1');
  const { metadata } = world.api.peek(key)!;
  await world.people.delete(key, { uid: metadata.uid! });
  await world.settle();
  expect([world.api.peek(key) !== undefined, value()]).toEqual([true, '1']);
});
