import { beforeEach, describe, expect, it } from 'vitest';
import { runIntent, type DesiredEntry } from '@flotilla/model';
import { configMapKey, configMapText, deploymentText, manyConfigMaps } from '../testing/factories.ts';
import { TargetWorld } from '../testing/target-world.ts';

let world: TargetWorld;

beforeEach(async () => {
  world = await TargetWorld.open();
});

describe('AT-01 everything above the agent is gone', () => {
  it('heals what was edited and deleted, deletes nothing, also after a restart', async () => {
    await world.run([configMapText('one'), configMapText('two')]);
    world.gitHost.gone = true;
    await world.restart();
    world.takeWrites();
    await world.people.mergePatch(configMapKey('one'), { data: { a: 'by hand' } });
    const { uid } = world.api.peek(configMapKey('two'))!.metadata;
    await world.people.delete(configMapKey('two'), { uid: uid! });
    await world.settle(86_400_000);
    expect(world.takeWrites().toSorted()).toEqual([
      'apply ConfigMap apps/one by flotilla',
      'apply ConfigMap apps/two by flotilla',
      'delete ConfigMap apps/two by kubectl-edit',
      'patch ConfigMap apps/one by kubectl-edit',
    ]);
    expect([world.data('one'), world.data('two'), world.summary()]).toEqual([{ a: '1' }, { a: '1' }, 'Synced Healthy']);
  });

  it('goes back to a bundle that it holds, without Git', async () => {
    const good = await world.run([configMapText('one')]);
    await world.run([configMapText('one', { a: '2' })]);
    world.gitHost.gone = true;
    await world.restart();
    await world.order({ ...good, generation: 3 });
    expect([world.data('one'), world.summary()]).toEqual([{ a: '1' }, 'Synced Healthy']);
  });

  it('still holds what ran well after any number of commits that did not', async () => {
    const good = await world.run([configMapText('one')]);
    for (const image of ['bad:1', 'bad:2', 'bad:3', 'bad:4']) await world.run([deploymentText(image)]);
    world.gitHost.gone = true;
    await world.order({ ...good, generation: 9 });
    expect(world.data('one')).toEqual({ a: '1' });
  });
});

describe('AT-02 nothing is pruned unless the whole picture is sound', () => {
  const forty = manyConfigMaps(40);
  const fewer = forty.slice(0, 38);
  const fewerPrinted = fewer.join('---\n');
  const byHelm: Partial<DesiredEntry> = { ...runIntent(['render']), render: { with: 'helm' } };
  const invalid = {
    code: 'invalid',
    reason: 'ObjectInvalid',
    message: 'no',
    consequence: { kind: 'stall', until: 'mended' },
  } as const;

  const rows: readonly { readonly what: string; readonly run: () => Promise<unknown>; readonly reason: string }[] = [
    {
      what: 'Git cannot be reached',
      run: () => ((world.gitHost.gone = true), world.run(fewer)),
      reason: 'GitUnreachable',
    },
    ...(
      [
        ['Git times out', { code: 'timeout', reason: 'GitTimeout', message: 'no answer' }],
        ['the pack is truncated', { code: 'unavailable', reason: 'GitPackTruncated', message: 'it ended too early' }],
        ['the path is missing', { code: 'not-found', reason: 'SourcePathMissing', message: 'no such path' }],
      ] as const
    ).map(([what, fault]) => ({
      what,
      run: () => (Object.assign(world.gitHost, { gone: true, fault }), world.run(fewer)),
      reason: fault.reason,
    })),
    {
      what: 'the path is empty',
      run: () =>
        world.order(world.entry(fewer, { source: { url: 'u', revision: 'f'.repeat(40), path: 'app', also: [] } })),
      reason: 'EmptySource',
    },
    { what: 'there are no manifests', run: () => world.run(['# nothing here\n']), reason: 'EmptySource' },
    {
      what: 'one file of many cannot be parsed',
      run: () => world.run([...fewer, 'this: is\n  not: yaml']),
      reason: 'ManifestsInvalid',
    },
    {
      what: 'one object fails to apply',
      run: () => (
        world.failing.fail(
          { on: 'apply ConfigMap apps/c1 ', fault: invalid },
          { on: 'apply ConfigMap apps/new', fault: invalid },
        ),
        world.run([...fewer, configMapText('new')])
      ),
      reason: 'ObjectInvalid',
    },
    ...(
      [
        ['a program ends well and prints nothing', '', 'EmptySource'],
        ['a program prints an object of nothing', '---\n---\n# done\n', 'EmptySource'],
        [
          'helm prints a warning among the objects',
          `WARNING: this chart is deprecated\n${fewerPrinted}`,
          'RenderFailed',
        ],
        ['helm prints a warning between the objects', `${fewerPrinted}---\nWARNING: deprecated\n`, 'RenderFailed'],
      ] as const
    ).map(([what, printed, reason]) => ({
      what,
      run: () => ((world.programs.prints.helm = () => printed), world.run(fewer, byHelm)),
      reason,
    })),
    {
      what: 'discovery is away for one group',
      run: () => (world.failing.fail({ on: 'kindOf Deployment' }), world.run([...fewer, deploymentText('a:1')])),
      reason: 'ApiServerUnavailable',
    },
    {
      what: 'the record cannot be written',
      run: () => (world.failing.fail({ on: 'mergePatch Secret' }), world.run(fewer)),
      reason: 'ApiServerUnavailable',
    },
    {
      what: 'what is to be deleted cannot be read',
      run: () => (
        world.failing.fail({ on: 'get ConfigMap apps/c39' }, { on: 'get ConfigMap apps/c38' }),
        world.run(fewer)
      ),
      reason: 'ApiServerUnavailable',
    },
  ];

  it.each(rows)('$what: $reason', async ({ run, reason }) => {
    await world.run(forty);
    world.takeWrites();
    await run();
    await world.settle(1_800_000);
    expect(world.takeWrites().filter((line) => line.startsWith('delete'))).toEqual([]);
    expect(world.status()!.reason?.code).toBe(reason);
  });

  it('a kept render of no length is none: what it was made of is rendered anew', async () => {
    await world.run(forty, byHelm);
    const { renderCache, programs } = world;
    for (const name of renderCache.entries.keys()) renderCache.entries.set(name, new Uint8Array());
    const runs = programs.runs;
    world.takeWrites();
    await world.restart();
    expect([world.takeWrites(), programs.runs > runs, world.summary()]).toEqual([[], true, 'Synced Healthy']);
  });

  it('an empty render that was kept is as empty as a new one', async () => {
    await world.run(forty, byHelm);
    world.programs.prints.helm = () => '';
    await world.run(fewer, byHelm);
    const runs = world.programs.runs;
    world.takeWrites();
    await world.restart();
    expect([world.takeWrites(), world.programs.runs - runs, world.status()!.reason?.code]).toEqual([
      [],
      0,
      'EmptySource',
    ]);
  });

  it('a record that was cut to nothing makes no object an orphan to be deleted', async () => {
    await world.run(forty);
    await world.people.mergePatch(world.ports.records.keyOf('target1'), { data: { record: '' } });
    world.takeWrites();
    await world.restart(world.entry(fewer));
    expect([world.takeWrites().filter((line) => line.startsWith('delete')), world.summary()]).toEqual([
      [],
      'Synced Healthy',
    ]);
  });
});

describe('AT-04 two targets that declare the same object', () => {
  it('have one winner, the same after a restart, and ten intervals without a write', async () => {
    await world.run([configMapText('shared', { of: 'first' })]);
    await world.run([configMapText('shared', { of: 'second' })], { target: 'target2', environment: 'staging' });
    world.takeWrites();
    await world.settle(10 * 600_000);
    await world.restart();
    await world.settle(10 * 600_000);
    expect([world.takeWrites(), world.data('shared'), world.summary('target1'), world.summary('target2')]).toEqual([
      [],
      { of: 'first' },
      'Synced Healthy',
      'Unknown Missing Conflict',
    ]);
  });

  it('come to terms when the winner gives it up', async () => {
    await world.run([configMapText('shared', { of: 'first' }), configMapText('own')]);
    await world.run([configMapText('shared', { of: 'second' })], { target: 'target2', environment: 'staging' });
    await world.run([configMapText('own')]);
    await world.settle(120_000);
    expect([world.data('shared'), world.summary('target2')]).toEqual([{ of: 'second' }, 'Synced Healthy']);
  });
});

it('AT-15 no value of a Secret is in any fault or status, whatever fails', async () => {
  const secret = (data: string) => `apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n${data}\n`;
  await world.run([secret('stringData: {password: canary-one}')]);
  await world.run([secret('data: {password: "canary-two not base64"}')]);
  await world.run([secret('stringData: {password: [canary-three]}')]);
  const key = { group: '', kind: 'Secret', namespace: 'apps', name: 's' };
  await world.run([secret('stringData: {password: canary-one}')]);
  await world.people.mergePatch(key, { stringData: { password: 'canary-four' } });
  await world.settle();
  const said = JSON.stringify([world.told, world.faults.map(({ message, stack }) => [message, stack])]);
  expect(said).not.toContain('canary');
});
