import { expect, it } from 'vitest';
import type { FreezeFacts } from '@flotilla/control-delivery';
import { isoTime } from '@flotilla/foundation';
import { isInForce } from '@flotilla/model';
import { hearingMs } from './held-entries.ts';
import { valueOf } from './invariants.ts';
import type { FleetCluster, FleetWrite } from './fleet/fleet-cluster.ts';
import { differencesInProduction, FleetTroubles } from './fleet/fleet-troubles.ts';
import { applications, environments, FleetWorld, namespaceOf, pathOf } from './fleet/fleet-world.ts';

const seeds = 20;
const stepsEach = 15;
/** Longer than the trouble lasts. */
const frozenForMs = 600_000;

/** A fleet whose production is frozen while everything goes wrong that can. */
class FrozenRun {
  readonly violations: string[] = [];
  readonly #world: FleetWorld;
  readonly #troubles: FleetTroubles;
  /** Since when the agent of a cluster knows that an application is frozen there. */
  readonly #frozenSince = new Map<string, number>();
  #pushes = 0;
  /** Writes to targets whose agents held a freeze, so that a run in which nothing was tried is told from a good one. */
  frozenWrites = 0;

  constructor(seed: number) {
    this.#world = new FleetWorld(seed);
    this.#troubles = new FleetTroubles(this.#world);
    this.#world.onWrite = (write) => this.#judge(write);
    this.#world.onCall = (cluster) => applications.forEach((application) => this.#observe(cluster, application));
  }

  async run(): Promise<void> {
    this.#push();
    await this.#world.start();
    await this.#world.clock.advance(120_000);
    this.#freeze();
    await this.#troubles.inBadWeather(this.#actions, stepsEach, 30_000);
    await this.#heal();
    this.violations.push(...differencesInProduction(this.#world));
  }

  /** Until somebody lifts it, or for a while: then agents that are cut off go on by themselves. */
  #freeze(): void {
    const isLifted = this.#troubles.coin();
    const until = isLifted ? 'lifted' : isoTime(this.#world.clock.now() + frozenForMs);
    const spec: FreezeFacts['spec'] = { environments: ['prod'], scope: 'deploys', reason: 'fire', until };
    this.#world.freezes = [{ name: 'fire', spec, by: 'user:ann', since: isoTime(this.#world.clock.now()) }];
    this.#world.database.work.mark('plan', applications);
  }

  readonly #actions: readonly (() => unknown)[] = [
    () => this.#push(),
    () => this.#push(),
    () => this.#editByHand(),
    () => this.#troubles.cut(),
    () => this.#troubles.killAgent(),
    () => this.#troubles.killAgent(),
    () => this.#troubles.killPlane(),
    () => this.#world.restartPlane(),
  ];

  #push(): void {
    this.#pushes++;
    for (const application of applications)
      for (const environment of environments)
        this.#world.git.push(pathOf(application, environment), {
          o0: `${namespaceOf(application, environment)}-${this.#pushes}`,
          [`o${1 + (this.#pushes % 2)}`]: `push-${this.#pushes}`,
        });
  }

  #editByHand(): Promise<unknown> {
    const namespace = namespaceOf(this.#world.pick(applications), 'prod');
    const key = { group: '', kind: 'ConfigMap', namespace, name: 'o0' };
    return this.#troubles.anyCluster().people.mergePatch(key, { data: { value: 'by hand' } });
  }

  /** The weather clears, and the freeze ends: by a person, or by the clock of each agent. */
  async #heal(): Promise<void> {
    const { clock } = this.#world;
    this.#troubles.clear();
    await clock.advance(120_000);
    const [freeze] = this.#world.freezes;
    if (freeze?.spec.until === 'lifted') this.#world.freezes = [];
    else await clock.advance(frozenForMs);
    // As the freeze's own work would say it.
    this.#world.database.work.mark('plan', applications);
    await clock.advance(300_000);
  }

  /** Where an agent holds a freeze, it writes what it ran when the freeze came, and nothing that came since. */
  #judge({ cluster, key, after, call }: FleetWrite): void {
    const [application] = applications.filter((each) => namespaceOf(each, 'prod') === key.namespace);
    if (!application || key.kind !== 'ConfigMap' || call.verb === 'delete') return;
    this.#observe(cluster, application);
    const held = this.#heldBy(cluster, application);
    if (!held) return;
    this.frozenWrites++;
    const value = valueOf(after);
    const content = this.#world.git.contentAt(held.revision, pathOf(application, 'prod'));
    if (content[key.name] !== value)
      this.violations.push(`${cluster.uid} wrote ${value} to ${key.namespace}/${key.name}, and ran ${held.revision}`);
  }

  /** What was sent before an order came may arrive after it: for that long a freeze is not judged by. */
  #heldBy(cluster: FleetCluster, application: string): { readonly revision: string } | undefined {
    const since = this.#frozenSince.get(`${cluster.uid}/${application}`);
    if (since === undefined || this.#world.clock.now() - since < hearingMs) return undefined;
    return memoryOf(cluster, application)?.record.running;
  }

  #observe(cluster: FleetCluster, application: string): void {
    const place = `${cluster.uid}/${application}`;
    const now = this.#world.clock.now();
    const frozen = memoryOf(cluster, application)?.ordered?.frozen ?? [];
    if (!frozen.some((freeze) => isInForce(freeze, now))) this.#frozenSince.delete(place);
    else if (!this.#frozenSince.has(place)) this.#frozenSince.set(place, now);
  }
}

/** What an agent remembers of an application in production. */
function memoryOf({ agent }: FleetCluster, application: string) {
  const entry = agent?.heldEntries.find((each) => each.application === application && each.environment === 'prod');
  return entry && agent?.reconciler.memory(entry.target);
}

it('AT-38: under 20 seeds of every trouble no agent that holds a freeze brings anything new, and all of it comes when that ends', async () => {
  let frozenWrites = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const run = new FrozenRun(seed);
    await run.run();
    frozenWrites += run.frozenWrites;
    expect([seed, run.violations]).toEqual([seed, []]);
  }
  expect(frozenWrites).toBeGreaterThan(seeds / 2);
});
