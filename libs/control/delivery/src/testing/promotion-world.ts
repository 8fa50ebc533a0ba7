import { isoTime, type Ids } from '@flotilla/foundation';
import { noFence, type Fence, type HealthStatus, type RolloutStrategyInput, type TargetStatus } from '@flotilla/model';
import type { DeliveryRecord } from '../delivery-record.port.ts';
import type { DeliveryFacts } from '../facts.ts';
import type { DeliveryPlan } from '../plan/delivery-plan.ts';
import { planDelivery } from '../plan/plan-delivery.ts';
import type { PromotionRecord } from '../promotion/promotion-record.port.ts';
import type { WebAnswer } from '../promotion/web-answers.ts';
import type { RollbackRecord } from '../rollback/rollback-record.port.ts';

/** The environments of the application `checkout` in the order in which a release walks through them. */
export const walkedEnvironments = ['dev', 'staging', 'production'] as const;
type Walked = (typeof walkedEnvironments)[number];

/**
 * The application `checkout` of the default project: `dev` tracks Git, `staging` comes after it by itself, `production` after
 * that by a person's word, once `bob` or `eve` has approved. No cluster and no commit yet.
 */
export interface PromotionWorld {
  readonly record: DeliveryRecord & PromotionRecord;
  readonly ids: Ids;
  readonly uid: string;
  /** Adds a cluster that is labelled for one environment and called like it, unless it is named; gives its uid. */
  readonly addCluster: (environment: Walked, name?: string) => Promise<string>;
  /** A commit of this author that changes what these environments read was seen in Git; gives its id. */
  readonly push: (author: string, ...environments: readonly Walked[]) => Promise<string>;
  /** From the next rollout on, releases go over an environment like this. */
  readonly useStrategy: (environment: Walked, strategy: RolloutStrategyInput) => Promise<void>;
  readonly report: (cluster: string, fence: Fence, statuses: readonly TargetStatus[]) => Promise<void>;
  readonly rollbacks: RollbackRecord;
  /** Those who are asked before waves say this now; gives the waves that they were asked about. */
  readonly answerWaves: (answer: Pick<WebAnswer, 'state' | 'reason'>) => Promise<readonly string[]>;
  /** Somebody freezes everything in an environment until they lift it. */
  readonly freeze: (name: string, environment: Walked) => Promise<void>;
  readonly lift: (name: string) => Promise<void>;
}

/** One thing that every filling of the record does alike. */
export interface PromotionCase {
  readonly title: string;
  readonly run: (world: PromotionWorld) => Promise<void>;
}

const since = isoTime(0);

/** A world with a cluster in each environment, and the few things that its cases do again and again. */
export async function openWalk(world: PromotionWorld) {
  const { record, ids, uid } = world;
  const clusters = new Map<string, string>();
  for (const environment of walkedEnvironments) clusters.set(environment, await world.addCluster(environment));
  const rollouts = new Map<string, string>();
  const facts = async () => {
    let seen: DeliveryFacts | undefined;
    await record.plan(uid, (read) => {
      seen = read;
      return planDelivery(read, ids);
    });
    return seen!;
  };
  const plan = async () => {
    const planned: DeliveryPlan = (await record.plan(uid, (read) => planDelivery(read, ids)))!;
    for (const { environment, uid: rollout } of planned.rollouts) rollouts.set(environment, rollout);
    return planned.rollouts.map(({ environment, cause }) => `${environment} ${cause}`);
  };
  const entriesOf = async (environment: string) =>
    (await record.setFor(clusters.get(environment)!, noFence))?.entries ?? [];
  const say = async (environment: string, health: HealthStatus) => {
    const cluster = clusters.get(environment)!;
    const { fence, entries } = (await record.setFor(cluster, noFence))!;
    await world.report(
      cluster,
      fence,
      entries.map(({ target, generation, release, sourceDigest, source: { revision } }) => {
        const applied = { revision, release, sourceDigest, appliedAt: since };
        return { target, generation, ...applied, sync: 'Synced', health, since, resources: [] };
      }),
    );
  };
  return {
    facts,
    plan,
    say,
    /** Somebody looks at its rollout, and the application is planned again. */
    look: async (environment: Walked) => {
      await record.settleRollout(rollouts.get(environment)!);
      return plan();
    },
    /** Everything is well there, so its rollout finishes and the application is planned again. */
    settle: async (environment: Walked) => {
      await say(environment, 'Healthy');
      await record.settleRollout(rollouts.get(environment)!);
      return plan();
    },
    runs: async (environment: Walked) => (await entriesOf(environment))[0]?.source.revision,
    /** The gates that the newest candidate before a stage waits for, as it was written down. */
    waits: async (environment: Walked) => {
      const { promotion: read } = await facts();
      const standing = read!.standings.find((each) => each.environment === environment);
      return standing?.candidates.filter(({ state }) => state !== 'Enters')[0]?.waits.map(({ gate }) => gate) ?? [];
    },
  };
}
