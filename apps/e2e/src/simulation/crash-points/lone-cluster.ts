import { agentObjects, fieldManager, type SourceReader } from '@flotilla/agent';
import { entryOf, InMemorySources, PlayedPlane, TestOrderKey } from '@flotilla/agent/testing';
import { seededRandom } from '@flotilla/foundation';
import { VirtualClock } from '@flotilla/foundation/testing';
import type { DesiredEntry, KubeObject, ObjectKey } from '@flotilla/model';
import { ownedFields } from '@flotilla/workload-manifests';
import { FleetCluster } from '../fleet/fleet-cluster.ts';
import { valueOf, type Content } from '../invariants.ts';
import { manifest } from '../manifests.ts';
import { Troubles } from '../troubles.ts';

export const appNamespace = 'apps';
const uid = 'c1';
/** A successor waits for the Lease of the one that died, and then has everything to do. */
const recoveryMs = 120_000;

/** How long a Job takes. */
const jobMs = 300;

/** A migration that must run once, besides the ConfigMaps. */
export const job = `apiVersion: batch/v1\nkind: Job\nmetadata: {name: migrate}\nspec: {template: {spec: {containers: []}}}\n`;

/** One cluster with its agent and a control plane that a test plays, in virtual time and in fair weather. */
export class LoneCluster {
  readonly clock = new VirtualClock(undefined, { turns: 1 });
  readonly git = new InMemorySources();
  readonly plane = new PlayedPlane(this.clock, uid);
  readonly cluster: FleetCluster;
  /** How often each object came to be. */
  readonly made = new Map<string, number>();
  /** What was made, changed or deleted, in order: each by its name. */
  readonly written: string[] = [];
  /** The newest generation of which anything was written to an object of an application. */
  newestWritten = 0;
  #entry: DesiredEntry | undefined;

  /** `reached` stands between the agent and Git. */
  constructor(reached: (git: SourceReader) => SourceReader = (git) => git) {
    const random = seededRandom(1);
    this.cluster = new FleetCluster({
      uid,
      clock: this.clock,
      random,
      troubles: new Troubles(random),
      sources: reached(this.git),
      key: new TestOrderKey(),
      isCutOff: () => !this.plane.connected,
      send: (kind, message) => this.plane.send(kind, message),
      onWrite: ({ key, before, after }) => this.#wrote(key, before, after),
      onCall: () => undefined,
      onSend: () => undefined,
      onForeign: () => undefined,
    });
    this.plane.receive((order) => this.cluster.hear(order));
  }

  async open(): Promise<void> {
    for (const name of [agentObjects.namespace, appNamespace])
      await this.cluster.people.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    void this.cluster.launch();
    await this.clock.advance(1_000);
  }

  /** Orders a target to run this, and waits as long as nobody dies. */
  async run(content: Content, { target = 't1', more = {} }: { target?: string; more?: Content } = {}): Promise<void> {
    const named = Object.entries(content).map(([name, value]) => [`app/${name}.yaml`, manifest(name, value)] as const);
    const files = { ...Object.fromEntries(named), ...more };
    this.#entry = entryOf(this.git.commit(files), files, { target, application: target, generation: 0 });
    this.plane.order(this.#entry);
    await this.clock.advance(2_000);
  }

  /** A person deleted the application that ran last, with all that it has. */
  leave(): void {
    this.plane.order({ ...this.#entry!, intent: 'delete', deletedBy: 'anna' });
  }

  /** Another agent takes over, and does what is left to do. */
  async recover(): Promise<void> {
    void this.cluster.restart();
    await this.clock.advance(recoveryMs);
  }

  /** What is not as this content says, what of ours is there besides, and what came to be more than once. */
  wrongWith(content: Content, jobs: readonly string[] = []): string[] {
    const wanted = new Set([...Object.keys(content), ...jobs]);
    const ours = this.#objects().filter((object) => ownedFields(object, fieldManager) !== undefined);
    const there = new Map(ours.map((object) => [object.metadata.name, object]));
    return [
      ...Object.entries(content).flatMap(([name, value]) =>
        valueOf(there.get(name)) === value ? [] : [`${name} is ${valueOf(there.get(name))}, not ${value}`],
      ),
      ...jobs.flatMap((name) => (there.has(name) ? [] : [`${name} is missing`])),
      ...[...there.keys()].flatMap((name) => (wanted.has(name) ? [] : [`${name} is an orphan`])),
      ...[...this.made].flatMap(([name, times]) => (times > 1 ? [`${name} was made ${times} times`] : [])),
    ];
  }

  /** What the controller of Jobs does: this one has run a little later, whoever is there to see it. */
  async #complete({ metadata: { name } }: KubeObject): Promise<void> {
    await this.clock.sleep(jobMs);
    const status = { conditions: [{ type: 'Complete', status: 'True' }] };
    await this.cluster.people.mergePatch({ group: 'batch', kind: 'Job', namespace: appNamespace, name }, { status });
  }

  #objects(): readonly KubeObject[] {
    return this.cluster.api.all().filter(({ metadata }) => metadata.namespace === appNamespace);
  }

  #wrote({ namespace, name }: ObjectKey, before: KubeObject | undefined, after: KubeObject | undefined): void {
    if (namespace !== appNamespace) return;
    this.written.push(name);
    if (!before && after?.kind === 'Job') void this.#complete(after);
    if (!before && after) this.made.set(name, (this.made.get(name) ?? 0) + 1);
    const generations = this.cluster.agent?.heldEntries.map(({ generation }) => generation) ?? [];
    this.newestWritten = Math.max(this.newestWritten, ...generations);
  }
}
