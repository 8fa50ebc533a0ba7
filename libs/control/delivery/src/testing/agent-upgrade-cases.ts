import { deepEqual, equal, rejects } from 'node:assert/strict';
import {
  systemActor,
  upgradeRequestSchema,
  type HealthStatus,
  type UpgradeProgress,
  type WishedAgent,
} from '@flotilla/model';
import type { AgentUpgradeRecord, AgentUpgrades } from '../upgrades/agent-upgrades.port.ts';
import { planUpgrade } from '../upgrades/plan-upgrade.ts';

const names = ['a', 'b', 'c'] as const;
type Name = (typeof names)[number];

/** Three clusters of the default project, which are heard and whose agents can be upgraded. */
export interface UpgradeWorld {
  readonly upgrades: AgentUpgrades;
  readonly clusters: Readonly<Record<Name, string>>;
  /** The newest upgrade, as screens show it. */
  readonly newest: () => Promise<AgentUpgradeRecord>;
  /** The agent that the set of a cluster wishes for. */
  readonly wishOf: (cluster: string) => Promise<WishedAgent | undefined>;
  /** Every cluster is to run something new. */
  readonly deploy: () => Promise<void>;
  /** The agent of a cluster says how all that runs there is. */
  readonly report: (cluster: string, health: HealthStatus) => Promise<void>;
}

/** One thing that every filling of the record does alike. */
export interface AgentUpgradeCase {
  readonly title: string;
  readonly run: (world: UpgradeWorld) => Promise<void>;
}

/** What tests ask for: two at once, and none may fail. */
export const upgradeRequest = upgradeRequestSchema.parse({
  image: `registry.example.org/flotilla@sha256:${'b'.repeat(64)}`,
  version: '0.2.0',
  atOnce: 2,
});

const by = systemActor('test');
const project = 'default';

/** What every filling of the record of agent upgrades does: AT-41. Free of any test runner. */
export const agentUpgradeCases: readonly AgentUpgradeCase[] = [
  {
    title: 'travels in the set of the cluster whose turn it is, and in no other',
    run: async (world) => {
      const upgrade = await open(world);
      const { image, version, deadlineSeconds } = upgradeRequest;
      const wishes = await Promise.all(names.map((name) => world.wishOf(world.clusters[name])));
      deepEqual(wishes, [{ upgrade, image, version, deadlineSeconds }, undefined, undefined]);
      equal(await told(world), 'Running, a Upgrading, b Waiting, c Waiting');
    },
  },
  {
    title: 'goes on when the new agent says so, and wishes for nothing when it is over',
    run: async (world) => {
      const upgrade = await open(world);
      await says(world, { upgrade, name: 'a', state: 'Done' });
      equal(await told(world), 'Running, a Upgraded, b Upgrading, c Upgrading');
      for (const name of ['b', 'c'] as const) await says(world, { upgrade, name, state: 'Done' });
      equal(await told(world), 'Finished, a Upgraded, b Upgraded, c Upgraded');
      deepEqual(await Promise.all(names.map((name) => world.wishOf(world.clusters[name]))), [
        undefined,
        undefined,
        undefined,
      ]);
      equal(await world.upgrades.look(upgrade, planUpgrade), undefined);
    },
  },
  {
    title: 'halts at the first failure and says why, and goes on when a person says so',
    run: async (world) => {
      const upgrade = await open(world);
      await says(world, { upgrade, name: 'a', state: 'Failed', version: '0.1.0' });
      equal(await told(world), 'Halted FailuresExceeded, a Failed, b Waiting, c Waiting');
      await world.upgrades.steer(project, 'resume', by);
      await world.upgrades.look(upgrade, planUpgrade);
      equal(await told(world), 'Running, a Failed, b Upgrading, c Waiting');
    },
  },
  {
    title: 'begins nobody while it is paused, and goes on from there',
    run: async (world) => {
      const upgrade = await open(world);
      await world.upgrades.steer(project, 'pause', by);
      await says(world, { upgrade, name: 'a', state: 'Done' });
      equal(await told(world), 'Paused, a Upgraded, b Waiting, c Waiting');
      await world.upgrades.steer(project, 'resume', by);
      await world.upgrades.look(upgrade, planUpgrade);
      equal(await told(world), 'Running, a Upgraded, b Upgrading, c Upgrading');
    },
  },
  {
    title: 'is not taken for done while a target that was well is not',
    run: async (world) => {
      await deployed(world, 'Healthy');
      const upgrade = await open(world);
      await world.report(world.clusters.a, 'Degraded');
      await says(world, { upgrade, name: 'a', state: 'Done' });
      equal(await told(world), 'Running, a Upgrading, b Waiting, c Waiting');
      await world.report(world.clusters.a, 'Healthy');
      await world.upgrades.look(upgrade, planUpgrade);
      equal(await told(world), 'Running, a Upgraded, b Upgrading, c Upgrading');
    },
  },
  {
    title: 'does not hold a cluster to targets that were not well before',
    run: async (world) => {
      await deployed(world, 'Degraded');
      const upgrade = await open(world);
      await says(world, { upgrade, name: 'a', state: 'Done' });
      equal(await told(world), 'Running, a Upgraded, b Upgrading, c Upgrading');
    },
  },
  {
    title: 'takes no word from a cluster whose turn it is not, nor about another upgrade',
    run: async (world) => {
      const upgrade = await open(world);
      await says(world, { upgrade, name: 'b', state: 'Done' });
      const another: UpgradeProgress = { upgrade: 'another', state: 'Done' };
      await world.upgrades.heard([{ cluster: world.clusters.a, version: '0.2.0', progress: another }]);
      await world.upgrades.look(upgrade, planUpgrade);
      equal(await told(world), 'Running, a Upgrading, b Waiting, c Waiting');
      await says(world, { upgrade, name: 'a', state: 'Done' });
      await world.upgrades.look(upgrade, planUpgrade);
      equal(await told(world), 'Running, a Upgraded, b Upgrading, c Upgrading');
    },
  },
  {
    title: 'is one at a time; aborted, it is withdrawn and makes room',
    run: async (world) => {
      const upgrade = await open(world);
      await rejects(open(world), { reason: 'UpgradeOpen' });
      await world.upgrades.steer(project, 'abort', by);
      await world.upgrades.look(upgrade, planUpgrade);
      equal(await told(world), 'Aborted, a Skipped, b Skipped, c Skipped');
      equal(await world.wishOf(world.clusters.a), undefined);
      await rejects(world.upgrades.steer(project, 'pause', by), { reason: 'UpgradeMissing' });
      equal((await open(world)) === upgrade, false);
    },
  },
  {
    title: 'of one project is nobody else’s to steer',
    run: async (world) => {
      await open(world);
      await rejects(world.upgrades.steer('other', 'abort', by), { reason: 'UpgradeMissing' });
      await rejects(world.upgrades.open('other', upgradeRequest, by), { reason: 'ClustersMissing' });
    },
  },
  {
    title: 'is begun once where replicas look at the same moment',
    run: async (world) => {
      const upgrade = await world.upgrades.open(project, upgradeRequest, by);
      const plans = await Promise.all([1, 2, 3, 4].map(() => world.upgrades.look(upgrade, planUpgrade)));
      const begun = plans.flatMap((plan) => plan!.changes.map(({ name, state }) => `${name} ${state}`));
      deepEqual(begun, ['a Upgrading']);
    },
  },
  {
    title: 'opened at the same moment by several people is opened once',
    run: async ({ upgrades }) => {
      const opened = await Promise.allSettled([1, 2, 3].map(() => upgrades.open(project, upgradeRequest, by)));
      const outcomes = opened.map((one) =>
        one.status === 'rejected' ? (one.reason as { reason: string }).reason : 'opened',
      );
      deepEqual(outcomes.toSorted(), ['UpgradeOpen', 'UpgradeOpen', 'opened']);
    },
  },
  {
    title: 'that is ordered twice by one request, as retries and brokers make it, is opened once and steered once',
    run: async ({ upgrades }) => {
      const opens = () => upgrades.open(project, upgradeRequest, { ...by, request: 'request-1' });
      const aborts = () => upgrades.steer(project, 'abort', { ...by, request: 'request-2' });
      const [first, second] = [await opens(), await opens()];
      // A second abort of its own would find nothing to abort.
      deepEqual([first, await aborts(), await aborts()], [second, first, first]);
    },
  },
  ...(['stage=nowhere', 'stage=('] as const).map((selector) => ({
    title: `of ${selector} is refused`,
    run: async ({ upgrades }: UpgradeWorld) => {
      const reason = selector === 'stage=(' ? 'SelectorInvalid' : 'ClustersMissing';
      await rejects(upgrades.open(project, { ...upgradeRequest, selector }, by), { reason });
    },
  })),
];

/** Opens an upgrade, and begins it. */
async function open({ upgrades }: UpgradeWorld): Promise<string> {
  const upgrade = await upgrades.open(project, upgradeRequest, by);
  await upgrades.look(upgrade, planUpgrade);
  return upgrade;
}

interface Word extends UpgradeProgress {
  readonly name: Name;
  readonly version?: string;
}

/** An agent says how far it has come, and delivery looks. */
async function says({ upgrades, clusters }: UpgradeWorld, { name, version = '0.2.0', ...progress }: Word) {
  await upgrades.heard([{ cluster: clusters[name], version, progress }]);
  await upgrades.look(progress.upgrade, planUpgrade);
}

async function deployed(world: UpgradeWorld, health: HealthStatus): Promise<void> {
  await world.deploy();
  for (const name of names) await world.report(world.clusters[name], health);
}

/** The newest upgrade in words: `Running, a Upgrading, b Waiting`. */
async function told({ newest }: UpgradeWorld): Promise<string> {
  const { state, reason, steps } = await newest();
  const head = [state, reason?.code].filter(Boolean).join(' ');
  return [head, ...steps.map((step) => `${step.cluster} ${step.state}`)].join(', ');
}
