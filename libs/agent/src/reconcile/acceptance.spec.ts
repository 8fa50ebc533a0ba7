import { beforeEach, describe, expect, it } from 'vitest';
import { runIntent, type DesiredEntry } from '@flotilla/model';
import { keyOfObject } from '@flotilla/model';
import type { ObjectChange } from '../ports/cluster-api.port.ts';
import {
  configMapKey,
  configMapText,
  defaultSync,
  deploymentText,
  manyConfigMaps,
  theirs,
} from '../testing/factories.ts';
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

  const helm = { render: { with: 'helm' } } as const;
  const printed = (text: string) => {
    const { prints } = world.programs;
    prints.helm = () => text;
    return world.run(fewer, helm);
  };
  const rendered: typeof rows = [
    { what: 'a renderer succeeds and prints nothing', run: () => printed(''), reason: 'EmptySource' },
    {
      what: 'a renderer prints a warning among its manifests',
      run: () => printed(`WARNING: this chart is deprecated\n---\n${fewer.join('---\n')}`),
      reason: 'RenderFailed',
    },
    {
      what: 'a renderer fails',
      run: () => {
        world.renderer.failure = { kind: 'Failed', messages: ['exit status 1'] };
        return world.run(fewer, helm);
      },
      reason: 'RenderFailed',
    },
  ];

  it.each([...rows, ...rendered])('$what: $reason', async ({ run, reason }) => {
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

  it('a cached render of no length is rendered anew', async () => {
    await world.run(forty, helm);
    for (const key of world.renderCache.entries.keys()) world.renderCache.entries.set(key, new Uint8Array());
    world.takeWrites();
    await world.restart();
    await world.settle(1_800_000);
    expect([world.takeWrites(), world.summary()]).toEqual([[], 'Synced Healthy']);
  });

  it('an empty set that somebody means is approved as exactly that, and recorded by the approval', async () => {
    await world.run(forty);
    await world.run(['# nothing here\n']);
    const [, approval] = /approve-prune=(\w+)/.exec(world.status()!.reason!.message)!;
    world.takeWrites();
    await world.annotateRecord({ 'flotilla.dev/approve-prune': approval! });
    await world.settle(60_000);
    expect([world.takeWrites().length, world.api.all().filter(({ kind }) => kind === 'ConfigMap')]).toEqual([40, []]);
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

describe('AT-04 an object that was there before', () => {
  const sync = (adopt: boolean, pruneAdopted?: boolean) => ({
    sync: { ...defaultSync, adopt, ...(pruneAdopted && { pruneAdopted }) },
  });

  it('is left as it is without `adopt`, and its managers are named', async () => {
    await world.people.create(theirs('one'));
    world.takeWrites();
    await world.run([configMapText('one')], sync(false));
    await world.settle(10 * 600_000);
    const { code, message } = world.status()!.reason!;
    expect([world.takeWrites(), world.data('one'), code, message]).toEqual([
      [],
      { of: 'others' },
      'Conflict',
      expect.stringContaining('belongs to kubectl-edit'),
    ]);
  });

  it.each([
    ['taken, and left in place when it leaves Git', sync(true), { a: '1', of: 'others' }],
    ['taken, and pruned like others where `pruneAdopted` says so', sync(true, true), undefined],
  ])('is %s', async (_, over, left) => {
    await world.people.create(theirs('one'));
    await world.run([configMapText('one'), configMapText('two')], over);
    const taken = world.data('one');
    await world.run([configMapText('two')], over);
    await world.settle(60_000);
    expect([taken, world.data('one'), world.summary()]).toEqual([{ a: '1', of: 'others' }, left, 'Synced Healthy']);
  });
});

describe('AT-06 an environment of fifty objects', () => {
  const definition = (name: string) =>
    `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: ${name}s.example.org}\nspec:\n  group: example.org\n  scope: Namespaced\n  names: {kind: ${name[0]!.toUpperCase()}${name.slice(1)}, plural: ${name}s, singular: ${name}, listKind: X}\n  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]\n`;
  const resources = (kind: string) =>
    Array.from({ length: 10 }, (_, n) => `apiVersion: example.org/v1\nkind: ${kind}\nmetadata: {name: r${n}}\n`);
  const kept = manyConfigMaps(10);
  const never = configMapText('never', {}, { 'flotilla.dev/prune': 'never' });
  const leaving = [
    'apiVersion: v1\nkind: Namespace\nmetadata: {name: extra}\n',
    definition('ship'),
    definition('crew'),
    ...resources('Ship'),
    ...resources('Crew'),
    ...['a', 'b', 'c'].map((name) => `apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: ${name}}\n`),
    never,
    ...Array.from({ length: 13 }, (_, n) => configMapText(`more${n}`)),
  ];
  const approval = () => /approve-prune=(\w+)/.exec(world.status()!.reason!.message)![1]!;
  const shown = () => world.status()!.resources.filter(({ reason }) => reason?.code === 'ApprovalRequired').length;

  beforeEach(async () => {
    await world.run([...kept, ...leaving]);
    await world.settle(120_000);
    world.takeWrites();
  });

  it('one list of all that goes waits for one approval, which is void for another list', async () => {
    expect([world.status()!.resources.length, world.status()!.sync]).toEqual([50, 'Synced']);
    await world.run(kept);
    const [first, all] = [approval(), shown()];
    await world.run(kept.slice(1));
    await world.annotateRecord({ 'flotilla.dev/approve-prune': first });
    await world.settle(600_000);
    expect([all, shown(), world.takeWrites()]).toEqual([40, 41, []]);
  });

  it('the approval deletes exactly that list, but never what says that it is never deleted', async () => {
    await world.run(kept);
    await world.annotateRecord({ 'flotilla.dev/approve-prune': approval() });
    await world.settle(600_000);
    const deleted = world.takeWrites().filter((line) => line.startsWith('delete'));
    expect([deleted.length, world.data('never') !== undefined, world.summary()]).toEqual([39, true, 'Synced Healthy']);
  });

  it('nothing goes when its cluster, label or environment makes the target leave, and all waits as one list', async () => {
    const entry = world.entry([...kept, ...leaving]);
    await world.order({ ...entry, intent: 'delete' });
    await world.settle(600_000);
    expect([world.takeWrites(), shown(), world.summary()]).toEqual([[], 50, 'Unknown Unknown ApprovalRequired']);
  });
});

describe('AT-34 lies to the view of the agent', () => {
  type Tell = (change: ObjectChange) => void;
  const before = new Map<string, ObjectChange>();
  const lies: readonly (readonly [what: string, lie: (change: ObjectChange, tell: Tell, count: number) => void])[] = [
    ['one in twenty changes is dropped', (change, tell, count) => count % 20 !== 0 && tell(change)],
    ['every change is dropped', () => undefined],
    ['every change comes twice', (change, tell) => [change, change].forEach(tell)],
    [
      'an object flips back in time after each change',
      (change, tell) => {
        if (change.kind !== 'present' && change.kind !== 'absent') return tell(change);
        const id = JSON.stringify(change.kind === 'present' ? keyOfObject(change.object) : change.key);
        const earlier = before.get(id) ?? change;
        before.set(id, change);
        [change, earlier].forEach(tell);
      },
    ],
    [
      'versions begin anew',
      (change, tell) =>
        tell(
          change.kind !== 'present'
            ? change
            : {
                ...change,
                object: { ...change.object, metadata: { ...change.object.metadata, resourceVersion: '2' } },
              },
        ),
    ],
    [
      'what is there is said to be gone',
      (change, tell) => {
        tell(change);
        if (change.kind === 'present') tell({ kind: 'absent', key: keyOfObject(change.object) });
      },
    ],
  ];

  it.each(lies)('%s: what left Git goes, read afresh before; nothing else goes or is set back', async (_, lie) => {
    before.clear();
    let count = 0;
    const { watch } = world.failing.cluster;
    Object.assign(world.failing.cluster, {
      watch: (...[kind, options]: Parameters<typeof watch>) => {
        const isOurs = kind.kind === 'ConfigMap' && options.labelSelector !== undefined;
        const onChange: Tell = isOurs ? (change) => lie(change, options.onChange, ++count) : options.onChange;
        return watch(kind, { ...options, onChange });
      },
    });
    await world.restart();
    const applied: unknown[] = [];
    const { apply } = world.failing.cluster;
    Object.assign(world.failing.cluster, {
      apply: (...[object, options]: Parameters<typeof apply>) => {
        if (object.metadata.name === 'c0' && !options.dryRun) applied.push((object.data as { a: string }).a);
        return apply(object, options);
      },
    });
    await world.run(manyConfigMaps(10));
    await world.run([configMapText('c0', { a: '2' }), ...manyConfigMaps(8).slice(1)]);
    await world.people.mergePatch(configMapKey('c1'), { data: { a: 'by hand' } });
    await world.settle(3_600_000);
    const deletes = world.failing.calls.flatMap(({ verb, subject }, index) =>
      verb === 'delete' ? [{ subject, index }] : [],
    );
    const proven = deletes.filter(({ subject, index }) => {
      const read = world.failing.calls.findLastIndex((call, at) => at < index && call.subject === subject);
      return world.failing.calls[read]!.verb === 'get';
    });
    const left = world.api.all().filter(({ kind, metadata }) => kind === 'ConfigMap' && metadata.namespace === 'apps');
    expect([
      deletes.length,
      proven.length,
      left.length,
      world.data('c0'),
      applied.lastIndexOf('1') < applied.indexOf('2'),
    ]).toEqual([2, 2, 8, { a: '2' }, true]);
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
