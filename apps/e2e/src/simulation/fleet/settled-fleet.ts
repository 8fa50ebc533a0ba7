import { fieldManager } from '@flotilla/agent';
import { intentOf, type DesiredEntry } from '@flotilla/model';
import { ownedFields } from '@flotilla/workload-manifests';
import { convergence } from '../convergence.ts';
import { differencesFrom, Violation, type Content } from '../invariants.ts';
import type { FleetCluster } from './fleet-cluster.ts';
import { objectAt, type FleetJudge } from './fleet-judge.ts';
import { applications, clusterUids, environments, namespaceOf, pathOf, walks, type FleetWorld } from './fleet-world.ts';

/** What a whole fleet has to be once nothing goes wrong any more: what Git says, everywhere, and said to be so. */
export class SettledFleet {
  readonly #world: FleetWorld;
  readonly #judge: FleetJudge;

  constructor(world: FleetWorld, judge: FleetJudge) {
    this.#world = world;
    this.#judge = judge;
  }

  async wrong(): Promise<readonly Violation[]> {
    const wrong: string[] = [];
    for (const cluster of this.#world.clusters.values()) wrong.push(...(await this.#wrongOn(cluster)));
    wrong.push(...(await this.#lagging()));
    return wrong.map((what) => new Violation(convergence, what));
  }

  async #wrongOn(cluster: FleetCluster): Promise<string[]> {
    const entries = await this.#world.entriesOf(cluster.uid);
    const wanted = this.#world.labels.get(cluster.uid as never)!;
    const has = (application: string, environment: string) =>
      entries.some((entry) => entry.application === application && entry.environment === environment);
    const missing = applications.flatMap((application) =>
      [...wanted]
        // Whether it has come so far is asked of the whole fleet.
        .filter((environment) => !has(application, environment) && !walks(application, environment))
        .map((each) => `${application} in ${each}`),
    );
    return [
      ...missing.map((target) => `${cluster.uid} has no ${target}`),
      ...entries.flatMap((entry) => this.#wrongWith(cluster, entry)),
      ...environments
        .filter((environment) => !wanted.has(environment))
        .flatMap((left) => this.#leftBehind(cluster, left)),
      ...(this.#world.database.liveness.isConnected(cluster.uid) ? [] : [`${cluster.uid} is still called lost`]),
    ];
  }

  /** Where a cluster left an environment nothing is ours any more: it was deleted, or our marks were taken off. */
  #leftBehind(cluster: FleetCluster, environment: string): string[] {
    return applications.flatMap((application) => {
      const names = this.#ours(cluster, namespaceOf(application, environment));
      return names.map((name) => `${application} left ${environment} on ${cluster.uid}, ${name} did not`);
    });
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

  /** What Git holds; of what walks through a pipeline, what it holds at the commit that has come so far. */
  #wantedContent({ application, environment, source }: DesiredEntry): Content {
    const { git } = this.#world;
    if (!walks(application, environment)) return git.contentOf(pathOf(application, environment));
    return git.contentAt(source.revision, source.path);
  }

  /** Once everything of an application is well in `dev`, what Git holds for the stage after it has to come as well. */
  async #lagging(): Promise<string[]> {
    if (!(await this.#isAllWell('pay'))) return [];
    const head = JSON.stringify(this.#world.git.contentOf(pathOf('pay', 'prod')));
    const lagging: string[] = [];
    for (const [uid, labels] of this.#world.labels) {
      if (!labels.has('prod')) continue;
      const entry = (await this.#world.entriesOf(uid)).find((each) => walks(each.application, each.environment));
      if (!entry || JSON.stringify(this.#wantedContent(entry)) !== head)
        lagging.push(`pay in prod lags behind on ${uid}`);
    }
    return lagging;
  }

  /** Whether an application runs in `dev`, and is well wherever it runs. */
  async #isAllWell(application: string): Promise<boolean> {
    const everywhere = await Promise.all(clusterUids.map((uid) => this.#world.entriesOf(uid)));
    const entries = everywhere.flat().filter((entry) => entry.application === application && intentOf(entry) === 'run');
    const isWell = ({ target, generation, release }: DesiredEntry) => {
      const status = this.#world.database.statuses.get(target);
      // A source that is empty all of a sudden leaves what ran before, and that may be well.
      if (status?.generation !== generation || status.release !== release) return false;
      return status.sync === 'Synced' && status.health === 'Healthy';
    };
    return entries.some(({ environment }) => environment === 'dev') && entries.every(isWell);
  }

  #ours(cluster: FleetCluster, namespace: string): string[] {
    const objects = cluster.api
      .all()
      .filter(({ kind, metadata }) => kind === 'ConfigMap' && metadata.namespace === namespace);
    return objects
      .filter((object) => ownedFields(object, fieldManager) !== undefined)
      .map(({ metadata }) => metadata.name);
  }

  #wrongWith(cluster: FleetCluster, entry: DesiredEntry): string[] {
    const status = this.#world.database.statuses.get(entry.target);
    const title = titleOf(cluster.uid, entry);
    if (intentOf(entry) !== 'run') return [`${title} did not leave: ${JSON.stringify(status?.reason)}`];
    const content = this.#wantedContent(entry);
    if (this.#isExcused(cluster, entry, { content, code: status?.reason?.code })) return [];
    const different = differencesFrom(content, (name) => objectAt(cluster, entry.namespace, name));
    const extra = this.#ours(cluster, entry.namespace).filter((name) => !(name in content));
    const said = `${status?.sync} ${status?.health} ${status?.generation} ${status?.reason?.code ?? ''}`;
    const expected = `Synced Healthy ${entry.generation} `;
    return [
      ...different.map((what) => `${title}: ${what}`),
      ...extra.map((name) => `${title}: ${name} left Git and is still there`),
      ...(said === expected ? [] : [`${title} is said to be ${said}, not ${expected}`]),
    ];
  }
}

/** A target as people call it. */
export function titleOf(cluster: string, { application, environment }: DesiredEntry): string {
  return `${application} in ${environment} on ${cluster}`;
}
