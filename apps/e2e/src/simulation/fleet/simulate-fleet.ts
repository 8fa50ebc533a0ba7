import { isoTime } from '@flotilla/foundation';
import { intentOf, rolloutStrategySchema } from '@flotilla/model';
import { untilConverged } from '../convergence.ts';
import { Violation } from '../invariants.ts';
import type { SimulationResult } from '../simulation-result.ts';
import type { TroubleCounts, Weather } from '../troubles.ts';
import type { FleetCluster } from './fleet-cluster.ts';
import { FleetPeople } from './fleet-people.ts';
import { FleetJudge } from './fleet-judge.ts';
import {
  applications,
  clusterUids,
  environments,
  FleetWorld,
  namespaceOf,
  pathOf,
  type ClusterUid,
  type Environment,
} from './fleet-world.ts';
import { GivenOrders } from './given-orders.ts';
import { SettledFleet, titleOf } from './settled-fleet.ts';

const namesEach = 3;
const allNames = Array.from({ length: namesEach }, (_, index) => `o${index}`);
const callsMax = 60;
/** How many of the things that may happen next are orders of people about deliveries. */
const ordersShare = 10;
/** How releases go over production in every other run. */
const inWaves = rolloutStrategySchema.parse({
  waves: [{ name: 'canary', take: 1, minSuccessTime: '5s' }],
  progressDeadline: '2m',
});

/** In half of those a person has to agree before it goes on. */
const inGatedWaves = rolloutStrategySchema.parse({
  ...inWaves,
  waves: [...inWaves.waves!, { name: 'others', gates: [{ approval: { users: ['anna'] } }] }],
});

/** One run of a seed: things happen for `steps` steps, then all faults stop, and the whole fleet has to come right. */
export async function simulateFleet(seed: number, steps: number): Promise<SimulationResult> {
  const run = new FleetRun(seed);
  await run.begin();
  let taken = 0;
  for (; taken < steps && run.violations.length === 0; taken++) await run.step();
  if (run.violations.length === 0) await run.converge();
  const { violations, troubles } = run;
  return { violations: violations.map(({ message }) => message), steps: taken, troubles };
}

class FleetRun {
  readonly #world: FleetWorld;
  readonly #judge: FleetJudge;
  readonly #orders: GivenOrders;
  readonly #people: FleetPeople;
  readonly #settled: SettledFleet;
  readonly #pushes = new Map<string, number>();

  constructor(seed: number) {
    this.#world = new FleetWorld(seed);
    this.#judge = new FleetJudge(this.#world);
    this.#orders = new GivenOrders(this.#world.clock);
    this.#people = new FleetPeople(this.#world);
    this.#settled = new SettledFleet(this.#world, this.#judge);
    if (seed % 2 === 0) this.#world.rollout = { strategy: seed % 4 === 0 ? inGatedWaves : inWaves };
    if (seed % 3 === 0) this.#world.promote = 'manual';
  }

  get violations(): Violation[] {
    return this.#judge.violations;
  }

  get troubles(): TroubleCounts {
    return this.#world.troubles.counts;
  }

  async begin(): Promise<void> {
    for (const application of applications)
      for (const environment of environments) this.#push(application, environment);
    await this.#world.start();
  }

  async step(): Promise<void> {
    await this.#world.pick(this.#actions)();
    await this.#world.clock.advance(this.#world.below(20_000));
    this.#judge.observe();
  }

  /** Everything heals and people take back what they said; one interval later the fleet has to be what Git says. */
  async converge(): Promise<void> {
    const { clusters, broker, database, gitHost, clock } = this.#world;
    database.weather = 'fair';
    database.away = false;
    broker.planeCut = false;
    await this.#restart(() => this.#restartPlane());
    await this.#checkOrders();
    // Said while the weather is still what it is: that it gets lost must not be the end of it.
    await this.#orders.resume(this.#world.plane.record, { project: 'default' });
    this.#people.takeBack();
    await clock.advance(10_000);
    database.work.replay();
    broker.weather = 'fair';
    broker.cutOff.clear();
    gitHost.gone = false;
    gitHost.weather = 'fair';
    for (const cluster of clusters.values()) {
      cluster.weather = 'fair';
      cluster.swapping = 'fair';
    }
    this.#settle();
    // Some begin anew with nothing in memory; the others have to come right from where they are.
    for (const cluster of clusters.values()) if (this.#coin()) await this.#restart(() => void cluster.restart());
    this.violations.push(...(await untilConverged(clock, () => this.#wrong())));
  }

  /**
   * Said again where nobody loses it: what people took back is gone for good. Then a commit that was never there before
   * comes into production: whoever was passed by, or let go in the middle of a rollout, waits for the next one. It holds
   * one object, so that whatever else is left behind is seen.
   */
  #settle(): void {
    this.#people.takeBack();
    for (const application of applications) this.#pushThese(application, 'prod', [allNames[0]!]);
  }

  readonly #actions: readonly (() => unknown)[] = [
    () => this.#push(this.#world.pick(applications), this.#world.pick(environments)),
    () => this.#push(this.#world.pick(applications), this.#world.pick(environments)),
    () => this.#push(this.#world.pick(applications), this.#world.pick(environments)),
    () => this.#editByHand(),
    () => this.#deleteByHand(),
    () => this.#makeForeign(),
    () => this.#suspend(),
    () => this.#orders.resume(this.#world.plane.record, this.#anySelection()),
    () => this.#orders.sync(this.#world.plane.record, this.#anySelection()),
    () => this.#relabel(this.#world.pick(clusterUids), this.#world.pick(environments), this.#coin()),
    () => this.#flipLabel(this.#world.pick(clusterUids), this.#world.pick(environments)),
    () => this.#killWhileAdopting(),
    () => void (this.#world.broker.weather = this.#anyWeather()),
    () => void (this.#world.broker.planeCut = this.#coin()),
    () => void (this.#world.database.weather = this.#anyWeather()),
    () => void (this.#world.database.away = this.#coin()),
    () => void (this.#anyCluster().weather = this.#anyWeather()),
    () => void (this.#anyCluster().swapping = this.#anyWeather()),
    () => void (this.#world.gitHost.gone = this.#coin()),
    () => void (this.#world.gitHost.weather = this.#anyWeather()),
    () => this.#moveRefBack(),
    () => this.#cut(this.#world.pick(clusterUids)),
    () => this.#killAgent(this.#anyCluster()),
    () => this.#killAgent(this.#anyCluster()),
    () => this.#killPlane(),
    () => this.#killPlane(),
    () => this.#stopPlane(),
    ...Array.from({ length: ordersShare }, () => () => this.#world.pick(this.#people.actions)()),
  ];

  /** Who is held is waited for by nobody. */
  #suspend(): Promise<void> {
    for (const cluster of clusterUids) this.#judge.excuse(cluster, 'away');
    const { plane, clock } = this.#world;
    return this.#orders.suspend(plane.record, this.#anySelection(), isoTime(clock.now()));
  }

  #relabel(cluster: ClusterUid, environment: Environment, isIn: boolean): void {
    this.#judge.excuse(cluster, 'passed by');
    this.#world.relabel(cluster, environment, isIn);
  }

  #push(application: string, environment: string): void {
    const kept = this.#world.below(12) === 0 ? [] : allNames.filter(() => this.#world.below(4) > 0);
    this.#pushThese(application, environment, kept);
  }

  #pushThese(application: string, environment: string, kept: readonly string[]): void {
    const path = pathOf(application, environment);
    const count = (this.#pushes.get(path) ?? 0) + 1;
    this.#pushes.set(path, count);
    const content = kept.map((name) => [name, `${namespaceOf(application, environment)}-${count}`] as const);
    this.#world.git.push(path, Object.fromEntries(content));
  }

  #editByHand(): Promise<unknown> {
    const { key, people } = this.#anyObject();
    return people.mergePatch(key, { data: { value: 'by hand', extra: 'theirs' } });
  }

  async #deleteByHand(): Promise<void> {
    const { key, people } = this.#anyObject();
    const there = await people.get(key);
    if (there) await people.delete(key, { uid: there.metadata.uid! });
  }

  async #makeForeign(): Promise<void> {
    const { key, people } = this.#anyObject();
    const { name, namespace } = key;
    await people.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data: { of: 'others' } });
  }

  /** A cluster leaves an environment and is back before it has quite left. */
  async #flipLabel(cluster: ClusterUid, environment: Environment): Promise<void> {
    this.#relabel(cluster, environment, false);
    await this.#world.clock.advance(this.#world.below(10_000));
    this.#relabel(cluster, environment, true);
  }

  /** Somebody puts an object of his own in the place of one of ours, and the agent dies as it takes it over. */
  async #killWhileAdopting(): Promise<void> {
    const cluster = this.#anyCluster();
    const namespace = namespaceOf('pay', this.#world.pick(environments));
    const key = { group: '', kind: 'ConfigMap', namespace, name: `o${this.#world.below(namesEach)}` };
    this.#judge.foreign(cluster.uid, namespace);
    const { uid } = (await cluster.people.get(key))?.metadata ?? {};
    if (uid) await cluster.people.delete(key, { uid });
    const metadata = { name: key.name, namespace };
    await cluster.people.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { of: 'others' } });
    cluster.killIn(1 + this.#world.below(12), this.#coin());
    this.#world.troubles.happened('agentKilled');
    await this.#restart(() => void cluster.restart());
  }

  #moveRefBack(): void {
    if (this.#world.git.goBack(1 + this.#world.below(3))) this.#world.troubles.happened('refWentBack');
  }

  #stopPlane(): void {
    this.#world.standStill(10_000 + this.#world.below(60_000));
    this.#world.troubles.happened('planeStopped');
  }

  #cut(cluster: string): void {
    const { cutOff } = this.#world.broker;
    if (this.#coin()) cutOff.add(cluster);
    else cutOff.delete(cluster);
  }

  async #killAgent(cluster: FleetCluster): Promise<void> {
    cluster.killIn(1 + this.#world.below(callsMax), this.#coin());
    this.#world.troubles.happened('agentKilled');
    cluster.clockOffMs = this.#world.below(4) === 0 ? (this.#world.below(9) - 4) * 3_600_000 : 0;
    await this.#restart(() => void cluster.restart());
  }

  async #killPlane(): Promise<void> {
    this.#world.killPlaneIn(1 + this.#world.below(callsMax), this.#coin());
    this.#world.troubles.happened('planeKilled');
    await this.#orders.sync(this.#world.plane.record, this.#anySelection());
    await this.#restart(() => this.#restartPlane());
  }

  /** The process lives on for a while, so that its fuse burns down in the middle of something. */
  async #restart(restart: () => void): Promise<void> {
    await this.#world.clock.advance(this.#world.below(6_000));
    restart();
  }

  #restartPlane(): void {
    this.#world.restartPlane();
    this.#orders.unanswered();
  }

  #anyObject() {
    const cluster = this.#anyCluster();
    const namespace = namespaceOf(this.#world.pick(applications), this.#world.pick(environments));
    this.#judge.foreign(cluster.uid, namespace);
    const key = { group: '', kind: 'ConfigMap', namespace, name: `o${this.#world.below(namesEach)}` };
    return { key, people: cluster.people };
  }

  #anyCluster(): FleetCluster {
    return this.#world.clusters.get(this.#world.pick(clusterUids))!;
  }

  #anySelection() {
    const cluster = this.#world.pick([undefined, ...clusterUids]);
    return {
      project: 'default',
      application: this.#world.pick(applications),
      environment: this.#world.pick(environments),
      cluster,
    };
  }

  #anyWeather(): Weather {
    return this.#coin() ? 'bad' : 'fair';
  }

  #coin(): boolean {
    return this.#world.below(2) === 0;
  }

  async #checkOrders(): Promise<void> {
    this.violations.push(...this.#people.wrong);
    for (const uid of clusterUids) {
      for (const entry of await this.#world.entriesOf(uid)) {
        const lost = intentOf(entry) === 'run' ? this.#orders.contradictions(entry, uid) : [];
        if (lost.length > 0)
          this.violations.push(
            new Violation('I3 an accepted order is never lost', `${titleOf(uid, entry)}: ${lost.join(', ')}`),
          );
      }
    }
  }

  #wrong(): Promise<readonly Violation[]> {
    this.#people.goOn();
    return this.#settled.wrong();
  }
}
