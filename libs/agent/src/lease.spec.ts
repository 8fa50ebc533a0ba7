import { beforeEach, describe, expect, it } from 'vitest';
import { AgentLease } from './lease.ts';
import { agentObjects } from './names.ts';
import { FailingCluster } from './testing/failing-cluster.ts';
import { TargetWorld } from './testing/target-world.ts';

const key = {
  group: 'coordination.k8s.io',
  kind: 'Lease',
  namespace: agentObjects.namespace,
  name: agentObjects.lease,
};
/** What a Lease counts from that is made as the world begins. */
const firstCount = Date.UTC(2026, 0, 1) / 1_000;
let world: TargetWorld;

beforeEach(async () => {
  world = await TargetWorld.open();
});

/** One instance of the agent, in front of an API server of its own mood. */
class Instance {
  readonly failing = new FailingCluster(world.api);
  readonly lost: number[] = [];
  readonly errors: unknown[] = [];
  readonly lease: AgentLease;
  readonly #stopping = new AbortController();

  constructor(instance: string, clockOffMs = 0) {
    const { clock } = world;
    this.lease = new AgentLease({
      cluster: this.failing.cluster,
      clock: { now: () => clock.now() + clockOffMs, sleep: (ms, signal) => clock.sleep(ms, signal) },
      namespace: agentObjects.namespace,
      instance,
      onError: (error) => void this.errors.push(error),
      onLost: () => void this.lost.push(world.clock.now()),
    });
  }

  begin(): void {
    void this.lease.acquire(this.#stopping.signal);
  }

  giveUp(): void {
    this.#stopping.abort();
  }

  get state(): string {
    const handOvers = Math.max(0, this.lease.transitions - firstCount);
    return `${this.lease.isHeld ? 'holds' : 'waits'} ${handOvers}`;
  }
}

const spec = () => world.api.peek(key)!.spec as { holderIdentity: string; leaseTransitions: number };

describe('AT-26 one instance speaks', () => {
  it('the first takes the Lease and keeps it', async () => {
    const first = new Instance('a');
    first.begin();
    await world.settle(60_000);
    expect([first.state, spec().holderIdentity, first.lost]).toEqual(['holds 1', 'a', []]);
  });

  it('a second waits for as long as it takes', async () => {
    const [first, second] = [new Instance('a'), new Instance('b')];
    first.begin();
    await world.settle(1_000);
    second.begin();
    await world.settle(3_600_000);
    expect([first.state, second.state]).toEqual(['holds 1', 'waits 0']);
  });

  it('hands over at once when the first stops, with a higher count', async () => {
    const [first, second] = [new Instance('a'), new Instance('b')];
    first.begin();
    await world.settle(1_000);
    second.begin();
    await first.lease.stop();
    await world.settle(1_500);
    expect([first.state, second.state, spec()]).toMatchObject([
      'waits 1',
      'holds 2',
      { holderIdentity: 'b', leaseTransitions: firstCount + 2 },
    ]);
  });

  it('never do two hold it: the first that cannot renew falls silent before another may take over', async () => {
    const [first, second] = [new Instance('a'), new Instance('b')];
    first.begin();
    await world.settle(1_000);
    second.begin();
    first.failing.fail({ on: 'get Lease' }, { on: 'mergePatch Lease' });
    for (let second_ = 0; second_ < 60; second_++) {
      await world.settle(500);
      expect([first, second].filter(({ lease }) => lease.isHeld).length).toBeLessThan(2);
    }
    expect([first.state, second.state]).toEqual(['waits 1', 'holds 2']);
  });

  it.each([-4, 4])(
    'a holder whose clock is %i hours off neither keeps it for ever nor loses it to others',
    async (hours) => {
      const [first, second] = [new Instance('a', hours * 3_600_000), new Instance('b')];
      first.begin();
      await world.settle(1_000);
      second.begin();
      await world.settle(60_000);
      const before = [first.state, second.state];
      first.failing.fail({ on: 'get Lease' }, { on: 'mergePatch Lease' });
      await world.settle(30_000);
      expect([before, [first.lease.isHeld, second.lease.isHeld]]).toEqual([
        [expect.stringMatching('^holds'), 'waits 0'],
        [false, true],
      ]);
    },
  );

  it('who finds another holding it is told to end, and may not speak meanwhile', async () => {
    const [first, second] = [new Instance('a'), new Instance('b')];
    first.begin();
    await world.settle(1_000);
    second.begin();
    first.failing.fail({ on: 'get Lease' });
    await world.settle(30_000);
    first.failing.heal();
    await world.settle(5_000);
    expect([first.lease.isHeld, first.lost.length > 0, second.state]).toEqual([false, true, 'holds 2']);
  });

  it('a restart under the same name is no hand-over', async () => {
    const first = new Instance('a');
    first.begin();
    await world.settle(1_000);
    const again = new Instance('a');
    again.begin();
    await world.settle(1_000);
    expect(again.state).toBe('holds 1');
  });

  it('AT-08: a Lease that was deleted comes back with a higher count, or nobody would believe its holder again', async () => {
    const first = new Instance('a');
    first.begin();
    await world.settle(60_000);
    const before = first.lease.transitions;
    await world.api.delete(key, { uid: world.api.peek(key)!.metadata.uid! });
    await world.settle(5_000);
    expect([first.lease.isHeld, first.lost, first.lease.transitions > before]).toEqual([true, [], true]);
  });

  it('a race for it is lost without harm', async () => {
    const [first, second] = [new Instance('a'), new Instance('b')];
    first.begin();
    second.begin();
    await world.settle(20_000);
    expect([first.state, second.state].toSorted()).toEqual(['holds 1', 'waits 0']);
  });

  it('who is told to stop waiting, stops', async () => {
    const [first, second] = [new Instance('a'), new Instance('b')];
    first.begin();
    await world.settle(1_000);
    second.begin();
    second.giveUp();
    await first.lease.stop();
    await world.settle(60_000);
    expect(second.state).toBe('waits 0');
  });
});
