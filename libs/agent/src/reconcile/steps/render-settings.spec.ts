import { beforeEach, describe, expect, it } from 'vitest';
import { runIntent, type DesiredEntry, type RenderSettings } from '@flotilla/model';
import type { RenderOrder } from '../../ports/renderer.port.ts';
import { configMapText } from '../../testing/factories.ts';
import { TargetWorld } from '../../testing/target-world.ts';

let world: TargetWorld;

beforeEach(async () => {
  world = await TargetWorld.open();
});

/** An entry as the control plane sends it: settings are part of the source digest. */
const settled = (render: RenderSettings, labels: Record<string, string> = {}): Partial<DesiredEntry> => ({
  ...runIntent(['render']),
  render,
  sourceDigest: `of ${JSON.stringify(render)}`.slice(0, 60),
  ...(render.substitute && { clusterLabels: labels }),
});
const helm: RenderSettings = { with: 'helm', helm: { values: { a: 'of values' } } };

/** A chart with one object that says what it was asked for. */
const printOrder = ({ settings, application, namespace, kubernetesVersion }: RenderOrder) =>
  configMapText('one', { ...settings?.helm?.values, application, namespace, kubernetesVersion });

describe('settings of an application', () => {
  it('reach the program that they name, with the cluster as it is', async () => {
    world.programs.prints.helm = printOrder;
    await world.run(['# a chart'], settled(helm));
    expect([world.data('one'), world.summary()]).toEqual([
      { a: 'of values', application: 'checkout', namespace: 'apps', kubernetesVersion: 'v1.36.0' },
      'Synced Healthy',
    ]);
  });

  it('AT-41 that this agent does not know stop every write, and nobody renders as if they were not there', async () => {
    await world.run([configMapText('one')]);
    world.takeWrites();
    const needs = ['render', 'tides'];
    await world.run([configMapText('one', { a: '2' })], { intent: 'run-if-understood', needs });
    expect([world.takeWrites(), world.status()!.reason]).toEqual([
      [],
      {
        code: 'Suspended',
        message: 'suspended by this agent: its entry says `tides`, which it does not know; upgrade the agent',
      },
    ]);
  });

  it('come back with the bundle that a person pins', async () => {
    world.programs.prints.helm = printOrder;
    const first = await world.run(['# a chart'], settled(helm));
    await world.run([configMapText('one', { a: 'plain' })]);
    await world.annotateRecord({ 'flotilla.dev/pin': first.sourceDigest });
    await world.restart();
    expect([world.data('one')?.['a'], world.summary()]).toEqual(['of values', 'OutOfSync Healthy Pinned']);
  });
});

it('what a pinned bundle was filled with comes back with it, as far as nobody says otherwise today', async () => {
  const text = configMapText('one', { at: '${cluster.labels.region}' });
  const first = await world.run([text], settled({ substitute: {} }, { region: 'eu' }));
  await world.run([configMapText('one', { at: 'plain' })]);
  await world.annotateRecord({ 'flotilla.dev/pin': first.sourceDigest });
  const then = world.data('one');
  await world.run([text], settled({ substitute: { team: 'shop' } }, { region: 'us' }));
  expect([then, world.data('one')]).toEqual([{ at: 'eu' }, { at: 'us' }]);
});

describe('substitution', () => {
  const text = configMapText('one', { at: '${environment.name} ${cluster.labels.region} ${team}' });
  const fill = (region: string) => settled({ substitute: { team: 'shop' } }, { region });

  it('puts in what the place, the labels of the cluster and the application give', async () => {
    await world.run([text], fill('eu'));
    expect(world.data('one')).toEqual({ at: 'dev eu shop' });
  });

  it('leaves every `${…}` as it is where no application asks for it', async () => {
    await world.run([text]);
    expect(world.data('one')).toEqual({ at: '${environment.name} ${cluster.labels.region} ${team}' });
  });

  it.each(['correct', 'report', 'off'] as const)(
    'AT-31 another label is another render at once, when drift is %s as well',
    async (drift) => {
      const entry = await world.run([text], { ...fill('eu'), sync: { ...world.entry([]).sync, drift } });
      const before = world.status()!.renderDigest;
      await world.order({ ...entry, generation: 2, clusterLabels: { region: 'us' } });
      const { renderDigest, generation } = world.status()!;
      expect([world.data('one'), renderDigest === before, generation, world.summary()]).toEqual([
        { at: 'dev us shop' },
        false,
        2,
        'Synced Healthy',
      ]);
    },
  );

  it('AT-31 another fact of the cluster is another render', async () => {
    await world.run([configMapText('one', { version: '${cluster.kubernetesVersion}' })], fill('eu'));
    world.facts = { ...world.facts, kubernetesVersion: 'v1.37.0' };
    await world.settle(900_000);
    expect([world.data('one'), world.summary()]).toEqual([{ version: 'v1.37.0' }, 'Synced Healthy']);
  });

  it('of what is not set names file, line and name, and keeps what runs', async () => {
    await world.run([text], fill('eu'));
    world.takeWrites();
    await world.run([`${configMapText('one')}  b: \${unknown}\n`.replace('data: {"a":"1"}', 'data:\n  a: "1"')], {
      ...fill('eu'),
      sourceDigest: 'other',
    });
    expect([world.takeWrites(), world.status()!.reason]).toEqual([
      [],
      { code: 'ManifestsInvalid', message: 'nothing was applied: app/0.yaml:6:3: data.b: variable not set: unknown' },
    ]);
  });
});

describe('a render that fails keeps what runs, and says why', () => {
  it.each([
    [
      'Failed',
      ['Error: values.image is required'],
      'RenderFailed',
      'nothing was applied: Error: values.image is required',
    ],
    ['TooLarge', ['printed more than 9 bytes'], 'RenderFailed', 'nothing was applied: printed more than 9 bytes'],
    ['Unavailable', ['helm is not on PATH'], 'RenderFailed', 'nothing was applied: helm is not on PATH'],
    ['TooSlow', ['was not done after 30 s'], 'RenderFailed', 'nothing was applied: was not done after 30 s'],
    ['Invalid', ['helm.yaml:1: no'], 'ManifestsInvalid', 'nothing was applied: helm.yaml:1: no'],
    [
      'Unstable',
      ['Secret password', 'ConfigMap id'],
      'RenderUnstable',
      'nothing was applied, because each render makes something else of these; leave out random values and times: Secret password; ConfigMap id',
    ],
  ] as const)('%s', async (kind, messages, code, message) => {
    await world.run([configMapText('one')]);
    world.takeWrites();
    world.renderer.failure = { kind, messages };
    await world.run([configMapText('one', { a: '2' })], settled(helm));
    await world.settle(3_600_000);
    expect([world.takeWrites(), world.data('one'), world.status()!.reason]).toEqual([
      [],
      { a: '1' },
      { code, message },
    ]);
  });

  it('and a newer order does not wait for one that hangs', async () => {
    world.renderer.hangs = true;
    await world.run(['# a chart'], settled(helm));
    const hanging = world.renderer.running;
    world.renderer.hangs = false;
    await world.run([configMapText('one')], { generation: 2 });
    expect([hanging, world.renderer.running, world.data('one'), world.summary()]).toEqual([
      1,
      0,
      { a: '1' },
      'Synced Healthy',
    ]);
  });

  it('and one that says the same again goes on with it', async () => {
    world.renderer.hangs = true;
    const entry = await world.run(['# a chart'], settled(helm));
    await world.order({ ...entry, generation: 2, release: 'other' });
    expect([world.renderer.begun, world.renderer.running]).toEqual([1, 1]);
  });
});
