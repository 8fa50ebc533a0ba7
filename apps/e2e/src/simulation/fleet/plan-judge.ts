import type { DeliveryFacts, DeliveryPlan } from '@flotilla/control-delivery';
import { intentOf } from '@flotilla/model';
import { planInvariants, promotionInvariants, violationsOf, type Violation } from '../invariants.ts';
import { onRemove, pathOf, soakMs, type Application, type FleetWorld } from './fleet-world.ts';

/** From now on every plan of the control plane is held to the invariants; what breaks one is added to `violations`. */
export function watchPlans(world: FleetWorld, violations: Violation[]): void {
  const judge = new PlanJudge(world, violations);
  world.onFinish = (application, environment) => judge.finish(application, environment);
  world.onPlan = (application, plan, facts) => judge.plan(application, plan, facts);
}

class PlanJudge {
  readonly #world: FleetWorld;
  readonly #violations: Violation[];
  /** The commit that each environment of each application was given last. */
  readonly #standing = new Map<string, string>();
  /** What `dev` was well with, by application and content, and since when at the latest. */
  readonly #finished = new Map<string, number>();

  constructor(world: FleetWorld, violations: Violation[]) {
    this.#world = world;
    this.#violations = violations;
  }

  plan(application: string, { rollouts, changes, removals }: DeliveryPlan, facts: DeliveryFacts): void {
    const { seen } = this.#world;
    const stays = { intent: undefined, onRemove: undefined };
    for (const { uid, environment, entry } of changes) {
      const where = `${application} in ${environment}`;
      const leaves = { intent: intentOf(entry), onRemove: onRemove[application as Application] };
      const revision = isHeldAt({ uid, environment, entry }, facts) ? undefined : entry.source.revision;
      const promoted = rollouts.find((rollout) => rollout.environment === environment && rollout.cause === 'promotion');
      const standing = promoted?.revision ?? this.#standing.get(where);
      const observed = { revision, seen, standing, isForgottenTooEarly: false, ...leaves };
      this.#violations.push(...violationsOf(planInvariants, observed, `${where} (${uid})`));
    }
    for (const { cause, environment, revision } of rollouts) {
      if (cause === 'promotion') this.#judgePromotion(application, environment, revision);
    }
    // What entered an environment stands there from now on, although no cluster may be in it yet.
    for (const { environment, revision } of rollouts) this.#standing.set(`${application} in ${environment}`, revision);
    for (const { uid, cluster } of removals) {
      const isForgottenTooEarly = this.#world.database.statuses.get(uid)?.gone !== true || this.#stands(cluster, uid);
      const observed = { revision: undefined, seen, standing: undefined, isForgottenTooEarly, ...stays };
      this.#violations.push(...violationsOf(planInvariants, observed, `${uid} on ${cluster}`));
    }
  }

  finish(application: string, environment: string): void {
    const revision = this.#standing.get(`${application} in ${environment}`);
    if (environment !== 'dev' || revision === undefined) return;
    const place = this.#inDev(application, revision);
    if (!this.#finished.has(place)) this.#finished.set(place, this.#world.clock.now());
  }

  /** What comes after `dev` enters where `dev` finished with the same inputs, or changed nothing of them, and soaked. */
  #judgePromotion(application: string, environment: string, revision: string): void {
    const finishedAt = this.#finished.get(this.#inDev(application, revision));
    const soakedMs = finishedAt === undefined ? undefined : this.#world.clock.now() - finishedAt;
    const where = `${application} ${revision} in ${environment}`;
    this.#violations.push(...violationsOf(promotionInvariants, { soakedMs, soakMs }, where));
  }

  #inDev(application: string, revision: string): string {
    return `${application}/${JSON.stringify(this.#world.git.contentAt(revision, pathOf(application, 'dev')))}`;
  }

  /** Whether an agent still holds anything of a target. */
  #stands(cluster: string, target: string): boolean {
    const { record, gone } = this.#world.clusters.get(cluster)?.agent?.reconciler.memory(target) ?? {};
    return !gone && (record?.inventory.length ?? 0) > 0;
  }
}

/** Whether a target is ordered to run what it ran, what finished there last, or what a rollback holds it or others at. */
function isHeldAt({ uid, environment, entry }: HeldPlace, { targets, stages, releases }: DeliveryFacts): boolean {
  if (intentOf(entry) !== 'run' || entry.pin) return true;
  const here = targets.filter((target) => target.environment === environment);
  const { finished } = stages.find((stage) => stage.environment === environment) ?? {};
  const known = [
    here.find((target) => target.uid === uid)?.entry.source.revision,
    releases.find((release) => release.uid === finished)?.revision,
    ...here.map(({ pin }) => pin?.content.source.revision),
  ];
  return known.includes(entry.source.revision);
}

type HeldPlace = Pick<DeliveryPlan['changes'][number], 'uid' | 'environment' | 'entry'>;
