import { expect, it } from 'vitest';
import type { Report } from '@flotilla/contracts';
import type { DeliveryPlan } from '@flotilla/control-delivery';
import { intentOf, rolloutStrategySchema } from '@flotilla/model';
import { objectAt } from './fleet/fleet-judge.ts';
import { differencesInProduction, FleetTroubles } from './fleet/fleet-troubles.ts';
import { applications, clusterUids, environments, FleetWorld, namespaceOf, pathOf } from './fleet/fleet-world.ts';

const seeds = 20;
const stepsEach = 20;
/** The first cluster by name goes alone. */
const canary = 'c1';
const strategy = rolloutStrategySchema.parse({
  waves: [{ name: 'canary', take: 1, minSuccessTime: '5s' }],
  progressDeadline: '2m',
});
/** What nobody but its owner may write: a release that holds an object of this name does not arrive where it stands. */
const taken = 'o9';

/** A fleet whose production takes releases in waves while everything goes wrong that can. */
class WavesRun {
  readonly violations: string[] = [];
  readonly #world: FleetWorld;
  readonly #troubles: FleetTroubles;
  /** What the first cluster ever said that it runs and is well with. */
  readonly #proven = new Set<string>();
  #pushes = 0;
  /** Releases that reached the clusters behind the first, and those that stopped there. */
  followed = 0;
  stopped = 0;

  constructor(seed: number) {
    this.#world = new FleetWorld(seed);
    this.#troubles = new FleetTroubles(this.#world);
    this.#world.rollout = { strategy };
    this.#world.onSaid = (cluster, kind, message) => {
      if (cluster.uid === canary && kind === 'report') this.#hear(message as Report);
    };
    this.#world.onPlan = (_application, plan) => this.#judge(plan);
  }

  async run(): Promise<void> {
    this.#push(false);
    await this.#world.start();
    await this.#world.clock.advance(180_000);
    await this.#stand();
    await this.#troubles.inBadWeather(this.#actions, stepsEach, 90_000);
    await this.#heal();
    this.violations.push(...differencesInProduction(this.#world));
  }

  /** Somebody else's object stands in the way on the first cluster. */
  async #stand(): Promise<void> {
    const metadata = { name: taken, namespace: namespaceOf('cart', 'prod') };
    const { people } = this.#world.clusters.get(canary)!;
    await people.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { of: 'others' } });
  }

  readonly #actions: readonly (() => unknown)[] = [
    () => this.#push(false),
    () => this.#push(false),
    () => this.#push(true),
    () => this.#troubles.cut(),
    () => this.#troubles.killAgent(),
    () => this.#troubles.killPlane(),
    () => this.#world.restartPlane(),
  ];

  /** Each push moves every path; a bad one wants an object that somebody else holds on the first cluster. */
  #push(isBad: boolean): void {
    this.#pushes++;
    for (const application of applications)
      for (const environment of environments)
        this.#world.git.push(pathOf(application, environment), {
          o0: `${namespaceOf(application, environment)}-${this.#pushes}`,
          ...(isBad && application === 'cart' && { [taken]: `push-${this.#pushes}` }),
        });
  }

  /** The weather clears; what is bad stops at the first cluster, and the next good commit goes everywhere. */
  async #heal(): Promise<void> {
    const { clock } = this.#world;
    this.#troubles.clear();
    this.#push(true);
    await clock.advance(600_000);
    if (!this.#isBehind()) this.violations.push('what is bad on the first cluster went on to the others');
    else this.stopped++;
    this.#push(false);
    await clock.advance(600_000);
  }

  #hear({ items }: Report): void {
    for (const { release, sync, health } of items)
      if (release && sync === 'Synced' && health === 'Healthy') this.#proven.add(release);
  }

  /** Nobody behind the first cluster gets what was not well there before. */
  #judge({ changes }: DeliveryPlan): void {
    for (const { cluster, environment, entry } of changes) {
      if (environment !== 'prod' || cluster === canary || intentOf(entry) !== 'run') continue;
      if (this.#proven.has(entry.release)) this.followed++;
      else
        this.violations.push(`${cluster} gets ${entry.application} ${entry.release} before ${canary} was well with it`);
    }
  }

  /** The bad object is nowhere but where it was tried. */
  #isBehind(): boolean {
    const others = clusterUids.filter((uid) => uid !== canary).map((uid) => this.#world.clusters.get(uid)!);
    return others.every((cluster) => objectAt(cluster, namespaceOf('cart', 'prod'), taken) === undefined);
  }
}

it('AT-05: under 20 seeds of every trouble no later wave gets what was not well in an earlier one, and a halted rollout moves nobody', async () => {
  let [followed, stopped] = [0, 0];
  for (let seed = 1; seed <= seeds; seed++) {
    const run = new WavesRun(seed);
    await run.run();
    followed += run.followed;
    stopped += run.stopped;
    expect([seed, run.violations]).toEqual([seed, []]);
  }
  expect([followed > seeds * 4, stopped]).toEqual([true, seeds]);
});
