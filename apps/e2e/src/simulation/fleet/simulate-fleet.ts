import { fieldManager } from '@flotilla/agent';
import { isoTime } from '@flotilla/foundation';
import type { DesiredEntry } from '@flotilla/model';
import { ownedFields } from '@flotilla/workload-manifests';
import { badWeather, fairWeather } from '../bad-weather.ts';
import { Violation } from '../agent-judge.ts';
import type { SimulationResult } from '../simulation-result.ts';
import { calm, stormy } from './broker.ts';
import type { FleetCluster } from './fleet-cluster.ts';
import type { Content } from './fleet-git.ts';
import { FleetJudge, valueAt } from './fleet-judge.ts';
import { applications, clusterUids, environments, FleetWorld, namespaceOf, pathOf } from './fleet-world.ts';
import { GivenOrders } from './given-orders.ts';

const namesEach = 3;
const callsMax = 60;
/** Longer than any pause that a fault leads to: every target is looked at again within it. */
const intervalMs = 600_000;

/** One run of a seed: things happen for `steps` steps, then all faults stop, and the whole fleet has to come right. */
export async function simulateFleet(seed: number, steps: number): Promise<SimulationResult> {
  const run = new FleetRun(seed);
  await run.begin();
  for (let step = 0; step < steps && run.violations.length === 0; step++) await run.step();
  if (run.violations.length === 0) await run.converge();
  return { violations: run.violations.map(({ message }) => message) };
}

class FleetRun {
  readonly #world: FleetWorld;
  readonly #judge: FleetJudge;
  readonly #orders = new GivenOrders();
  readonly #pushes = new Map<string, number>();

  constructor(seed: number) {
    this.#world = new FleetWorld(seed);
    this.#judge = new FleetJudge(this.#world);
  }

  get violations(): Violation[] {
    return this.#judge.violations;
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
    const { clusters, broker, gitHost, clock } = this.#world;
    await this.#restart(() => this.#world.restartPlane());
    await this.#checkOrders();
    // Said while the weather is still what it is: that it gets lost must not be the end of it.
    await this.#orders.resume(this.#world.plane.record, { project: 'default' });
    await clock.advance(10_000);
    broker.weather = calm;
    broker.cutOff.clear();
    gitHost.gone = false;
    for (const cluster of clusters.values()) {
      cluster.weather = fairWeather;
      cluster.swapped = 0;
    }
    for (const cluster of clusters.values()) await this.#restart(() => void cluster.restart());
    await clock.advance(intervalMs);
    for (const uid of clusterUids) await this.#checkCluster(clusters.get(uid)!);
  }

  readonly #actions: readonly (() => unknown)[] = [
    () => this.#push(this.#world.pick(applications), this.#world.pick(environments)),
    () => this.#push(this.#world.pick(applications), this.#world.pick(environments)),
    () => this.#push(this.#world.pick(applications), this.#world.pick(environments)),
    () => this.#editByHand(),
    () => this.#deleteByHand(),
    () => this.#makeForeign(),
    () => this.#orders.suspend(this.#world.plane.record, this.#anySelection(), isoTime(this.#world.clock.now())),
    () => this.#orders.resume(this.#world.plane.record, this.#anySelection()),
    () => this.#orders.sync(this.#world.plane.record, this.#anySelection()),
    () => this.#world.relabel(this.#world.pick(clusterUids), this.#world.pick(environments), this.#coin()),
    () => void (this.#world.broker.weather = this.#coin() ? stormy : calm),
    () => void (this.#anyCluster().weather = this.#coin() ? badWeather : fairWeather),
    () => void (this.#anyCluster().swapped = this.#coin() ? 0.2 : 0),
    () => void (this.#world.gitHost.gone = this.#coin()),
    () => this.#cut(this.#world.pick(clusterUids)),
    () => this.#killAgent(this.#anyCluster()),
    () => this.#killAgent(this.#anyCluster()),
    () => this.#killPlane(),
    () => this.#killPlane(),
  ];

  #push(application: string, environment: string): void {
    const path = pathOf(application, environment);
    const count = (this.#pushes.get(path) ?? 0) + 1;
    this.#pushes.set(path, count);
    const names = Array.from({ length: namesEach }, (_, index) => `o${index}`);
    const kept = this.#world.below(12) === 0 ? [] : names.filter(() => this.#world.below(4) > 0);
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

  #cut(cluster: string): void {
    const { cutOff } = this.#world.broker;
    if (this.#coin()) cutOff.add(cluster);
    else cutOff.delete(cluster);
  }

  async #killAgent(cluster: FleetCluster): Promise<void> {
    cluster.killIn(1 + this.#world.below(callsMax), this.#coin());
    await this.#restart(() => void cluster.restart());
  }

  async #killPlane(): Promise<void> {
    this.#world.killPlaneIn(1 + this.#world.below(callsMax), this.#coin());
    await this.#orders.sync(this.#world.plane.record, this.#anySelection());
    await this.#restart(() => this.#world.restartPlane());
  }

  /** The process lives on for a while, so that its fuse burns down in the middle of something. */
  async #restart(restart: () => void): Promise<void> {
    await this.#world.clock.advance(this.#world.below(6_000));
    restart();
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

  #coin(): boolean {
    return this.#world.below(2) === 0;
  }

  async #checkOrders(): Promise<void> {
    for (const uid of clusterUids) {
      for (const entry of await this.#world.entriesOf(uid)) {
        const lost = entry.intent === 'run' ? this.#orders.contradictions(entry, uid) : [];
        if (lost.length > 0)
          this.#fail('an accepted order is never lost', `${titleOf(uid, entry)}: ${lost.join(', ')}`);
      }
    }
  }

  async #checkCluster(cluster: FleetCluster): Promise<void> {
    const entries = await this.#world.entriesOf(cluster.uid);
    const wanted = this.#world.labels.get(cluster.uid as never)!;
    const missing = [...wanted].filter((environment) => !entries.some((entry) => entry.environment === environment));
    if (missing.length > 0) this.#fail('I5 converged', `${cluster.uid} has no target in ${missing.join(', ')}`);
    for (const entry of entries) this.#checkTarget(cluster, entry);
    const left = environments.filter((environment) => !wanted.has(environment));
    for (const environment of left) this.#checkAbsence(cluster, environment);
  }

  /** Where a cluster left an environment nothing is ours any more: it was deleted, or our marks were taken off. */
  #checkAbsence(cluster: FleetCluster, environment: string): void {
    for (const application of applications) {
      const names = this.#ours(cluster, namespaceOf(application, environment));
      if (names.length > 0)
        this.#fail('I5 converged', `${application} left ${environment} on ${cluster.uid}, ${names.join(', ')} did not`);
    }
  }

  /** What others hold under a wanted name, and a source that is empty all of a sudden, is said and left. */
  #isExcused(
    cluster: FleetCluster,
    { namespace }: DesiredEntry,
    { content, code }: { content: Content; code: string | undefined },
  ): boolean {
    if (code === 'EmptySource') return Object.keys(content).length === 0;
    const isHeld = Object.keys(content).some((name) => this.#judge.isForeign(cluster, namespace, name));
    return isHeld && (code === 'Conflict' || code === 'OwnershipLost');
  }

  #ours(cluster: FleetCluster, namespace: string): string[] {
    const objects = cluster.api
      .all()
      .filter(({ kind, metadata }) => kind === 'ConfigMap' && metadata.namespace === namespace);
    return objects
      .filter((object) => ownedFields(object, fieldManager) !== undefined)
      .map(({ metadata }) => metadata.name);
  }

  #checkTarget(cluster: FleetCluster, entry: DesiredEntry): void {
    const status = this.#world.database.statuses.get(entry.target);
    const title = titleOf(cluster.uid, entry);
    if (entry.intent !== 'run')
      return this.#fail('I5 converged', `${title} did not leave: ${JSON.stringify(status?.reason)}`);
    const content = this.#world.git.contentOf(pathOf(entry.application, entry.environment));
    if (this.#isExcused(cluster, entry, { content, code: status?.reason?.code })) return;
    for (const [name, value] of Object.entries(content)) {
      const live = valueAt(cluster, entry.namespace, name);
      if (live !== value) this.#fail('I5 converged', `${title}: ${name} is ${live}, Git says ${value}`);
    }
    const extra = this.#ours(cluster, entry.namespace).filter((name) => !(name in content));
    if (extra.length > 0) this.#fail('I5 converged', `${title}: ${extra.join(', ')} left Git and are still there`);
    const said = `${status?.sync} ${status?.health} ${status?.generation} ${status?.reason?.code ?? ''}`;
    if (said !== `Synced Healthy ${entry.generation} `)
      this.#fail('I5 converged', `${title} is said to be ${said}, of generation ${entry.generation}`);
  }

  #fail(rule: string, details: string): void {
    this.violations.push(new Violation(rule, details));
  }
}

function titleOf(cluster: string, { application, environment }: DesiredEntry): string {
  return `${application} in ${environment} on ${cluster}`;
}
