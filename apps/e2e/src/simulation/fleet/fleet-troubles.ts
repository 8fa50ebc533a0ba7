import { valueOf } from '../invariants.ts';
import type { FleetCluster } from './fleet-cluster.ts';
import { objectAt } from './fleet-judge.ts';
import { applications, clusterUids, namespaceOf, pathOf, type FleetWorld } from './fleet-world.ts';

/** What goes wrong around a fleet while something else is looked at: weather, cut lines, and processes that die. */
export class FleetTroubles {
  readonly #world: FleetWorld;

  constructor(world: FleetWorld) {
    this.#world = world;
  }

  /** One action after another, each followed by a while of this length at most. */
  async inBadWeather(actions: readonly (() => unknown)[], steps: number, mostMs: number): Promise<void> {
    const { broker, database, clock } = this.#world;
    broker.weather = 'bad';
    database.weather = 'bad';
    for (let step = 0; step < steps; step++) {
      await this.#world.pick(actions)();
      await clock.advance(this.#world.below(mostMs));
    }
  }

  /** The weather clears, every line is whole again, and every process begins anew. */
  clear(): void {
    const { broker, database, clusters } = this.#world;
    broker.weather = 'fair';
    database.weather = 'fair';
    broker.cutOff.clear();
    this.#world.restartPlane();
    for (const cluster of clusters.values()) void cluster.restart();
  }

  /** The line of a cluster is cut, or mended. */
  cut(): void {
    const { cutOff } = this.#world.broker;
    const cluster = this.#world.pick(clusterUids);
    if (this.coin()) cutOff.add(cluster);
    else cutOff.delete(cluster);
  }

  async killAgent(): Promise<void> {
    const cluster = this.anyCluster();
    cluster.killIn(1 + this.#world.below(60), this.coin());
    await this.#world.clock.advance(this.#world.below(6_000));
    void cluster.restart();
  }

  killPlane(): void {
    this.#world.killPlaneIn(1 + this.#world.below(60), this.coin());
  }

  anyCluster(): FleetCluster {
    return this.#world.clusters.get(this.#world.pick(clusterUids))!;
  }

  coin(): boolean {
    return this.#world.below(2) === 0;
  }
}

/** Where production is not as Git has it now, on any cluster. */
export function differencesInProduction({ clusters, git }: FleetWorld): string[] {
  return [...clusters.values()].flatMap((cluster) =>
    applications.flatMap((application) =>
      Object.entries(git.contentOf(pathOf(application, 'prod'))).flatMap(([name, value]) => {
        const stands = valueOf(objectAt(cluster, namespaceOf(application, 'prod'), name));
        return stands === value ? [] : [`${cluster.uid}: ${application} ${name} is ${stands}, not ${value}`];
      }),
    ),
  );
}
