import { beforeEach, describe, expect, it } from 'vitest';
import type { DesiredEntry } from '@flotilla/model';
import { configMapKey, configMapText, defaultSync, deploymentText } from '../testing/factories.ts';
import { TargetWorld } from '../testing/target-world.ts';

const accounts = { target: 'accounts1', application: 'accounts' };
const shop = { target: 'shop1', application: 'shop', dependsOn: ['accounts'] };
const web = { group: 'apps', kind: 'Deployment', namespace: 'apps', name: 'web' };

let world: TargetWorld;
beforeEach(async () => {
  world = await TargetWorld.open();
});

async function accountsRun(isWell = true): Promise<void> {
  const count = isWell ? 1 : 0;
  const status = {
    observedGeneration: 1,
    replicas: 1,
    updatedReplicas: 1,
    readyReplicas: count,
    availableReplicas: count,
  };
  await world.people.mergePatch(web, { status });
  await world.settle();
}

const runAccounts = (over: Partial<DesiredEntry> = {}) =>
  world.run([deploymentText('app:1', 1)], { ...accounts, ...over });
const runShop = (value: string, over: Partial<DesiredEntry> = {}) =>
  world.run([configMapText('one', { a: value })], { ...shop, ...over });

describe('a target that depends on another', () => {
  it('waits until that is in sync and well, and says so', async () => {
    await runShop('1', { sync: { ...defaultSync, deadline: '1h' } });
    const absent = world.status('shop1')!.reason;
    await runAccounts();
    const unwell = world.status('shop1')!.reason!.message;
    await accountsRun();
    const [since, until] = [0, 3_600_000].map((ms) =>
      new Date(Date.parse('2026-01-01T00:00:00.000Z') + ms).toISOString(),
    );
    const waiting = (why: string) =>
      `shop/shop in dev waits for shop/accounts in dev: ${why} (since ${since}, until ${until})`;
    expect([absent, unwell, world.data('one'), world.summary('shop1')]).toEqual([
      { code: 'BlockedBy', message: waiting('it is not on this cluster') },
      waiting('Synced, Progressing'),
      { a: '1' },
      'Synced Healthy',
    ]);
  });

  it('takes a new release when that has taken its own', async () => {
    await runAccounts();
    await accountsRun();
    await runShop('1');
    const next = world.entry([deploymentText('app:2', 1)], accounts);
    await world.order(next);
    await accountsRun(false);
    await runShop('2');
    const blocked = [world.data('one'), world.summary('shop1')];
    await accountsRun();
    expect([blocked, world.data('one')]).toEqual([[{ a: '1' }, 'OutOfSync Progressing BlockedBy'], { a: '2' }]);
  });

  it('keeps what it runs in step meanwhile, and is Degraded when it has waited too long', async () => {
    await runAccounts();
    await accountsRun();
    const one = configMapText('one');
    await world.run([one, configMapText('two')], shop);
    await accountsRun(false);
    await world.run([one, configMapText('two', { a: '2' })], shop);
    await world.people.mergePatch(configMapKey('one'), { data: { a: 'by hand' } });
    await world.settle(901_000);
    expect([world.data('one'), world.data('two'), world.summary('shop1')]).toEqual([
      { a: '1' },
      { a: '1' },
      'OutOfSync Degraded DeadlineExceeded',
    ]);
  });

  it('is not held from a bundle that a person pins it to', async () => {
    await runAccounts();
    await accountsRun();
    const good = await runShop('1');
    await runShop('2');
    await accountsRun(false);
    await world.annotateRecord({ 'flotilla.dev/pin': good.sourceDigest }, 'shop1');
    expect([world.data('one'), world.status('shop1')!.reason!.code]).toEqual([{ a: '1' }, 'Pinned']);
  });

  it('is held only by the one in its own environment', async () => {
    await runAccounts({ environment: 'test' });
    await accountsRun();
    await runShop('1');
    expect(world.status('shop1')!.reason!.message).toContain(
      'waits for shop/accounts in dev: it is not on this cluster',
    );
  });

  it('goes on after a restart as soon as that was looked at', async () => {
    await runAccounts();
    await runShop('1');
    await world.restart();
    const waits = world.summary('shop1');
    await accountsRun();
    expect([waits, world.summary('shop1')]).toEqual(['OutOfSync Missing BlockedBy', 'Synced Healthy']);
  });
});

describe('while a target waits for another', () => {
  const report = { sync: { ...defaultSync, drift: 'report' as const } };

  it('nothing of it is tried', async () => {
    await runAccounts();
    world.failing.calls.length = 0;
    await world.run([configMapText('one'), configMapText('two')], shop);
    expect(world.failing.calls.filter(({ verb }) => verb === 'dryRun')).toEqual([]);
  });

  it('a change by hand that is only reported is left as it is', async () => {
    await runAccounts();
    await accountsRun();
    await world.run([configMapText('one'), configMapText('two')], { ...shop, ...report });
    await world.people.mergePatch(configMapKey('one'), { data: { a: 'by hand' } });
    await accountsRun(false);
    await world.run([configMapText('one'), configMapText('two', { a: '2' })], { ...shop, ...report });
    expect([world.data('one'), world.data('two'), world.status('shop1')!.reason!.code]).toEqual([
      { a: 'by hand' },
      { a: '1' },
      'BlockedBy',
    ]);
  });
});

it('a dependency that was deleted and made again is the one that runs, in whatever order the two are told of', async () => {
  const old = await runAccounts({ target: 'accounts0' });
  await accountsRun();
  await runAccounts();
  await world.order({ ...old, generation: 3, intent: 'delete', deletedBy: 'anna' });
  await world.settle(120_000);
  await accountsRun();
  await runShop('1');
  expect([world.data('one'), world.summary('shop1')]).toEqual([{ a: '1' }, 'Synced Healthy']);
});

describe('targets that leave together', () => {
  const leave = { generation: 2, intent: 'delete', deletedBy: 'anna' } as const;

  it('leave one after another: who depends goes before what it depends on', async () => {
    const first = await runAccounts();
    await accountsRun();
    const second = await runShop('1');
    await world.people.mergePatch(configMapKey('one'), { metadata: { finalizers: ['example.org/hold'] } });
    await world.order({ ...second, ...leave });
    await world.order({ ...first, ...leave });
    const during = [world.api.peek(web) !== undefined, world.status('accounts1')!.reason!.code];
    await world.people.mergePatch(configMapKey('one'), { metadata: { finalizers: null } });
    await world.settle();
    const gone = ['shop1', 'accounts1'].map((target) => world.status(target)!.gone);
    expect([during, world.api.peek(web), gone]).toEqual([[true, 'BlockedBy'], undefined, [true, true]]);
  });

  it('keep nobody for ever', async () => {
    const first = await runAccounts();
    await accountsRun();
    const second = await runShop('1');
    await world.people.mergePatch(configMapKey('one'), { metadata: { finalizers: ['example.org/hold'] } });
    await world.order({ ...second, ...leave });
    await world.order({ ...first, ...leave });
    await world.settle(1_000_000);
    expect(world.status('accounts1')!.gone).toBe(true);
  });

  it('are not held where only one of them leaves', async () => {
    const first = await runAccounts();
    await accountsRun();
    await runShop('1');
    await world.order({ ...first, ...leave });
    expect([world.status('accounts1')!.gone, world.summary('shop1')]).toEqual([true, 'Synced Healthy']);
  });
});
