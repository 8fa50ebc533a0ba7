import {
  planApplication,
  previewRollback,
  rollBack,
  sendSet,
  type DeliveryRecord,
  type RollbackOrder,
  type RollbackRecord,
  type SetContent,
} from '@flotilla/control-delivery';
import { inMemoryDeliveryWorld } from '@flotilla/control-delivery/testing';
import { isoTime, type Fault } from '@flotilla/foundation';
import { compareFences, noFence, type Fence, type HealthStatus } from '@flotilla/model';
import { Mortal } from '../mortal.ts';

/** What a client heard of its order; nothing when whoever was to answer died first. */
export type Heard = { readonly rollback: string } | { readonly refused: string } | undefined;

const clusterNames = ['c1', 'c2'];
const selection = { application: 'checkout' };

/**
 * A control plane that dies, over a record that does not, and agents that are told of their sets: `checkout` ran well at
 * its first commit and badly at its second one, on two clusters.
 */
export class RollbackWorld {
  readonly #world = inMemoryDeliveryWorld();
  /** Each set that was published, by cluster, in order. */
  readonly #published = new Map<string, SetContent[]>();
  readonly #held = new Map<string, Fence>();
  #clusters: readonly string[] = [];
  #process = new Mortal();

  static async open(): Promise<RollbackWorld> {
    const world = new RollbackWorld();
    world.#clusters = await Promise.all(clusterNames.map((name) => world.#world.addCluster(name)));
    await world.#enter('Healthy', 0);
    await world.#enter('Degraded', 10);
    return world;
  }

  get process(): Mortal {
    return this.#process;
  }

  /** What everybody sees before anybody decides. */
  async view(): Promise<string> {
    const order = { project: 'default', selection, to: 'previous-good' };
    return (await previewRollback(this.#world.rollbacks, order)).standing;
  }

  /** A person's order reaches whoever runs now; what he hears of it comes over one more call that may be cut. */
  order(person: string, standing: string): { heard: Heard } {
    const { record, answer } = this.#ports();
    const told: { heard: Heard } = { heard: undefined };
    const order: RollbackOrder = {
      project: 'default',
      selection,
      to: 'previous-good',
      reason: person,
      runHooks: false,
      repair: true,
      standing,
    };
    const by = { kind: 'user' as const, name: person, request: `${person}-1` };
    const carriedOut = rollBack({ record, ids: this.#world.ids }, order, by).then(
      (rollback) => ({ rollback }),
      (error: Fault) => ({ refused: error.reason }),
    );
    void carriedOut.then((heard) => answer.give(heard)).then((heard) => (told.heard = heard));
    return told;
  }

  /** A commit enters, as a plan of the same moment would let it. */
  push(): void {
    void this.#world.push('checkout').then(() => this.#plan());
  }

  /** Plans and sends as the work table would have it: what died half done is done again by the next one. */
  async work(): Promise<void> {
    void this.#plan().then(() => this.#send());
    await settled();
  }

  restart(): void {
    this.#process = new Mortal();
  }

  get generations(): readonly number[] {
    return this.#clusters.map((cluster) => this.#held.get(cluster)?.generation ?? 0);
  }

  /** Who ordered each pin that stands. */
  get pinnedBy(): readonly (string | undefined)[] {
    return [...this.#world.record.rollbacks.pins.values()].map(({ reason }) => reason);
  }

  get ledger(): readonly string[] {
    return this.#world.record.rollbacks.ledger.map(({ action }) => action);
  }

  /** Two sets under one fence that are not the same, or a set that an agent took after a newer one. */
  get contradictions(): readonly string[] {
    return [...this.#published].flatMap(([cluster, sets]) => {
      const digests = new Map<number, string>();
      return sets.flatMap(({ fence, setDigest }) => {
        const known = digests.get(fence.generation) ?? setDigest;
        digests.set(fence.generation, known);
        return known === setDigest ? [] : [`${cluster} was sent two sets of generation ${fence.generation}`];
      });
    });
  }

  /** Whether every agent holds what the record says. */
  async isArrived(): Promise<boolean> {
    const missing = await this.#world.record.behind(this.#held);
    return missing.length === 0;
  }

  async #plan(): Promise<void> {
    const { deliveries } = this.#ports();
    // What is in quarantine is raised, and stands in nobody's way.
    await planApplication({ record: deliveries, ids: this.#world.ids }, this.#world.uids.checkout).catch(
      () => undefined,
    );
  }

  async #send(): Promise<void> {
    const { deliveries, sender } = this.#ports();
    for (const cluster of this.#clusters) await sendSet({ record: deliveries, sender }, cluster);
  }

  #ports() {
    const record: RollbackRecord = this.#process.port(this.#world.rollbacks);
    const deliveries: DeliveryRecord = this.#process.port(this.#world.record);
    const sender = this.#process.port({ send: async (content: SetContent) => this.#arrive(content) });
    const answer = this.#process.port({ give: async (heard: Heard) => heard });
    return { record, deliveries, sender, answer };
  }

  /** Every set comes twice, the second time late: an agent takes what is newer than what it holds. */
  #arrive(content: SetContent): void {
    const sets = this.#published.get(content.cluster) ?? [];
    this.#published.set(content.cluster, [...sets, content]);
    for (const { cluster, fence } of [content, ...sets]) {
      if (compareFences(fence, this.#held.get(cluster) ?? noFence) > 0) this.#held.set(cluster, fence);
    }
    this.#world.record.report(content.cluster, this.#held.get(content.cluster)!, []);
  }

  async #enter(health: HealthStatus, minute: number): Promise<void> {
    await this.#world.push('checkout');
    await this.work();
    const at = isoTime(minute * 60_000);
    for (const cluster of this.#clusters) {
      const { fence, entries } = (await this.#world.record.setFor(cluster, noFence))!;
      const [{ target, generation, release, sourceDigest, source }] = entries as [(typeof entries)[number]];
      const applied = { revision: source.revision, release, sourceDigest, appliedAt: at };
      const status = { target, generation, ...applied, health, since: at, resources: [], sync: 'Synced' as const };
      await this.#world.report(cluster, fence, [status]);
    }
  }
}

/** Everything here runs in memory, so a few turns of the loop are all that anybody ever waits. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}
