import {
  answerFailure,
  planApplication,
  sendSet,
  type DeliveryRecord,
  type OrderGiver,
  type PromotionRecord,
  type RollbackRecord,
  type SetContent,
} from '@flotilla/control-delivery';
import { InMemoryDeliveryRecord } from '@flotilla/control-delivery/testing';
import type { Documents } from '@flotilla/control-sources';
import { InMemoryWorkTable, runWork } from '@flotilla/control-store/testing';
import { seededRandom, toFault, type Ids } from '@flotilla/foundation';
import { countingIds, VirtualClock } from '@flotilla/foundation/testing';
import { DeliveryJudge } from '../delivery-judge.ts';
import { Mortal } from '../mortal.ts';
import { fleetPicture } from './fleet-picture.ts';
import { ToldAgents, type AgentWord } from './told-agents.ts';
import { WalkingApplication, type WalkSettings } from './walking-application.ts';

/** What a person can order, as it reaches whoever runs now. */
export interface Desk {
  readonly deliveries: DeliveryRecord;
  readonly promotions: PromotionRecord;
  readonly rollbacks: RollbackRecord;
  readonly documents: Documents;
  readonly ids: Ids;
}

/** `seen` is what was shown to whoever orders. */
export type Order = (desk: Desk, by: OrderGiver, seen: string) => Promise<unknown>;

/** What a client heard of its order; nothing when whoever was to answer died first. */
export type Heard = { readonly answer: unknown } | { readonly refused: string } | undefined;

/** The first release is well everywhere by then. */
const openedMs = 60_000;
const sweepMs = 3_000;
const rolloutLookMs = 5_000;
const look = { runningMax: 2, timeLimitMs: 60_000 };

/** A control plane that dies, over a record and a work table that do not, and agents that are told of their sets. */
export class DyingPlane {
  readonly clock = new VirtualClock(undefined, { turns: 1 });
  readonly judge = new DeliveryJudge();
  readonly application: WalkingApplication;
  readonly record: InMemoryDeliveryRecord;
  readonly agents: ToldAgents;
  readonly #ids = countingIds();
  readonly #work: InMemoryWorkTable;
  #process = new Mortal();

  private constructor(settings: WalkSettings) {
    const { clock } = this;
    const ids = this.#ids;
    this.#work = new InMemoryWorkTable(clock);
    const mark = this.#work.mark.bind(this.#work);
    const application = new WalkingApplication({ settings, ids, clock, mark });
    this.application = application;
    this.record = new InMemoryDeliveryRecord({
      outside: () => application.outside(),
      freezes: () => application.freezes,
      now: () => new Date(clock.now()),
      ids,
      mark,
    });
    this.judge.watch(this.record);
    const isWell = application.isWell.bind(application);
    this.agents = new ToldAgents({ clock, isWell, say: (word) => this.#hear(word) });
  }

  /** Everybody runs the first commit, and is well. */
  static async open(settings: WalkSettings = {}): Promise<DyingPlane> {
    const plane = new DyingPlane(settings);
    await plane.application.apply();
    plane.application.push();
    plane.#start();
    await plane.pass(openedMs);
    return plane;
  }

  get process(): Mortal {
    return this.#process;
  }

  pass(ms: number): Promise<void> {
    return this.clock.advance(ms);
  }

  /** Time passes until a cluster is ordered to run the newest commit. */
  async passUntilToldOf(cluster: string): Promise<void> {
    const { head } = this.application;
    const isTold = () => this.agents.entriesOf(cluster).some(({ source }) => source.revision === head);
    for (let passed = 0; !isTold() && passed < openedMs; passed += 500) await this.pass(500);
  }

  /** A person's order reaches whoever runs now; what he hears of it comes over one more call that may be cut. */
  order(person: string, give: Order, seen = ''): { heard: Heard } {
    const told: { heard: Heard } = { heard: undefined };
    const answer = this.#process.port({ give: async (heard: Heard) => heard });
    const carriedOut = give(this.#desk(), { kind: 'user', name: person, request: `${person}-1` }, seen).then(
      (value) => ({ answer: value }),
      (error: unknown) => ({ refused: toFault(error).reason }),
    );
    void carriedOut.then((heard) => answer.give(heard)).then((heard) => (told.heard = heard));
    return told;
  }

  /** The process is gone, wherever it was, and another one takes over. */
  restart(): void {
    this.#process.kill();
    this.#process = new Mortal();
    this.#start();
  }

  /** Everything that can be seen of the fleet, once it has come to rest. */
  picture(): Promise<readonly string[]> {
    return fleetPicture(this.record, this.agents);
  }

  #start(): void {
    const { deliveries: record, rollbacks, ids } = this.#desk();
    const sender = this.#process.port({ send: async (content: SetContent) => this.agents.arrive(content) });
    runWork({
      queue: this.#work,
      handlers: {
        plan: { ...look, handle: async ({ key }) => (await planApplication({ record, ids }, key))?.nextLookMs },
        set: { ...look, handle: async ({ key }) => void (await sendSet({ record, sender }, key)) },
        rollout: { ...look, handle: ({ key }) => settle(record, key) },
        rollback: { ...look, handle: async ({ key }) => void (await answerFailure({ record: rollbacks, ids }, key)) },
      },
      // A process that is dead claims nothing: its loops never wake.
      clock: this.#process.clock(this.clock),
      random: seededRandom(1),
      sweepMs,
      onFault: () => undefined,
      onError: () => undefined,
    });
  }

  #desk(): Desk {
    const deliveries = this.#process.port(this.record);
    return {
      deliveries,
      promotions: deliveries,
      rollbacks: this.#process.port(this.record.rollbacks),
      documents: this.#process.port<Documents>(this.application.documents),
      ids: this.#ids,
    };
  }

  /** What is said is stored, and marks the work that follows. */
  async #hear({ cluster, fence, statuses }: AgentWord): Promise<void> {
    const store = async () => {
      this.judge.heard(statuses);
      this.record.report(cluster, fence, statuses);
      this.#work.mark('rollout', this.record.stagedRollouts);
      this.#work.mark('plan', [this.application.uid]);
    };
    await this.#process.port({ store }).store();
  }
}

async function settle(deliveries: DeliveryRecord, rollout: string): Promise<number | undefined> {
  const progress = await deliveries.settleRollout(rollout);
  const isOver = !progress || (progress.total > 0 && progress.arrived === progress.total);
  return isOver ? progress?.lookAgainMs : Math.min(rolloutLookMs, progress.lookAgainMs ?? rolloutLookMs);
}
