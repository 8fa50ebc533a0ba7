import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { isoTime, type Ids } from '@flotilla/foundation';
import {
  mergeEntries,
  noFence,
  systemActor,
  type DesiredEntry,
  type Fence,
  type RolloutStrategyInput,
  type TargetStatus,
} from '@flotilla/model';
import { entryDigest, setDigest } from '@flotilla/model/node';
import type { DeliveryRecord, SetContent } from '../delivery-record.port.ts';
import type { RecoveryRecord } from '../recovery/recovery-record.port.ts';
import type { DeliveryFacts, ReleaseFacts } from '../facts.ts';
import { planDelivery, type DeliveryPlan } from '../plan-delivery.ts';

/** Applications `checkout` and `catalog` of the default project, which enter `dev`; no clusters and no commit yet. */
export interface DeliveryWorld {
  readonly record: DeliveryRecord;
  readonly recovery: RecoveryRecord;
  readonly ids: Ids;
  readonly uids: Readonly<Record<'checkout' | 'catalog', string>>;
  /** Adds a cluster that is labelled for `dev`, and gives its uid. */
  readonly addCluster: (name: string) => Promise<string>;
  /** A commit that changes what an application reads was seen in Git. */
  readonly push: (application: 'checkout' | 'catalog') => Promise<void>;
  /** From the next rollout on, releases go over `dev` like this. */
  readonly useStrategy: (strategy: RolloutStrategyInput) => Promise<void>;
  readonly deleteApplication: (application: 'checkout' | 'catalog') => Promise<void>;
  /** Somebody freezes everything in `dev` until they lift it. */
  readonly freeze: (name: string) => Promise<void>;
  readonly lift: (name: string) => Promise<void>;
  /** Time passes. */
  readonly pass: (ms: number) => Promise<void>;
  /** An agent, which held this set, spoke of its targets. */
  readonly report: (cluster: string, fence: Fence, statuses: readonly TargetStatus[]) => Promise<void>;
}

/** One thing that every filling of the record does alike. */
export interface DeliveryRecordCase {
  readonly title: string;
  readonly run: (world: DeliveryWorld) => Promise<void>;
}

/** Whose orders these are. */
export const by = systemActor('test');
const since = isoTime(0);
const sides = { project: 'default', application: 'checkout' };

/** What every filling of the port does. Free of any test runner. */
export const deliveryRecordCases: readonly DeliveryRecordCase[] = [
  {
    title: 'a first plan reaches each cluster as its whole set, of generation one',
    run: async (world) => {
      const cluster = await world.addCluster('c1');
      await world.push('checkout');
      const planned = await plan(world, 'checkout');
      const { changes, rollouts } = planned!;
      const entry = { ...changes[0]!.entry, generation: 1 };
      equal(rollouts.length, 1);
      deepEqual(await world.record.setFor(cluster, 'last-heard'), {
        cluster,
        fence: { epoch: 1, generation: 1 },
        previous: 0,
        entries: [entry],
        gone: [],
        setDigest: setDigest([entryDigest(entry)]),
      });
    },
  },
  {
    title: 'a release is read back as it was made',
    run: async (world) => {
      await world.push('checkout');
      const planned = await plan(world, 'checkout');
      let read: readonly ReleaseFacts[] = [];
      await world.record.plan(world.uids.checkout, (facts) => {
        read = facts.releases;
        return planDelivery(facts, world.ids);
      });
      deepEqual(read, planned!.releases);
    },
  },
  {
    title: 'planners that meet make one release and spend one generation',
    run: async (world) => {
      const cluster = await world.addCluster('c1');
      await world.push('checkout');
      const plans = await Promise.all([1, 2, 3].map(() => plan(world, 'checkout')));
      equal(plans.filter((each) => each!.releases.length > 0).length, 1);
      equal((await world.record.setFor(cluster, noFence))!.fence.generation, 1);
    },
  },
  {
    title: 'of two applications that meet on one cluster nothing is lost, whether or not they share a generation',
    run: async (world) => {
      const cluster = await world.addCluster('c1');
      await world.push('checkout');
      await world.push('catalog');
      await Promise.all([plan(world, 'checkout'), plan(world, 'catalog')]);
      const { fence, entries } = (await world.record.setFor(cluster, noFence))!;
      deepEqual(entries.map(({ application }) => application).toSorted(), ['catalog', 'checkout']);
      equal(Math.max(...entries.map(({ generation }) => generation)), fence.generation);
    },
  },
  {
    title: 'applications that are planned at the same time each rest on the facts that they would rest on alone',
    run: async (world) => {
      await world.addCluster('c1');
      for (const name of ['checkout', 'catalog', 'checkout'] as const) {
        await world.push(name);
        await plan(world, name);
      }
      const alone = [await factsOf(world, 'checkout'), await factsOf(world, 'catalog')];
      deepEqual(await Promise.all([factsOf(world, 'checkout'), factsOf(world, 'catalog')]), alone);
      deepEqual(
        alone.map((facts) => [facts.application.name, facts.targets.length, facts.releases.length]),
        [
          ['checkout', 1, 2],
          ['catalog', 1, 1],
        ],
      );
    },
  },
  {
    title: 'one application that cannot be planned keeps nobody from it that is planned at the same time',
    run: async (world) => {
      const cluster = await world.addCluster('c1');
      await world.push('checkout');
      await world.push('catalog');
      const fails = world.record.plan(world.uids.checkout, () => {
        throw new Error('no plan');
      });
      await Promise.all([rejects(fails, /no plan/), plan(world, 'catalog')]);
      const { entries } = (await world.record.setFor(cluster, noFence))!;
      deepEqual(
        entries.map(({ application }) => application),
        ['catalog'],
      );
    },
  },
  {
    title: 'a change merges to the digest it names, however old what a cluster holds is',
    run: async (world) => {
      const cluster = await world.addCluster('c1');
      for (const name of ['checkout', 'catalog'] as const) {
        await world.push(name);
        await plan(world, name);
      }
      const agent = new HeldSet();
      agent.take(await world.record.setFor(cluster, agent.fence));
      deepEqual(await world.record.behind(new Map([[cluster, agent.fence]])), []);
      for (let change = 0; change < 2; change++) {
        await world.push('checkout');
        await plan(world, 'checkout');
      }
      deepEqual(await world.record.behind(new Map([[cluster, agent.fence]])), [cluster]);
      const content = agent.take(await world.record.setFor(cluster, agent.fence));
      deepEqual([content.previous, content.entries.map(({ application }) => application)], [2, ['checkout']]);
    },
  },
  {
    title: 'a cluster that is ahead of the record is sent nothing; one of another epoch gets the whole',
    run: async (world) => {
      const cluster = await world.addCluster('c1');
      await world.push('checkout');
      await plan(world, 'checkout');
      const ahead = { epoch: 1, generation: 9 };
      await rejects(world.record.setFor(cluster, ahead), { reason: 'SetHeldBack' });
      deepEqual(await world.record.behind(new Map([[cluster, ahead]])), []);
      equal((await world.record.setFor(cluster, { epoch: 0, generation: 9 }))!.previous, 0);
    },
  },
  {
    title: 'a cluster that holds another set under a number of ours is sent nothing, however high we count meanwhile',
    run: async (world) => {
      const cluster = await world.addCluster('c1');
      const ours: string[] = [];
      for (let count = 0; count < 3; count++) {
        await world.push('checkout');
        await plan(world, 'checkout');
        ours.push((await world.record.setFor(cluster, noFence))!.setDigest);
      }
      const said = (digest: string) => ({ epoch: 1, generation: 2, setDigest: digest });
      deepEqual(await world.record.behind(new Map([[cluster, said('0'.repeat(64))]])), []);
      await rejects(world.record.setFor(cluster, said('0'.repeat(64))), { reason: 'SetHeldBack' });
      deepEqual(await world.record.behind(new Map([[cluster, said(ours[1]!)]])), [cluster]);
      equal((await world.record.setFor(cluster, said(ours[1]!)))!.previous, 2);
    },
  },
  {
    title: 'what an agent last said it holds is what the next change starts from',
    run: async (world) => {
      const cluster = await world.addCluster('c1');
      await world.push('checkout');
      await plan(world, 'checkout');
      const { fence } = (await world.record.setFor(cluster, 'last-heard'))!;
      await world.report(cluster, fence, []);
      deepEqual(await world.record.setFor(cluster, 'last-heard'), undefined);
      await world.push('checkout');
      await plan(world, 'checkout');
      equal((await world.record.setFor(cluster, 'last-heard'))!.previous, fence.generation);
    },
  },
  {
    title: 'an order of a person is a new generation for the targets it selects, and for no other',
    run: async (world) => {
      const cluster = await world.addCluster('c1');
      for (const name of ['checkout', 'catalog'] as const) {
        await world.push(name);
        await plan(world, name);
      }
      const suspended = { by: 'user:ann', reason: 'looking', since };
      const [target, ...others] = await world.record.suspend(sides, suspended, by);
      deepEqual([target!.name, others], ['checkout.dev.c1', []]);
      const afterwards = await world.record.setFor(cluster, { epoch: 1, generation: 2 });
      deepEqual(
        afterwards!.entries.map((entry) => [entry.target, entry.generation, entry.suspended]),
        [[target!.uid, 3, suspended]],
      );
      await world.record.suspend(sides, undefined, by);
      const [resumed] = (await world.record.setFor(cluster, { epoch: 1, generation: 3 }))!.entries;
      ok(!('suspended' in resumed!));
      deepEqual(await world.record.requestSync({ ...sides, cluster: 'nowhere' }, 'request', by), []);
      equal((await world.record.setFor(cluster, noFence))!.fence.generation, 4);
    },
  },
  {
    title: 'AT-09: an order that comes twice with one request is carried out once, and answered twice',
    run: async (world) => {
      const cluster = await world.addCluster('c1');
      await world.push('checkout');
      await plan(world, 'checkout');
      const twice = { ...by, request: 'request1' };
      const order = () => world.record.suspend(sides, { by: 'user:ann', reason: 'looking', since }, twice);
      const [first, second] = await Promise.all([order(), order()]);
      deepEqual(second, first);
      await world.record.suspend(sides, undefined, { ...by, request: 'request2' });
      deepEqual(await order(), first);
      const [entry] = (await world.record.setFor(cluster, noFence))!.entries;
      deepEqual([entry!.generation, entry!.suspended], [3, undefined]);
    },
  },
  {
    title: 'a suspension outlives the next release',
    run: async (world) => {
      const cluster = await world.addCluster('c1');
      await world.push('checkout');
      await plan(world, 'checkout');
      await world.record.suspend(sides, { by: 'user:ann', reason: 'looking', since }, by);
      await world.push('checkout');
      await plan(world, 'checkout');
      const [entry] = (await world.record.setFor(cluster, noFence))!.entries;
      deepEqual([entry!.generation, entry!.suspended?.reason], [3, 'looking']);
    },
  },
  {
    title: 'AT-38: a frozen target keeps its entry through the next release, and has the newest one when it is lifted',
    run: async (world) => {
      const cluster = await world.addCluster('c1');
      await world.push('checkout');
      await plan(world, 'checkout');
      const entry = async () => (await world.record.setFor(cluster, noFence))!.entries[0]!;
      const before = await entry();
      await world.freeze('year-end');
      await world.push('checkout');
      await plan(world, 'checkout');
      const { frozen, generation, intent, needs, ...held } = await entry();
      deepEqual({ ...held, intent: 'run', generation: 1 }, before);
      deepEqual(
        [frozen!.map(({ name, scope }) => [name, scope]), generation, intent, needs],
        [[['year-end', 'deploys']], 2, 'run-if-understood', ['freeze']],
      );
      await world.lift('year-end');
      await plan(world, 'checkout');
      const after = await entry();
      deepEqual([after.frozen, after.sourceDigest === before.sourceDigest, after.generation], [undefined, false, 3]);
    },
  },
  {
    title: 'AT-38: the glass is broken for what entered last, where something is frozen, and once for one request',
    run: async (world) => {
      const cluster = await world.addCluster('c1');
      for (const name of ['checkout', 'catalog'] as const) await world.push(name);
      for (const name of ['checkout', 'catalog'] as const) await plan(world, name);
      const breaking = { reason: 'hotfix', since, expires: '2999-01-01T00:00:00.000Z' };
      const order = () => world.record.breakGlass(sides, breaking, { ...by, request: 'request1' });
      deepEqual(await world.record.breakGlass(sides, breaking, by), []);
      await world.freeze('year-end');
      await world.push('checkout');
      const { releases } = (await plan(world, 'checkout'))!;
      deepEqual(await order(), await order());
      await plan(world, 'checkout');
      const passed = (await world.record.setFor(cluster, noFence))!.entries.find(({ frozen }) => frozen);
      await world.push('checkout');
      await plan(world, 'checkout');
      const next = (await world.record.setFor(cluster, noFence))!.entries.find(({ frozen }) => frozen);
      const digest = releases[0]!.digests['dev'];
      deepEqual(
        [passed!.sourceDigest, passed!.breakGlass, next!.sourceDigest],
        [digest, { by: 'system:test', ...breaking, sourceDigest: digest }, digest],
      );
    },
  },
  {
    title: 'a target leaves only when its agent says so, and is forgotten only when the agent heard of it',
    run: async (world) => {
      const cluster = await world.addCluster('c1');
      await world.push('checkout');
      await plan(world, 'checkout');
      await world.deleteApplication('checkout');
      await plan(world, 'checkout');
      const leaving = (await world.record.setFor(cluster, { epoch: 1, generation: 1 }))!;
      const [entry] = leaving.entries;
      deepEqual([entry!.intent, leaving.gone], ['orphan', []]);
      await world.report(cluster, leaving.fence, [statusOf(entry!, { generation: 1, gone: true })]);
      equal((await plan(world, 'checkout'))!.removals.length, 0);
      await world.report(cluster, leaving.fence, [statusOf(entry!, { gone: true })]);
      equal((await plan(world, 'checkout'))!.removals.length, 1);
      const gone = (await world.record.setFor(cluster, leaving.fence))!;
      deepEqual([gone.entries, gone.gone, gone.setDigest], [[], [entry!.target], setDigest([])]);
      await world.record.behind(new Map([[cluster, leaving.fence]]));
      equal(await world.record.clusterOf('default', entry!.target), cluster);
      await world.record.behind(new Map([[cluster, gone.fence]]));
      await rejects(world.record.clusterOf('default', entry!.target), { reason: 'TargetMissing' });
      deepEqual(await plan(world, 'checkout'), undefined);
    },
  },
  {
    title: 'a rollout finishes when all its targets are well at the generation that brought it',
    run: async (world) => {
      const cluster = await world.addCluster('c1');
      await world.push('checkout');
      const [rollout] = (await plan(world, 'checkout'))!.rollouts;
      const settle = () => world.record.settleRollout(rollout!.uid);
      const progress = (arrived: number) => ({ application: 'checkout', environment: 'dev', total: 1, arrived });
      deepEqual(await settle(), progress(0));
      const { entries, fence } = (await world.record.setFor(cluster, noFence))!;
      await world.report(cluster, fence, [statusOf(entries[0]!, { health: 'Progressing' })]);
      deepEqual(await settle(), progress(0));
      await world.report(cluster, fence, [statusOf(entries[0]!, {})]);
      deepEqual(await settle(), progress(1));
      deepEqual(await settle(), undefined);
    },
  },
  {
    title: 'what a freeze keeps at the release before it has not arrived, however well it is',
    run: async (world) => {
      const cluster = await world.addCluster('c1');
      const says = async () => {
        const { entries, fence } = (await world.record.setFor(cluster, noFence))!;
        await world.report(cluster, fence, [statusOf(entries[0]!, {})]);
      };
      await world.push('checkout');
      await plan(world, 'checkout');
      await world.freeze('sale');
      await plan(world, 'checkout');
      await world.push('checkout');
      const [rollout] = (await plan(world, 'checkout'))!.rollouts;
      const arrived = async () => (await world.record.settleRollout(rollout!.uid))?.arrived;
      await says();
      const frozen = await arrived();
      await world.lift('sale');
      await plan(world, 'checkout');
      const told = await arrived();
      await says();
      deepEqual([frozen, told, await arrived(), await arrived()], [0, 0, 1, undefined]);
    },
  },
  {
    title: 'a rollout ends with the application that it was for',
    run: async (world) => {
      await world.push('checkout');
      const [rollout] = (await plan(world, 'checkout'))!.rollouts;
      equal((await world.record.settleRollout(rollout!.uid))!.total, 0);
      await world.deleteApplication('checkout');
      deepEqual((await plan(world, 'checkout'))!.withdrawn, [rollout!.uid]);
      deepEqual(await world.record.settleRollout(rollout!.uid), undefined);
    },
  },
];

/** Plans one application as its work is done. */
export function plan(
  { record, ids, uids }: DeliveryWorld,
  name: 'checkout' | 'catalog',
): Promise<DeliveryPlan | undefined> {
  return record.plan(uids[name], (facts) => planDelivery(facts, ids));
}

/** What a plan for it rests on now, whenever that is. */
async function factsOf({ record, ids, uids }: DeliveryWorld, name: 'checkout' | 'catalog') {
  const read: Omit<DeliveryFacts, 'now'>[] = [];
  await record.plan(uids[name], (facts) => {
    const { now: _, ...rest } = facts;
    read.push(rest);
    return planDelivery(facts, ids);
  });
  return read.at(-1)!;
}

/** What an agent holds: it takes a change only if the result has the digest that the change names. */
class HeldSet {
  fence: Fence = noFence;
  #entries: readonly DesiredEntry[] = [];

  take(content: SetContent | undefined): SetContent {
    const { fence, gone, entries, ...change } = content!;
    this.#entries = mergeEntries(this.#entries, { ...change, ...fence, gone: [...gone], entries: [...entries] });
    equal(setDigest(this.#entries.map(entryDigest)), change.setDigest);
    this.fence = fence;
    return content!;
  }
}

/** What an agent says of a target that is as it shall be. */
export function statusOf(entry: DesiredEntry, over: Partial<TargetStatus>): TargetStatus {
  const { target, generation, release, sourceDigest, source } = entry;
  const applied = { revision: source.revision, release, sourceDigest, appliedAt: since };
  return { target, generation, ...applied, sync: 'Synced', health: 'Healthy', since, resources: [], ...over };
}
