import { array, assert, asyncProperty, constantFrom, record, subarray } from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson } from '@flotilla/foundation';
import { runIntent, type DesiredEntry, type DriftMode, type KubeObject } from '@flotilla/model';
import { configMapKey, configMapText } from '../testing/factories.ts';
import { TargetWorld } from '../testing/target-world.ts';

const names = ['a', 'b', 'c', 'd'];
type Mode = 'plain' | 'filled' | 'helm';

/** What a commit, its settings, the cluster and its program say together, and what follows from it without any agent. */
interface Truth {
  readonly names: readonly string[];
  readonly value: string;
  readonly mode: Mode;
  readonly drift: DriftMode;
  readonly region: string;
  readonly version: string;
}

function truthOf({ names: objects, value, mode, region, version }: Truth): Record<string, object> {
  const own = mode === 'plain' ? {} : mode === 'filled' ? { region } : { version };
  return Object.fromEntries(objects.map((name) => [name, { value, ...own }]));
}

/** An agent that is told the truth, and a cluster, a disk and a program that do what they like. */
class LyingWorld {
  readonly world: TargetWorld;
  truth: Truth = { names: ['a'], value: '0', mode: 'plain', drift: 'correct', region: 'eu', version: 'v4.0.0' };

  constructor(world: TargetWorld) {
    this.world = world;
    world.programs.prints.helm = () => {
      const { names: objects, value } = this.truth;
      return objects.map((name) => configMapText(name, { value, version: world.programs.versions.helm })).join('---\n');
    };
  }

  async become(change: Partial<Truth>): Promise<void> {
    this.truth = { ...this.truth, ...change };
    const { names: objects, value, mode, drift, region } = this.truth;
    const data = { value, ...(mode === 'filled' && { region: '${cluster.labels.region}' }) };
    const settings = { plain: {}, filled: { render: { substitute: {} } }, helm: { render: { with: 'helm' as const } } };
    const { render } = settings[mode] as Pick<DesiredEntry, 'render'>;
    const entry = this.world.entry(objects.map((name) => configMapText(name, data)));
    await this.world.order({
      ...entry,
      ...runIntent(render ? ['render'] : []),
      ...(render && { render }),
      ...(render?.substitute && { clusterLabels: { region } }),
      sourceDigest: `${entry.sourceDigest}-${mode}`,
      release: `${entry.sourceDigest}-${mode}`,
      sync: { ...entry.sync, drift },
    });
  }

  /** Everything that was kept is under the name of something else, or spoiled. */
  plant(spoil: boolean): void {
    const { entries } = this.world.renderCache;
    const kept = [...entries];
    for (const [index, [name]] of kept.entries()) {
      const other = Buffer.from(kept[(index + 1) % kept.length]![1]);
      if (spoil) other.fill(0, 12, 28);
      entries.set(name, other);
    }
  }

  async upgradeProgram(version: string): Promise<void> {
    this.truth = { ...this.truth, version };
    this.world.programs.versions.helm = version;
    await this.world.restart();
  }

  live(): Record<string, unknown> {
    const found = names.map((name) => [name, this.world.api.peek(configMapKey(name))] as const);
    const own = found.filter(([, object]) => object?.metadata.labels?.['flotilla.dev/target'] === 'target1');
    return Object.fromEntries(own.map(([name, object]) => [name, (object as KubeObject)['data']]));
  }
}

const steps: Readonly<
  Record<string, (lying: LyingWorld, value: string, objects: readonly string[]) => Promise<unknown>>
> = {
  commit: (lying, value, objects) => lying.become({ value, names: objects }),
  'commit by helm': (lying, value, objects) => lying.become({ value, names: objects, mode: 'helm' }),
  'commit to fill': (lying, value, objects) => lying.become({ value, names: objects, mode: 'filled' }),
  'commit of plain files': (lying, value, objects) => lying.become({ value, names: objects, mode: 'plain' }),
  'only report drift': (lying) => lying.become({ drift: 'report' }),
  'take drift back': (lying) => lying.become({ drift: 'correct' }),
  relabel: (lying, value) => lying.become({ region: `region-${value}` }),
  'edit by hand': ({ world }, value, [name]) =>
    world.people.mergePatch(configMapKey(name!), { data: { value: `hand-${value}` } }),
  'delete by hand': async ({ world }, _, [name]) => {
    const uid = world.api.peek(configMapKey(name!))?.metadata.uid;
    if (uid) await world.people.delete(configMapKey(name!), { uid });
  },
  restart: ({ world }) => world.restart(),
  'swap what was kept': async (lying) => lying.plant(false),
  'spoil what was kept': async (lying) => lying.plant(true),
  'another program': (lying, value) => lying.upgradeProgram(`v${value}`),
};

it('AT-31 it is Synced exactly when what lives is what a fresh render of its commit says', async () => {
  const seen = new Set<boolean>();
  const step = record({
    what: constantFrom(...Object.keys(steps)),
    value: constantFrom('1', '2', '3'),
    objects: subarray(names, { minLength: 1 }),
  });
  const run = async (taken: readonly { what: string; value: string; objects: readonly string[] }[]) => {
    const lying = new LyingWorld(await TargetWorld.open());
    await lying.become({});
    for (const { what, value, objects } of taken) {
      await steps[what]!(lying, value, objects);
      await lying.world.settle(700_000);
      const isTrue = canonicalJson(lying.live()) === canonicalJson(truthOf(lying.truth));
      seen.add(isTrue);
      expect([what, lying.world.status()!.sync === 'Synced']).toEqual([what, isTrue]);
    }
    await lying.world.reconciler.stop();
  };
  // One history that ends with something left as somebody changed it, whatever the others come to.
  const left = ['only report drift', 'edit by hand'].map((what) => ({ what, value: '1', objects: ['a'] }));
  const histories = asyncProperty(array(step, { minLength: 1, maxLength: 10 }), run);
  await assert(histories, { numRuns: 60, examples: [[left]] });
  expect(seen).toEqual(new Set([true, false]));
}, 60_000);
