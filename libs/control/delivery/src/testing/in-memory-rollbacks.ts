import { Fault, isoTime, type Ids } from '@flotilla/foundation';
import { actorText, systemActor, type Quarantine, type TargetPin, type TargetStatus } from '@flotilla/model';
import type { OrderGiver, SelectedTarget } from '../delivery-record.port.ts';
import type { DeliveryFacts } from '../facts.ts';
import type { DeliveryPlan } from '../plan/delivery-plan.ts';
import { forwardRefusal } from '../rollback/forward-refusal.ts';
import type { PlannedRollback, RollbackMark } from '../rollback/plan-rollback.ts';
import type {
  ApplicationHistory,
  FailedRollout,
  RollbackFacts,
  RunFacts,
  TargetNow,
} from '../rollback/rollback-facts.ts';
import type {
  AnswerDecisions,
  RollbackDecisions,
  RollbackOrder,
  RollbackRecord,
  UnpinOrder,
} from '../rollback/rollback-record.port.ts';
import { InMemoryRequests } from './in-memory-requests.ts';

/** What the record of deliveries does for the one of rollbacks, within the same transaction. */
export interface RollbackDesk {
  readonly applications: () => readonly string[];
  readonly facts: (application: string) => DeliveryFacts | undefined;
  /** Writes plans under one generation of each cluster. */
  readonly write: (planned: readonly { readonly application: string; readonly plan: DeliveryPlan }[]) => void;
  readonly markPlan: (applications: readonly string[]) => void;
  /** A rollout that is halted, and is to be taken back by itself; `undefined` of any other. */
  readonly failed: (rollout: string) => HaltedRollout | undefined;
  /** It was left to a person. */
  readonly decline: (rollout: string) => void;
  readonly now: () => Date;
  readonly ids: Ids;
}

/** What the record of rollouts knows of one that failed. */
export interface HaltedRollout extends Omit<FailedRollout, 'isAnswered' | 'answersOfHour'> {
  readonly application: string;
}

/** One line of a ledger in memory. */
export interface RollbackLine {
  readonly action: string;
  readonly about: string;
}

/** Rollbacks, pins, quarantine and what became of releases, in memory. Each method is a transaction. */
export class InMemoryRollbacks implements RollbackRecord {
  readonly pins = new Map<string, TargetPin>();
  readonly ledger: RollbackLine[] = [];
  readonly #desk: RollbackDesk;
  readonly #quarantine = new Map<string, Quarantine[]>();
  readonly #runs = new Map<string, RunFacts[]>();
  readonly #statuses = new Map<string, TargetStatus>();
  readonly #requests = new InMemoryRequests();
  /** What was taken back by itself. */
  readonly #answers: { readonly environment: string; readonly release: string; readonly at: number }[] = [];

  constructor(desk: RollbackDesk) {
    this.#desk = desk;
  }

  /** What an agent said: a release that was applied, and how it is. */
  heard(status: TargetStatus): void {
    this.#statuses.set(status.target, status);
    const { target, release, appliedAt, health, since } = status;
    if (!release || !appliedAt) return;
    const at = new Date(appliedAt);
    const runs = this.#runs.get(target) ?? [];
    const known = runs.find((run) => run.at.getTime() === at.getTime());
    const healthyAt = known?.healthyAt ?? (health === 'Healthy' ? new Date(since) : undefined);
    const run = { target, release, at, health, ...(healthyAt && { healthyAt }) };
    this.#runs.set(target, [...runs.filter((each) => each !== known), run]);
  }

  quarantineOf(application: string): readonly Quarantine[] {
    return this.#quarantine.get(application) ?? [];
  }

  /** Git says what these were held at, or the rollback ended before their turn came. */
  lift(targets: readonly string[]): void {
    for (const target of targets) this.pins.delete(target);
  }

  async rollbackFacts(order: Pick<RollbackOrder, 'project' | 'selection'>): Promise<RollbackFacts> {
    return this.#facts(order);
  }

  async rollBack(order: RollbackOrder, decisions: RollbackDecisions, by: OrderGiver): Promise<string> {
    return this.#requests.carryOutOnce(by, () => this.#goBack(order, decisions, by));
  }

  #goBack(order: RollbackOrder, { resolve, plan }: RollbackDecisions, by: OrderGiver): string {
    const { reason, runHooks } = order;
    const mark = { ...this.#markOf(by, reason), ...(runHooks && { runHooks: true }) };
    return this.#carryOut(plan(resolve(this.#facts(order)), mark), mark);
  }

  #markOf(by: OrderGiver, reason: string): RollbackMark {
    const since = isoTime(this.#desk.now().getTime());
    return { rollback: this.#desk.ids.next(), by: actorText(by), reason, since };
  }

  #carryOut(planned: readonly PlannedRollback[], { rollback, by, reason }: RollbackMark): string {
    for (const { facts, pins, refused } of planned) {
      for (const [target, pin] of pins) this.pins.set(target, pin);
      this.#refuse(facts.application.uid, refused, { by, reason });
    }
    this.#desk.write(planned.map((each) => ({ application: each.facts.application.uid, plan: each.plan })));
    this.ledger.push({ action: 'rollback.order', about: rollback });
    this.#desk.markPlan(planned.map(({ facts }) => facts.application.uid));
    return rollback;
  }

  async answerFailure(rollout: string, { decide, plan }: AnswerDecisions): Promise<string | undefined> {
    const halted = this.#desk.failed(rollout);
    if (!halted) return undefined;
    const { application, environment, release } = halted;
    const here = this.#answers.filter((answer) => answer.environment === environment);
    const isAnswered = here.some((answer) => answer.release === release);
    const answersOfHour = here.filter(({ at }) => this.#desk.now().getTime() - at < hourMs).length;
    const decided = decide({ ...halted, isAnswered, answersOfHour }, this.#historyOf(application)!);
    if (!decided.ok) {
      this.#desk.decline(rollout);
      this.ledger.push({ action: 'rollback.decline', about: decided.reason.code });
      return undefined;
    }
    this.#answers.push({ environment, release, at: this.#desk.now().getTime() });
    const mark = this.#markOf(systemActor('delivery'), 'it failed');
    return this.#carryOut(plan(decided.value, mark), mark);
  }

  async unpin({ selection, forward }: UnpinOrder, by: OrderGiver): Promise<readonly SelectedTarget[]> {
    return this.#requests.carryOutOnce(by, () => {
      const lifted: SelectedTarget[] = [];
      for (const { delivery } of this.#facts({ project: selection.project, selection: {} }).applications) {
        const named = new Map(delivery.clusters.map(({ uid, name }) => [uid, name]));
        const chosen = delivery.targets.filter(
          ({ entry, environment, cluster, pin }) =>
            pin &&
            (selection.application ?? entry.application) === entry.application &&
            (selection.environment ?? environment) === environment &&
            (selection.cluster ?? named.get(cluster)) === named.get(cluster),
        );
        const refusal = forward && forwardRefusal(delivery, new Set(chosen.map(({ uid }) => uid)));
        if (refusal) throw refusal;
        for (const { uid, entry, environment, cluster } of chosen) {
          lifted.push({ uid, name: `${entry.application}.${environment}.${named.get(cluster)}` });
        }
        if (chosen.length > 0) this.#desk.markPlan([delivery.application.uid]);
      }
      for (const { uid, name } of lifted) {
        this.pins.delete(uid);
        this.ledger.push({ action: 'pin.lift', about: name });
      }
      return lifted.toSorted((left, right) => (left.name < right.name ? -1 : 1));
    });
  }

  async liftQuarantine(
    { application: named, digest }: Parameters<RollbackRecord['liftQuarantine']>[0],
    by: OrderGiver,
  ): Promise<readonly string[]> {
    return this.#requests.carryOutOnce(by, () => {
      const uid = this.#desk.applications().find((each) => this.#desk.facts(each)?.application.name === named) ?? named;
      const [lifted, left] = [true, false].map((isLifted) =>
        this.quarantineOf(uid).filter((each) => each.digest.startsWith(digest) === isLifted),
      ) as [Quarantine[], Quarantine[]];
      if (lifted.length === 0) {
        const message = `nothing of ${named} that begins with ${digest} is in quarantine`;
        throw new Fault({ code: 'not-found', reason: 'NotQuarantined', message });
      }
      this.#quarantine.set(uid, left);
      this.#desk.markPlan([uid]);
      return lifted.map((each) => each.digest);
    });
  }

  #facts({ selection }: Pick<RollbackOrder, 'project' | 'selection'>): RollbackFacts {
    const histories = this.#desk.applications().flatMap((uid) => this.#historyOf(uid) ?? []);
    const isMeant = ({ delivery: { application } }: ApplicationHistory) =>
      (selection.application ?? application.name) === application.name;
    return { applications: histories.filter(isMeant) };
  }

  #historyOf(uid: string): ApplicationHistory | undefined {
    const delivery = this.#desk.facts(uid);
    if (!delivery) return undefined;
    const runs = delivery.targets.flatMap(({ uid: target }) => withEnds(this.#runs.get(target) ?? []));
    return { delivery, runs, now: new Map(delivery.targets.flatMap((target) => this.#nowOf(target))) };
  }

  #nowOf({ uid, entry }: DeliveryFacts['targets'][number]): [string, TargetNow][] {
    const status = this.#statuses.get(uid);
    if (!status) return [];
    const { code, message } = status.reason ?? {};
    const health = status.release === entry.release ? status.health : 'Unknown';
    const suspended = code === 'Suspended' ? message : undefined;
    return [[uid, { health, irreversible: [], ...(suspended !== undefined && { suspended }) }]];
  }

  #refuse(application: string, digests: readonly string[], why: Omit<Quarantine, 'digest'>): void {
    const known = this.quarantineOf(application);
    const added = digests.filter((digest) => !known.some((each) => each.digest === digest));
    this.#quarantine.set(application, [...known, ...added.map((digest) => ({ digest, ...why }))]);
  }
}

const hourMs = 3_600_000;

/** Each run ends where the next one on its target begins. */
function withEnds(runs: readonly RunFacts[]): readonly RunFacts[] {
  const inOrder = runs.toSorted((left, right) => left.at.getTime() - right.at.getTime());
  return inOrder.map((run, index) => {
    const next = inOrder[index + 1];
    return next ? { ...run, until: next.at } : run;
  });
}
