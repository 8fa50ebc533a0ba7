import { previewRollback, rollBack, type FreezeFacts, type OrderGiver } from '@flotilla/control-delivery';
import { isoTime } from '@flotilla/foundation';
import { rolloutOrders, type RolloutOrder } from '@flotilla/model';
import { orderInvariants, violationsOf, type Violation } from '../invariants.ts';
import { applications, clusterUids, type Application, type FleetWorld } from './fleet-world.ts';

/** Under a key: whoever asks again gives the same order. */
type Give = (by: OrderGiver) => Promise<unknown>;

/** An order, and what was answered to it at each try that was taken. */
interface Given {
  readonly request: string;
  readonly give: Give;
  readonly answers: string[];
}

const project = 'default';
const environment = 'prod';
const glassMs = 120_000;
const becauseOfFire = { reason: 'fire', runHooks: false, repair: false };

/**
 * What people order of deliveries in production: they go back, let go, freeze, break the glass, promote and steer
 * rollouts. Nobody waits for an answer, because a process that died gives none; whoever likes asks again.
 */
export class FleetPeople {
  readonly #world: FleetWorld;
  readonly #given: Given[] = [];

  constructor(world: FleetWorld) {
    this.#world = world;
  }

  /** Where waves wait for people, there is somebody who lets them begin; elsewhere nobody tries. */
  get actions(): readonly (() => unknown)[] {
    return this.#asks ? [...this.#usual, () => this.#letBegin(this.#world.pick(applications))] : this.#usual;
  }

  get #asks(): boolean {
    return this.#world.rollout?.strategy.waves?.some(({ gates }) => gates) ?? false;
  }

  readonly #usual: readonly (() => unknown)[] = [
    () => this.#goBack(),
    () => this.#goBack(),
    () => this.#unpin(this.#world.pick(applications)),
    () => this.#freeze(),
    () => this.#lift(),
    () => this.#breakGlass(),
    () => this.#promote(this.#world.below(2) === 0),
    () => this.#steer(this.#world.pick(applications), this.#world.pick(rolloutOrders)),
    () => this.#steer(this.#world.pick(applications), this.#world.pick(rolloutOrders)),
    () => this.#askAgain(),
  ];

  /** What became of the orders that were taken, where that is not as it must be. */
  get wrong(): Violation[] {
    const { ledger } = this.#world.database.deliveries.rollbacks;
    return this.#given.flatMap(({ request, answers }) => {
      const lines = ledger.filter(({ about }) => JSON.stringify(about) === answers[0]);
      const carriedOut = request.startsWith('back') && answers.length > 0 ? lines.length : undefined;
      return violationsOf(orderInvariants, { answers, carriedOut }, request);
    });
  }

  /** Everybody takes back what he said, so that Git alone says what runs. */
  takeBack(): void {
    this.#lift();
    for (const application of applications) {
      this.#unpin(application);
      const lift = { project, application, digest: '', reason: 'all is well' };
      this.#give('lift', (by) => this.#world.plane.rollbacks.liftQuarantine(lift, by));
    }
  }

  /** What was stopped goes on, whatever failed. */
  goOn(): void {
    for (const application of applications) this.#steer(application, 'resume');
    if (this.#asks) for (const application of applications) this.#letBegin(application);
    this.#promote(true);
  }

  #goBack(): void {
    const [application, cluster] = [this.#world.pick(applications), this.#world.pick([undefined, ...clusterUids])];
    const selected = { project, selection: { application, environment, cluster } };
    const [age, atOnce] = [this.#world.below(4), this.#world.below(2) === 0];
    this.#give('back', async (by) => {
      const { rollbacks: record, ids } = this.#world.plane;
      const [known] = (await record.rollbackFacts(selected)).applications;
      const order = { ...selected, to: known?.delivery.releases[age]?.revision ?? 'previous-good', atOnce };
      const { standing } = await previewRollback(record, order);
      return rollBack({ record, ids }, { ...order, standing, ...becauseOfFire }, by);
    });
  }

  #unpin(application: Application): void {
    const order = { selection: { project, application, environment }, forward: false, reason: 'it was the network' };
    this.#give('unpin', (by) => this.#world.plane.rollbacks.unpin(order, by));
  }

  /** As the documents and their marks would say it. */
  #freeze(): void {
    const now = this.#world.clock.now();
    const until = this.#world.pick(['lifted', isoTime(now + this.#world.below(300_000))]);
    const spec: FreezeFacts['spec'] = { environments: [environment], scope: 'deploys', reason: 'fire', until };
    this.#world.freezes = [{ name: 'fire', spec, by: 'user:anna', since: isoTime(now) }];
    this.#world.database.work.mark('plan', applications);
  }

  #lift(): void {
    this.#world.freezes = [];
    this.#world.database.work.mark('plan', applications);
  }

  #breakGlass(): void {
    const now = this.#world.clock.now();
    const breaking = { reason: 'hotfix', since: isoTime(now), expires: isoTime(now + glassMs) };
    const selection = { project, application: this.#world.pick(applications), environment };
    this.#give('glass', (by) => this.#world.plane.record.breakGlass(selection, breaking, by));
  }

  #promote(instead: boolean): void {
    const order = {
      project,
      application: 'pay',
      environment,
      reason: 'it is time',
      instead,
    };
    this.#give('promote', (by) => this.#world.plane.promotions.promote(order, by));
  }

  #steer(application: Application, order: RolloutOrder): void {
    const cluster = order === 'skip' ? this.#world.pick(clusterUids) : undefined;
    const steering = { project, application, environment, order, cluster };
    this.#give('steer', (by) => this.#world.plane.record.steerRollout(steering, by));
  }

  #letBegin(application: Application): void {
    const order = { project, application, environment, wave: 'others' };
    this.#give('approve', (by) => this.#world.plane.promotions.approve(order, by));
  }

  #askAgain(): void {
    const given = this.#given.at(-1);
    if (given) this.#ask(given);
  }

  #give(what: string, give: Give): void {
    const given = { request: `${what}-${this.#given.length}`, give, answers: [] };
    this.#given.push(given);
    this.#ask(given);
  }

  #ask({ request, give, answers }: Given): void {
    const taken = (answer: unknown) => void answers.push(JSON.stringify(answer));
    give({ kind: 'user', name: 'anna', request }).then(taken, () => undefined);
  }
}
