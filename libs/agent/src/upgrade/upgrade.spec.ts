import { describe, expect, it } from 'vitest';
import { FailingCluster } from '../testing/failing-cluster.ts';
import { interceptCluster } from '../testing/intercept-cluster.ts';
import { deploymentKey, newImage, oldImage, UpgradeWorld, type NewAgent, type Part } from '../testing/upgrade-world.ts';

const confirmed = 'Confirmed new Done';
const returned = 'Returning old Failed AgentUpgradeFailed';

describe('AT-41 an agent upgrade in its cluster', () => {
  it('is planned, watched, made, and confirmed by the new agent', async () => {
    const world = await UpgradeWorld.open();
    await world.upgrade();
    expect([await world.outcome(), world.steps]).toEqual([
      confirmed,
      ['old: plan', 'old: watch', 'watchdog: announce', 'old: switch', 'new: confirm', 'watchdog: leave'],
    ]);
  });

  it.each<[NewAgent]>([['crashes'], ['unheard']])('is put back when the new agent %s', async (newAgent) => {
    const world = await UpgradeWorld.open({ newAgent });
    await world.upgrade();
    expect([await world.outcome(), world.steps.slice(-3)]).toEqual([
      returned,
      ['watchdog: return', 'watchdog: end', 'watchdog: leave'],
    ]);
  });

  it('is never confirmed by the old agent, which is heard and still runs when its Deployment has the new image', async () => {
    const world = await UpgradeWorld.open({ newAgent: 'unheard', graceMs: 5_000 });
    await world.upgrade();
    expect(await world.outcome()).toBe(returned);
  });

  it('says why: what the new pod itself says', async () => {
    const world = await UpgradeWorld.open({ newAgent: 'crashes' });
    await world.upgrade(20_000);
    const deployment = world.api.peek(deploymentKey)!;
    const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'flotilla-agent', uid: deployment.metadata.uid! };
    await world.api.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'pod-2', namespace: 'flotilla-system', ownerReferences: [{ ...owner, controller: true }] },
      spec: { containers: [{ name: 'agent', image: newImage }] },
      status: {
        phase: 'Pending',
        containerStatuses: [
          { name: 'agent', state: { waiting: { reason: 'ImagePullBackOff', message: 'not found' } }, restartCount: 0 },
        ],
      },
    });
    await world.pass(300_000);
    expect((await world.record())!.reason!.message).toMatch(/within 60 s, and the old one was put back: .*ImagePull/);
  });

  it('goes back at once when the Deployment itself has given up', async () => {
    const world = await UpgradeWorld.open({ newAgent: 'crashes' });
    await world.upgrade(20_000, 600);
    const conditions = [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'late' }];
    await world.api.mergePatch(deploymentKey, { status: { conditions } });
    await world.pass(10_000);
    expect(await world.outcome()).toBe(returned);
  });

  it('is tried once: the wish that still stands is not obeyed again', async () => {
    const world = await UpgradeWorld.open({ newAgent: 'crashes' });
    await world.upgrade(3_600_000);
    expect(world.steps.filter((step) => step === 'old: switch')).toHaveLength(1);
  });

  it('is not begun while the control plane is away, and nothing is written for it', async () => {
    const world = await UpgradeWorld.open();
    world.connected = false;
    world.api.writes.length = 0;
    await world.upgrade(60_000);
    expect([await world.outcome(), world.api.writes]).toEqual(['nothing old Working', []]);
  });

  it('is refused when its watchdog never says that it runs: nothing was changed', async () => {
    const world = await UpgradeWorld.open({ isWatchdogScheduled: false });
    await world.upgrade();
    expect([await world.outcome(), world.steps.includes('old: switch')]).toEqual([
      'Refused old Failed WatchdogSilent',
      false,
    ]);
  });

  it('that is withdrawn in time comes to nothing', async () => {
    const world = await UpgradeWorld.open({ isWatchdogScheduled: false });
    await world.upgrade(5_000);
    world.hope(undefined);
    await world.pass(10_000);
    expect([(await world.record())!.phase, world.container.image]).toEqual(['Refused', oldImage]);
  });

  it('that a person undoes is not made again', async () => {
    const world = await UpgradeWorld.open({ newAgent: 'unheard' });
    await world.upgrade(10_000);
    const spec = { template: { spec: { containers: [{ ...world.container, image: oldImage }] } } };
    await world.api.as('kubectl').mergePatch(deploymentKey, { spec });
    await world.pass(300_000);
    expect([await world.outcome(), world.steps.filter((step) => step === 'old: switch')]).toEqual([
      'Refused old Failed DeploymentChanged',
      ['old: switch'],
    ]);
  });

  it('leaves an agent alone that has the image already', async () => {
    const world = await UpgradeWorld.open();
    world.hope({ upgrade: 'upgrade-1', image: oldImage, version: '0.1.0', deadlineSeconds: 60 });
    await world.pass(10_000);
    expect([await world.outcome(), world.steps]).toEqual(['nothing old Done', []]);
  });

  it('leaves a record alone that a newer agent wrote in a way that is not known here', async () => {
    const world = await UpgradeWorld.open();
    const key = { group: '', kind: 'ConfigMap', namespace: 'flotilla-system', name: 'flotilla-upgrade' };
    const data = { upgrade: JSON.stringify({ version: 2, upgrade: 'upgrade-0', phase: 'Confirmed' }) };
    await world.api.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: key, data });
    await world.pass(10_000);
    expect(world.api.peek(key)!.data).toEqual(data);
  });
});

/** Dies at the nth call of one part, before or after its effect, and is started again two seconds later. */
async function withDeath(newAgent: NewAgent, part: Part, calls: number, lastHasEffect: boolean) {
  let isDue = true;
  const died: string[] = [];
  let begun: UpgradeWorld | undefined;
  const world = await UpgradeWorld.open({
    newAgent,
    through: (who, api) => {
      if (who !== part || !isDue) return api;
      const failing = new FailingCluster(api);
      failing.dieAfter(calls, lastHasEffect);
      return interceptCluster(failing.cluster, async (call, effect) => {
        const wasDue = failing.calls.length < calls;
        const result = await effect().then(
          (value) => ({ value }),
          (error: unknown) => ({ error }),
        );
        if (wasDue && failing.calls.length >= calls && isDue) {
          isDue = false;
          died.push(`${call.verb} ${call.subject}`);
          void begun?.restart(part);
        }
        if ('error' in result) throw result.error;
        return result.value;
      });
    },
  });
  begun = world;
  await world.upgrade(120_000);
  return { outcome: await world.outcome(), died: died[0] };
}

describe('AT-41 whoever dies, at any call', () => {
  const parts: readonly Part[] = ['old', 'watchdog', 'new'];
  const ends: Readonly<Record<NewAgent, string>> = {
    good: confirmed,
    crashes: returned,
    unheard: returned,
  };
  const rows = (Object.keys(ends) as NewAgent[]).flatMap((newAgent) =>
    parts.flatMap((part) => [true, false].map((lastHasEffect) => ({ newAgent, part, lastHasEffect }))),
  );

  it.each(rows)('a new agent that is $newAgent, the $part one dies, effect $lastHasEffect', async (row) => {
    const { newAgent, part, lastHasEffect } = row;
    const ended: string[] = [];
    const deaths = new Set<string>();
    // The first three are its look around at the start, before there is anything to upgrade.
    for (let calls = part === 'old' ? 4 : 1; calls <= 24; calls++) {
      const { outcome, died } = await withDeath(newAgent, part, calls, lastHasEffect);
      if (died) deaths.add(died);
      if (outcome !== ends[newAgent]) ended.push(`at call ${calls} (${died}): ${outcome}`);
    }
    expect([ended, deaths.size > 0 || (newAgent === 'crashes' && part === 'new')]).toEqual([[], true]);
  });
});

describe('AT-41 when decisions meet at the deadline', () => {
  /** Small numbers that follow from a seed. */
  function chance(seed: number): () => number {
    let state = seed;
    return () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
  }

  it('the image that stays is the one that the record names, in 150 orders of things', async () => {
    const slowest: Readonly<Record<Part, number>> = { old: 6_000, watchdog: 200, new: 3_000 };
    const wrong: string[] = [];
    const seen = new Set<string>();
    for (let seed = 1; seed <= 150; seed++) {
      const next = chance(seed);
      const world = await UpgradeWorld.open({
        graceMs: Math.floor(next() * 6_000),
        through: (part, api, clock) =>
          interceptCluster(api, async (_call, effect) => {
            await clock.sleep(Math.floor(next() * slowest[part]));
            const result = await effect();
            await clock.sleep(Math.floor(next() * slowest[part]));
            return result;
          }),
      });
      await world.upgrade(150_000, 5 + Math.floor(next() * 40));
      const outcome = await world.outcome();
      seen.add(outcome);
      if (outcome !== confirmed && outcome !== returned) wrong.push(`seed ${seed}: ${outcome}`);
    }
    expect([wrong, seen]).toEqual([[], new Set([confirmed, returned])]);
  }, 30_000);
});
