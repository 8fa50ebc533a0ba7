import { agentObjects, type ReceivedOrder } from '@flotilla/agent';
import { TestOrderKey } from '@flotilla/agent/testing';
import type { DeliveryFacts, DeliveryPlan, FreezeFacts, RolloutSettings } from '@flotilla/control-delivery';
import type { OutsideFacts } from '@flotilla/control-delivery/testing';
import { every, seededRandom, type Random } from '@flotilla/foundation';
import { countingIds, VirtualClock } from '@flotilla/foundation/testing';
import {
  documentApiVersion,
  documentSchemas,
  noFence,
  type ApplicationDocument,
  type DesiredEntry,
  type ObjectKey,
  type PromotionMode,
} from '@flotilla/model';
import { Mortal } from '../mortal.ts';
import { Troubles } from '../troubles.ts';
import { WeatheredSources } from '../weathered-sources.ts';
import { LossyBroker } from './broker.ts';
import { ControlPlane } from './control-plane.ts';
import { Database } from './database.ts';
import { FleetCluster, type FleetWrite } from './fleet-cluster.ts';
import { FleetGit } from './fleet-git.ts';

/** Two applications that leave a cluster in the two ways there are. */
export const applications = ['cart', 'pay'] as const;
export type Application = (typeof applications)[number];
export const environments = ['dev', 'prod'] as const;
export type Environment = (typeof environments)[number];
export const clusterUids = ['c1', 'c2', 'c3'] as const;
export type ClusterUid = (typeof clusterUids)[number];

export const onRemove = { cart: 'delete', pay: 'orphan' } as const;
const lookAtGitMs = 5_000;
/** How long a release of `pay` has to be well in `dev` before it enters `prod`; `cart` tracks Git in both. */
export const soakMs = 5_000;
export const walks = (application: string, environment: string) => application === 'pay' && environment === 'prod';

export const pathOf = (application: string, environment: string) => `services/${application}/${environment}`;
export const namespaceOf = (application: string, environment: string) => `${application}-${environment}`;

/** A control plane, its database, a broker, a Git host and three clusters with their agents, all from one seed. */
export class FleetWorld {
  readonly random: Random;
  readonly clock = new VirtualClock(undefined, { turns: 1 });
  readonly git = new FleetGit();
  readonly troubles: Troubles;
  readonly gitHost: WeatheredSources;
  readonly broker: LossyBroker;
  readonly database: Database;
  readonly clusters: ReadonlyMap<string, FleetCluster>;
  /** Which environments each cluster is labelled for; two of them share the first cluster. */
  readonly labels = new Map<ClusterUid, Set<Environment>>([
    ['c1', new Set(['dev', 'prod'])],
    ['c2', new Set(['prod'])],
    ['c3', new Set(['prod'])],
  ]);
  /** Whether `pay` enters production by itself, or by somebody's word. */
  promote: PromotionMode = 'auto';
  /** How releases go over production; to all of it at once where nothing is said. */
  rollout: RolloutSettings | undefined;
  /** When agents of production go back by themselves. */
  retreat: DesiredEntry['retreat'];
  /** When objects are well, where that is not a matter of course. */
  health: DesiredEntry['health'];
  /** What people froze. */
  freezes: readonly FreezeFacts[] = [];
  plane: ControlPlane;
  onWrite: (write: FleetWrite) => void = () => undefined;
  onCall: (cluster: FleetCluster, key: ObjectKey) => void = () => undefined;
  onSend: (cluster: FleetCluster, key: ObjectKey) => void = () => undefined;
  onForeign: (cluster: string, namespace: string) => void = () => undefined;
  onDeaf: (cluster: string) => void = () => undefined;
  onPlan: (application: string, plan: DeliveryPlan, facts: DeliveryFacts) => void = () => undefined;
  onFinish: (application: string, environment: string) => void = () => undefined;
  onLost: (clusters: readonly string[], decidedAt: number) => void = () => undefined;
  onSaid: (cluster: FleetCluster, kind: string, message: object) => void = () => undefined;
  readonly #key = new TestOrderKey('fleet');
  readonly #ids = countingIds('uid');
  #process = new Mortal();
  /** The commit that `sources` saw last. */
  seen = '';
  #seenTrees = new Map<string, string>();

  constructor(seed: number) {
    this.random = seededRandom(seed);
    this.troubles = new Troubles(this.random);
    this.gitHost = new WeatheredSources(this.git.sources, this.troubles);
    const { clock, random, troubles } = this;
    this.broker = new LossyBroker({ clock, random, troubles });
    this.database = new Database({
      clock,
      random,
      troubles,
      applications,
      clusters: clusterUids,
      outside: (application) => this.#outside(application as Application),
      freezes: () => this.freezes,
      onPlan: (application, plan, facts) => this.onPlan(application, plan, facts),
      onFinish: (application, environment) => this.onFinish(application, environment),
    });
    this.clusters = new Map(clusterUids.map((uid) => [uid, this.#makeCluster(uid)]));
    this.plane = this.#makePlane();
  }

  below(count: number): number {
    return Math.floor(this.random.next() * count);
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)]!;
  }

  async start(): Promise<void> {
    const names = [
      agentObjects.namespace,
      ...applications.flatMap((app) => environments.map((env) => namespaceOf(app, env))),
    ];
    for (const { people } of this.clusters.values()) {
      for (const name of names) await people.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    }
    for (const cluster of this.clusters.values()) void cluster.launch();
    this.plane.start();
    every({ clock: this.clock, intervalMs: lookAtGitMs, run: async () => this.#lookAtGit(), onError: () => undefined });
    await this.clock.advance(1_000);
  }

  /** How many port calls the process of the control plane that runs now has made. */
  get planeCalls(): number {
    return this.#process.calls;
  }

  /** The process of the control plane dies some calls from now, and another one takes over. */
  killPlaneIn(calls: number, after: boolean): void {
    this.#process.killIn(calls, after);
  }

  restartPlane(): void {
    this.#process.kill();
    this.plane = this.#makePlane();
    this.plane.start();
  }

  /** A person's order, or a hello, may find a control plane that stands still. */
  standStill(ms: number): void {
    this.#process.standStill(this.clock, ms);
  }

  /** Puts a cluster into an environment, or takes it out. */
  relabel(cluster: ClusterUid, environment: Environment, isIn: boolean): void {
    if (isIn) this.labels.get(cluster)!.add(environment);
    else this.labels.get(cluster)!.delete(environment);
    this.database.work.mark('plan', applications);
  }

  /** A cluster's set, as the database has it now. */
  async entriesOf(cluster: string): Promise<readonly DesiredEntry[]> {
    return (await this.database.deliveries.setFor(cluster, noFence))?.entries ?? [];
  }

  #lookAtGit(): void {
    if (this.gitHost.gone || this.git.head === this.seen) return;
    this.seen = this.git.head;
    const paths = applications.flatMap((app) => environments.map((env) => pathOf(app, env)));
    this.#seenTrees = new Map(paths.map((path) => [path, this.git.treeOf(path)]));
    this.database.work.mark('plan', applications);
  }

  #outside(application: Application): OutsideFacts {
    const head = (environment: Environment) => ({
      commit: this.seen,
      trees: [this.#seenTrees.get(pathOf(application, environment))],
    });
    return {
      application: {
        uid: application,
        project: 'default',
        name: application,
        document: documentOf(application, this.health),
        repositoryUrl: 'https://git.example.org/fleet.git',
      },
      clusters: [...this.labels].map(([uid, isIn]) => ({
        uid,
        name: uid,
        labels: Object.fromEntries([...isIn].map((each) => [each, 'true'])),
      })),
      stages: environments.map((environment) => ({
        environment,
        clusters: { matchLabels: { [environment]: 'true' } },
        ref: 'refs/heads/main',
        ...(walks(application, environment) && { following: { ...following, promote: this.promote } }),
        path: pathOf(application, environment),
        also: [],
        namespace: namespaceOf(application, environment),
        ...(environment === 'prod' && this.rollout && { rollout: this.rollout }),
        ...(environment === 'prod' && this.retreat && { retreat: this.retreat }),
        ...(this.seen !== '' && { head: head(environment) }),
      })),
    };
  }

  #makePlane(): ControlPlane {
    this.#process = new Mortal();
    return new ControlPlane({
      database: this.database,
      process: this.#process,
      clock: this.clock,
      random: this.random,
      ids: this.#ids,
      key: this.#key,
      isConnected: () => !this.broker.planeCut,
      publish: (cluster, order) => this.#publish(cluster, order),
      onDeaf: (cluster) => this.onDeaf(cluster),
      onLost: (clusters, decidedAt) => this.onLost(clusters, decidedAt),
    });
  }

  #publish(cluster: string, order: ReceivedOrder): void {
    const deliver = () => this.clusters.get(cluster)!.hear(order);
    this.broker.carry(cluster, 'plane', deliver);
    if (this.broker.weather === 'bad' && this.below(20) === 0) this.broker.repeatLater(cluster, deliver);
  }

  #makeCluster(uid: string): FleetCluster {
    return new FleetCluster({
      uid,
      clock: this.clock,
      random: this.random,
      troubles: this.troubles,
      sources: this.gitHost,
      key: this.#key,
      isCutOff: () => this.broker.cutOff.has(uid),
      send: (kind, message) => {
        this.onSaid(this.clusters.get(uid)!, kind, message);
        return this.broker.carry(uid, 'cluster', () => this.plane.heard(uid, kind, message));
      },
      onWrite: (write) => this.onWrite(write),
      onCall: (cluster, key) => this.onCall(cluster, key),
      onSend: (cluster, key) => this.onSend(cluster, key),
      onForeign: (cluster, namespace) => this.onForeign(cluster, namespace),
    });
  }
}

const following = { after: ['dev'], gates: [{ soak: `${soakMs}ms` }] };

/** Read once: what a plan is told of an application is the same in every run, unless its health is judged otherwise. */
const documents = new Map(applications.map((application) => [application, readDocument(application, undefined)]));

function documentOf(application: Application, health: DesiredEntry['health']): ApplicationDocument {
  return health ? readDocument(application, health) : documents.get(application)!;
}

function readDocument(application: Application, health: DesiredEntry['health']): ApplicationDocument {
  return documentSchemas.Application.parse({
    apiVersion: documentApiVersion,
    kind: 'Application',
    metadata: { name: application },
    spec: {
      pipeline: 'standard',
      source: { repository: 'fleet', path: `services/${application}/\${environment.name}` },
      namespace: `${application}-\${environment.name}`,
      sync: { onRemove: onRemove[application], adopt: application === 'pay' },
      ...(health && { health }),
    },
  });
}
