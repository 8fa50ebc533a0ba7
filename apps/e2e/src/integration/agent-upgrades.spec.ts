import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { planUpgrade } from '@flotilla/control-delivery';
import { LivenessStore, StatusStore, StoredUpgrades, UpgradeStore } from '@flotilla/control-store';
import { isoTime, systemClock, type Fault } from '@flotilla/foundation';
import {
  agentFeatures,
  noFence,
  systemActor,
  upgradeRequestSchema,
  type HealthStatus,
  type UpgradeProgress,
} from '@flotilla/model';
import { StoreFixture } from '../support/store-fixture.ts';
import { openPlane } from '../support/store-plane.ts';

const by = systemActor('test');
const project = 'default';
const image = `registry.example.org/flotilla@sha256:${'b'.repeat(64)}`;
const request = upgradeRequestSchema.parse({ image, version: '0.2.0', atOnce: 2 });

let fixture: StoreFixture;
let fleet: Fleet;
beforeAll(async () => {
  fixture = await StoreFixture.start();
});
beforeEach(async () => {
  fleet = await Fleet.open();
});
afterEach(() => fixture.closeStores());
afterAll(() => fixture.stop());

/** Three clusters whose agents are heard, and the upgrade that is tried on them. */
class Fleet {
  readonly plane: Awaited<ReturnType<typeof openPlane>>;
  readonly upgrades: UpgradeStore;
  readonly clusters: Readonly<Record<string, string>>;
  #reports = 0;

  private constructor(plane: Fleet['plane'], clusters: Record<string, string>) {
    this.plane = plane;
    this.clusters = clusters;
    this.upgrades = new UpgradeStore(plane.store);
  }

  static async open(): Promise<Fleet> {
    const plane = await openPlane(fixture);
    const clusters: Record<string, string> = {};
    for (const name of ['a', 'b', 'c']) clusters[name] = (await plane.join(name, { dev: 'true' })).uid;
    const liveness = new LivenessStore(plane.store);
    await liveness.listening('status-1', systemClock.now());
    await liveness.heard(Object.values(clusters).map(helloOf));
    return new Fleet(plane, clusters);
  }

  look(upgrade: string) {
    return this.upgrades.look(upgrade, planUpgrade);
  }

  /** An agent says how far it has come, and delivery looks. */
  async said(upgrade: string, name: string, state: UpgradeProgress['state'], version = '0.2.0'): Promise<void> {
    await this.upgrades.heard([{ cluster: this.clusters[name]!, version, progress: { upgrade, state } }]);
    await this.look(upgrade);
  }

  /** Deploys to every cluster, and has each agent report how it is. */
  async deployed(health: HealthStatus): Promise<void> {
    const { plane } = this;
    plane.commit({ 'services/checkout/dev/a.yaml': `a: ${this.#reports}` });
    await plane.look();
    await plane.plan('checkout');
    for (const cluster of Object.values(this.clusters)) await this.reports(cluster, health);
  }

  async reports(cluster: string, health: HealthStatus): Promise<void> {
    const now = isoTime(systemClock.now());
    const { entries } = (await this.plane.record.setFor(cluster, noFence))!;
    const items = entries.map(({ target, generation, release, source }) => {
      const applied = { release, revision: source.revision, appliedAt: now };
      return { target, generation, ...applied, sync: 'Synced' as const, health, since: now, resources: [] };
    });
    const head = { cluster, number: ++this.#reports, instance: 'i', leaseTransitions: 1, fence: noFence };
    await new StatusStore(this.plane.store).store([{ ...head, items, statusDigest: '' }], systemClock.now());
  }

  async wish(name: string) {
    return (await this.plane.record.setFor(this.clusters[name]!, noFence))?.agent;
  }

  async states(): Promise<string> {
    const { items } = await new StoredUpgrades(this.plane.store).upgrades({ project, page: { limit: 1 } });
    const { state, steps } = items[0]!;
    return [state, ...steps.map((step) => `${step.cluster} ${step.state}`)].join(', ');
  }

  async ledger(): Promise<string[]> {
    const sql = `SELECT action || ' ' || subject AS line FROM ledger WHERE action LIKE 'upgrade.%' ORDER BY id`;
    return (await this.plane.store.query<{ line: string }>(sql)).map(({ line }) => line);
  }
}

function helloOf(cluster: string) {
  const facts = {
    kubernetesVersion: 'v1',
    agentVersion: '0.1.0',
    agentFeatures: [agentFeatures.upgrade],
  };
  const said = { instance: 'i', leaseTransitions: 1, protocol: 1, fence: noFence, setDigest: '', statusDigest: '' };
  return { cluster, at: systemClock.now(), ...said, facts };
}

describe('AT-41 an agent upgrade in PostgreSQL', () => {
  it('travels in the set of the cluster whose turn it is, and in no other', async () => {
    const upgrade = await fleet.upgrades.open(project, request, by);
    await fleet.look(upgrade);
    const { version, deadlineSeconds } = request;
    expect([await fleet.wish('a'), await fleet.wish('b'), await fleet.states()]).toEqual([
      { upgrade, image, version, deadlineSeconds },
      undefined,
      'Running, a Upgrading, b Waiting, c Waiting',
    ]);
  });

  it('goes on when the new agent says so, and wishes for nothing when it is over', async () => {
    const upgrade = await fleet.upgrades.open(project, request, by);
    await fleet.look(upgrade);
    await fleet.said(upgrade, 'a', 'Done');
    const then = await fleet.states();
    for (const name of ['b', 'c']) await fleet.said(upgrade, name, 'Done');
    expect([then, await fleet.states(), await fleet.wish('a'), await fleet.wish('c')]).toEqual([
      'Running, a Upgraded, b Upgrading, c Upgrading',
      'Finished, a Upgraded, b Upgraded, c Upgraded',
      undefined,
      undefined,
    ]);
  });

  it('halts at the first failure, goes on when a person says so, and writes a line for each step, not for each hello', async () => {
    const upgrade = await fleet.upgrades.open(project, request, by);
    await fleet.look(upgrade);
    for (let hello = 0; hello < 5; hello++) await fleet.said(upgrade, 'a', 'Working', '0.1.0');
    await fleet.said(upgrade, 'a', 'Failed', '0.1.0');
    const halted = await fleet.states();
    await fleet.upgrades.steer(project, 'resume', by);
    await fleet.look(upgrade);
    expect([halted, await fleet.states(), await fleet.ledger()]).toEqual([
      'Halted, a Failed, b Waiting, c Waiting',
      'Running, a Failed, b Upgrading, c Waiting',
      [
        `upgrade.open AgentUpgrade default/${upgrade}`,
        'upgrade.begin Cluster default/a',
        'upgrade.fail Cluster default/a',
        `upgrade.halt AgentUpgrade default/${upgrade}`,
        `upgrade.resume AgentUpgrade default/${upgrade}`,
        'upgrade.begin Cluster default/b',
      ],
    ]);
  });

  it('is not taken for done while a target that was well is not', async () => {
    await fleet.deployed('Healthy');
    const upgrade = await fleet.upgrades.open(project, request, by);
    await fleet.look(upgrade);
    await fleet.reports(fleet.clusters['a']!, 'Degraded');
    await fleet.said(upgrade, 'a', 'Done');
    const unwell = await fleet.states();
    await fleet.reports(fleet.clusters['a']!, 'Healthy');
    await fleet.look(upgrade);
    expect([unwell, await fleet.states()]).toEqual([
      'Running, a Upgrading, b Waiting, c Waiting',
      'Running, a Upgraded, b Upgrading, c Upgrading',
    ]);
  });

  it('does not hold a cluster to targets that were not well before', async () => {
    await fleet.deployed('Degraded');
    const upgrade = await fleet.upgrades.open(project, request, by);
    await fleet.look(upgrade);
    await fleet.said(upgrade, 'a', 'Done');
    expect(await fleet.states()).toBe('Running, a Upgraded, b Upgrading, c Upgrading');
  });

  it('takes no word from a cluster whose turn it is not, nor about another upgrade', async () => {
    const upgrade = await fleet.upgrades.open(project, request, by);
    await fleet.look(upgrade);
    await fleet.said(upgrade, 'b', 'Done');
    await fleet.upgrades.heard([
      { cluster: fleet.clusters['a']!, version: '0.2.0', progress: { upgrade: 'another', state: 'Done' } },
    ]);
    await fleet.look(upgrade);
    expect(await fleet.states()).toBe('Running, a Upgrading, b Waiting, c Waiting');
  });

  it('is one at a time; aborted, it is withdrawn and makes room', async () => {
    const upgrade = await fleet.upgrades.open(project, request, by);
    await fleet.look(upgrade);
    await expect(fleet.upgrades.open(project, request, by)).rejects.toMatchObject({ reason: 'UpgradeOpen' });
    await fleet.upgrades.steer(project, 'abort', by);
    await fleet.look(upgrade);
    const aborted = [await fleet.states(), await fleet.wish('a')];
    const second = await fleet.upgrades.open(project, request, by);
    await expect(fleet.upgrades.steer('other', 'pause', by)).rejects.toMatchObject({ reason: 'UpgradeMissing' });
    expect([aborted, second === upgrade]).toEqual([['Aborted, a Skipped, b Skipped, c Skipped', undefined], false]);
  });

  it('is begun once where two replicas look at the same moment', async () => {
    const upgrade = await fleet.upgrades.open(project, request, by);
    await Promise.all([1, 2, 3, 4].map(() => fleet.look(upgrade)));
    expect((await fleet.ledger()).filter((line) => line.startsWith('upgrade.begin'))).toEqual([
      'upgrade.begin Cluster default/a',
    ]);
  });

  it('opened at the same moment by two people is opened once', async () => {
    const opened = await Promise.allSettled([1, 2, 3].map(() => fleet.upgrades.open(project, request, by)));
    const outcomes = opened.map((one) => (one.status === 'rejected' ? (one.reason as Fault).reason : 'opened'));
    expect(outcomes.toSorted()).toEqual(['UpgradeOpen', 'UpgradeOpen', 'opened']);
  });

  it('that is ordered twice by one request, as retries and brokers make it, is opened once and steered once', async () => {
    const giver = { ...by, request: 'request-1' };
    const [first, second] = [
      await fleet.upgrades.open(project, request, giver),
      await fleet.upgrades.open(project, request, giver),
    ];
    const pauses = { ...by, request: 'request-2' };
    for (let sent = 0; sent < 2; sent++) await fleet.upgrades.steer(project, 'pause', pauses);
    expect([first === second, await fleet.ledger()]).toEqual([
      true,
      [`upgrade.open AgentUpgrade default/${first}`, `upgrade.pause AgentUpgrade default/${first}`],
    ]);
  });

  it.each([
    ['stage=nowhere', 'ClustersMissing'],
    ['stage=(', 'SelectorInvalid'],
  ])('of %s is refused: %s', async (selector, reason) => {
    await expect(fleet.upgrades.open(project, { ...request, selector }, by)).rejects.toMatchObject({ reason });
  });
});
