import { beforeEach, describe, expect, it } from 'vitest';
import { runIntent, type DesiredEntry, type EntryFreeze } from '@flotilla/model';
import { configMapKey, configMapText } from '../testing/factories.ts';
import { argo, endJob, job } from '../testing/jobs.ts';
import { TargetWorld } from '../testing/target-world.ts';

const hourMs = 3_600_000;
/** The clock of a world begins with the year 2026, at midnight. */
const atTwo = '2026-01-01T02:00:00.000Z';

let world: TargetWorld;
beforeEach(async () => {
  world = await TargetWorld.open();
});

function freeze(over: Partial<EntryFreeze> = {}): EntryFreeze {
  const since = '2025-12-31T20:00:00.000Z';
  return { name: 'year-end', scope: 'deploys', by: 'user:ann', reason: 'holidays', since, ...over };
}

/** What a frozen entry says besides what it would say anyway. */
const frozen = (...freezes: readonly EntryFreeze[]): Partial<DesiredEntry> => ({
  ...runIntent(['freeze']),
  frozen: [...freezes],
});
const run = (value: string, over: Partial<DesiredEntry> = {}) =>
  world.run([configMapText('one', { a: value }), configMapText(`only-in-${value}`)], over);
const value = () => world.data('one')?.a;
const byHand = async () => {
  await world.people.mergePatch(configMapKey('one'), { data: { a: 'by hand' } });
  await world.settle(1_000);
};

describe('AT-38: a target that is frozen for deploys', () => {
  it('goes on with what it runs, is kept in step, and takes no other release even when it is sent one', async () => {
    await run('1');
    await run('1', frozen(freeze()));
    const same = [world.summary()];
    await run('2', frozen(freeze()));
    await byHand();
    const writes = world.takeWrites().filter((line) => !line.includes('kubectl-edit'));
    expect([...same, value(), world.data('only-in-2'), world.summary(), writes.at(-1)]).toEqual([
      'Synced Healthy',
      '1',
      undefined,
      'OutOfSync Healthy Frozen',
      'apply ConfigMap apps/one by flotilla',
    ]);
    expect(world.status()!.reason!.message).toMatch(
      /^frozen by user:ann until it is lifted: holidays; lift it with: flotilla unfreeze year-end; \w{8} is held and \w{8} waits$/,
    );
  });

  it('takes what waits in the moment in which the freeze ends, with nobody to tell it', async () => {
    await run('1');
    await run('2', frozen(freeze({ expires: atTwo })));
    await world.settle(2 * hourMs - 1);
    const before = value();
    await world.settle(1);
    expect([before, value(), world.summary()]).toEqual(['1', '2', 'Synced Healthy']);
  });

  it('keeps a longer freeze when a shorter and wider one is over', async () => {
    await run('1');
    await run('2', frozen(freeze(), freeze({ name: 'incident', scope: 'all', expires: atTwo })));
    await byHand();
    const all = [value(), world.summary()];
    await world.settle(2 * hourMs);
    expect([all, value(), world.summary()]).toEqual([
      ['by hand', 'OutOfSync Healthy Frozen'],
      '1',
      'OutOfSync Healthy Frozen',
    ]);
  });

  it('is applied once more when a person asks, and runs no hooks for it', async () => {
    const texts = [configMapText('one'), job('before', argo('PreSync'))];
    const entry = await world.run(texts);
    await endJob(world, 'before', 'Complete');
    await world.people.mergePatch(configMapKey('one'), { data: { a: 'by hand' } });
    world.takeWrites();
    await world.order({ ...entry, ...frozen(freeze()), generation: 9, syncRequest: 'ann' });
    await world.settle(5_000);
    const jobs = world.takeWrites().filter((line) => line.includes('Job'));
    expect([jobs, value(), world.reconciler.memory('target1')!.isAsked]).toEqual([[], '1', false]);
  });

  it('holds over a restart, with control plane and Git gone', async () => {
    await run('1');
    const entry = await run('2', frozen(freeze()));
    world.gitHost.gone = true;
    await world.restart(entry);
    await byHand();
    expect([value(), world.summary()]).toEqual(['1', 'OutOfSync Healthy Frozen']);
  });

  it('ends when its set says so, however late that comes', async () => {
    await run('1');
    const entry = await run('2', frozen(freeze()));
    await world.settle(72 * hourMs);
    const { frozen: _, needs: __, ...lifted } = entry;
    await world.order({ ...lifted, intent: 'run', generation: 9 });
    expect([value(), world.data('only-in-1'), world.summary()]).toEqual(['2', undefined, 'Synced Healthy']);
  });

  it('goes back to what ran when it was caught in the middle of a sync', async () => {
    await run('1');
    world.failing.fail({ on: 'apply ConfigMap apps/only-in-2' });
    const entry = await run('2');
    world.failing.heal();
    await world.order({ ...entry, ...frozen(freeze()), generation: 9 });
    expect([value(), world.status()!.revision === entry.source.revision, world.summary()]).toEqual([
      '1',
      false,
      'OutOfSync Healthy Frozen',
    ]);
  });

  it('makes nothing where nothing ran before, and says that it waits', async () => {
    await run('1', frozen(freeze()));
    expect([world.takeWrites(), world.summary(), world.status()!.reason!.message]).toEqual([
      [],
      'Unknown Missing Frozen',
      expect.stringMatching(/year-end; \w{8} waits; nothing runs here yet$/),
    ]);
  });

  it('does not leave, not even where the glass was broken for what it runs', async () => {
    const entry = await run('1');
    const { sourceDigest } = entry;
    const breakGlass = { by: 'user:ben', reason: 'hotfix', since: atTwo, expires: atTwo, sourceDigest };
    await world.order({ ...entry, intent: 'delete', frozen: [freeze({ expires: atTwo })], breakGlass });
    const held = [value(), world.status()!.reason!.code];
    await world.settle(2 * hourMs);
    expect([held, value()]).toEqual([['1', 'Frozen'], undefined]);
  });

  it('lets exactly that digest pass for which the glass was broken, and only in time', async () => {
    await run('1');
    const second = world.entry([configMapText('one', { a: '2' })]);
    const glass = { by: 'user:ben', reason: 'hotfix', since: atTwo, expires: atTwo, sourceDigest: 'another' };
    await world.order({ ...second, ...frozen(freeze()), breakGlass: glass });
    const other = value();
    await world.order({ ...second, ...frozen(freeze()), breakGlass: { ...glass, sourceDigest: second.sourceDigest } });
    const passed = [value(), world.summary()];
    await run('3', { ...frozen(freeze()), breakGlass: { ...glass, sourceDigest: second.sourceDigest } });
    expect([other, passed, value()]).toEqual(['1', ['2', 'Synced Healthy'], '2']);
  });

  it('is let through late in vain: the glass was mended before the order came', async () => {
    await run('1');
    await world.settle(3 * hourMs);
    const second = world.entry([configMapText('one', { a: '2' })]);
    const glass = { by: 'user:ben', reason: 'hotfix', since: atTwo, expires: atTwo, sourceDigest: second.sourceDigest };
    await world.order({ ...second, ...frozen(freeze()), breakGlass: glass });
    expect(value()).toBe('1');
  });

  it('is pinned by a person in the cluster all the same', async () => {
    const first = await run('1');
    await run('2');
    await run('3', frozen(freeze()));
    await world.annotateRecord({ 'flotilla.dev/pin': first.sourceDigest });
    expect([value(), world.summary()]).toEqual(['1', 'OutOfSync Healthy Pinned']);
  });
});

describe('AT-38: a target that is frozen for all', () => {
  it('is not written to, whatever is changed, sent or pinned, until the freeze ends', async () => {
    const first = await run('1');
    await run('2', frozen(freeze({ scope: 'all', expires: atTwo })));
    world.takeWrites();
    await byHand();
    await run('3', frozen(freeze({ scope: 'all', expires: atTwo })));
    await world.annotateRecord({ 'flotilla.dev/pin': first.sourceDigest });
    const still = [world.takeWrites().filter((line) => !line.includes('kubectl-edit')), value(), world.summary()];
    await world.annotateRecord({ 'flotilla.dev/pin': null });
    await world.settle(2 * hourMs);
    expect([still, value(), world.summary()]).toEqual([
      [[], 'by hand', 'OutOfSync Healthy Frozen'],
      '3',
      'Synced Healthy',
    ]);
  });

  it('counts a scope that it does not know as this one', async () => {
    await run('1', frozen(freeze({ scope: 'thaws' })));
    expect([world.takeWrites(), world.status()!.reason!.code]).toEqual([[], 'Frozen']);
  });
});
