import { countingIds } from '@flotilla/foundation/testing';
import { rolloutStrategySchema } from '@flotilla/model';
import type { ClusterFacts, FreezeFacts, RolloutSettings } from '../facts.ts';
import type { StageFollowing } from '../promotion/promotion-facts.ts';
import { checkoutDocument, checkoutFacts, clusterFacts, freezeFacts, stageFacts } from './delivery-facts.ts';
import type { RollbackWorld } from './rollback-orders.ts';
import { InMemoryDeliveryRecord } from './in-memory-delivery-record.ts';
import { walkedEnvironments, type PromotionWorld } from './promotion-world.ts';

/** A fleet that the in-memory record knows from a few maps. */
export function inMemoryDeliveryWorld(): RollbackWorld & { readonly record: InMemoryDeliveryRecord } {
  const uids = { checkout: 'checkout-uid', catalog: 'catalog-uid' };
  const clusters: ClusterFacts[] = [];
  const pushes = new Map<string, number>();
  const deleted = new Set<string>();
  let [rollout, now]: [RolloutSettings | undefined, number] = [undefined, 0];
  const outside = (uid: string) => {
    const name = uid.replace(/-uid$/, '');
    if (deleted.has(name)) return undefined;
    const document = { ...checkoutDocument(), metadata: { name, project: 'default' } };
    const count = pushes.get(name) ?? 0;
    const head = { commit: String(count).repeat(40), trees: [`tree-${count}`] };
    const stage = stageFacts('dev', {
      path: `services/${name}/dev`,
      ...(count > 0 && { head }),
      ...(rollout && { rollout }),
    });
    return { application: checkoutFacts({ uid, name, document }), clusters, stages: [stage] };
  };
  const freezes = new Map<string, FreezeFacts>();
  const record = new InMemoryDeliveryRecord({
    outside,
    freezes: () => [...freezes.values()],
    now: () => new Date(now),
  });
  return {
    record,
    recovery: record,
    rollbacks: record.rollbacks,
    ids: countingIds(),
    uids,
    addCluster: async (name) => {
      const cluster = clusterFacts(name, 'dev');
      clusters.push(cluster);
      return cluster.uid;
    },
    push: async (name) => void pushes.set(name, (pushes.get(name) ?? 0) + 1),
    useStrategy: async (strategy) => void (rollout = { strategy: rolloutStrategySchema.parse(strategy) }),
    pass: async (ms) => void (now += ms),
    deleteApplication: async (name) => void deleted.add(name),
    freeze: async (name) => void freezes.set(name, freezeFacts(name)),
    lift: async (name) => void freezes.delete(name),
    report: async (cluster, fence, statuses) => record.report(cluster, fence, statuses),
  };
}

/** The walk of the promotion suite in memory. Time passes with every commit and every word of an agent. */
export function inMemoryPromotionWorld(): PromotionWorld {
  const clusters: ClusterFacts[] = [];
  const trees: Record<string, string> = {};
  const rollouts: Record<string, RolloutSettings> = {};
  const authors: Record<string, { name: string }> = {};
  const application = checkoutFacts();
  let [count, minutes] = [0, 0];
  const outside = (uid: string) => {
    const stages = walkedEnvironments.map((environment) =>
      stageFacts(environment, {
        ...(walkedStages[environment] && { following: walkedStages[environment] }),
        ...(rollouts[environment] && { rollout: rollouts[environment] }),
        ...(count > 0 && { head: { commit: commitOf(count), trees: [trees[environment]] } }),
      }),
    );
    return uid === application.uid ? { application, clusters, stages, authors } : undefined;
  };
  const freezes = new Map<string, FreezeFacts>();
  const now = () => new Date(minutes * 60_000);
  const record = new InMemoryDeliveryRecord({ outside, now, freezes: () => [...freezes.values()] });
  return {
    record,
    rollbacks: record.rollbacks,
    answerWaves: async (answer) => record.answerWaves(answer),
    freeze: async (name, environment) => void freezes.set(name, freezeFacts(name, { environments: [environment] })),
    lift: async (name) => void freezes.delete(name),
    ids: countingIds(),
    uid: application.uid,
    addCluster: async (environment, name = environment) => {
      const cluster = clusterFacts(name, environment);
      clusters.push(cluster);
      return cluster.uid;
    },
    push: async (author, ...environments) => {
      [count, minutes] = [count + 1, minutes + 1];
      for (const environment of environments) trees[environment] = `tree-${count}`;
      authors[commitOf(count)] = { name: author };
      return commitOf(count);
    },
    useStrategy: async (environment, strategy) =>
      void (rollouts[environment] = { strategy: rolloutStrategySchema.parse(strategy) }),
    report: async (cluster, fence, statuses) => {
      minutes++;
      record.report(cluster, fence, statuses);
    },
  };
}

const walkedStages: Readonly<Record<string, StageFollowing>> = {
  staging: { after: ['dev'], promote: 'auto', gates: [] },
  production: { after: ['staging'], promote: 'manual', gates: [{ approval: { users: ['bob', 'eve'], count: 1 } }] },
};

function commitOf(count: number): string {
  return String(count).repeat(40);
}
