import { beforeEach, describe, expect, it } from 'vitest';
import type { Hello, Report } from '@flotilla/contracts';
import type { DesiredEntry } from '@flotilla/model';
import type { AgentEvent } from './agent-options.ts';
import { Agent } from './agent.ts';
import { agentObjects } from './names.ts';
import { noTracer } from './ports/tracer.port.ts';
import { configMapKey, configMapText, identityOf } from './testing/factories.ts';
import { cutLine } from './testing/in-memory-line.ts';
import { PlayedPlane } from './testing/played-plane.ts';
import { TargetWorld } from './testing/target-world.ts';
import type { ControlLine } from './ports/control-line.port.ts';

let world: TargetWorld;
let plane: PlayedPlane;
let events: AgentEvent[];
let lease: { isHeld: boolean; transitions: number };
let agent: Agent;

beforeEach(async () => {
  world = await TargetWorld.open();
  plane = new PlayedPlane(world.clock);
  events = [];
  lease = { isHeld: true, transitions: 1 };
});

async function start(line: ControlLine = plane): Promise<void> {
  agent = new Agent({
    identity: identityOf({ orderKeys: [plane.key.publicKey] }),
    instance: 'i1',
    namespace: agentObjects.namespace,
    cluster: world.failing.cluster,
    sources: world.gitHost,
    renderer: world.renderer,
    line,
    lease,
    facts: () => ({ kubernetesVersion: 'v1', agentVersion: 'v1' }),
    clock: world.clock,
    random: { next: () => 0.5 },
    tracer: noTracer,
    onEvent: (event) => void events.push(event),
  });
  await agent.start();
  await world.settle(1_000);
}

async function order(...entries: readonly DesiredEntry[]): Promise<void> {
  plane.order(...entries);
  await world.settle(1_000);
}

const told = () => {
  const { sync, health, reason } = plane.status('target1') ?? {};
  return [sync, health, reason?.code].filter(Boolean).join(' ');
};

describe('an agent', () => {
  it('does what it is ordered to and says so', async () => {
    await start();
    await order(world.entry([configMapText('one')]));
    expect([world.data('one'), told(), plane.status('target1')!.generation]).toEqual([{ a: '1' }, 'Synced Healthy', 1]);
  });

  it('says every ten seconds that it is here and what it holds', async () => {
    await start();
    await order(world.entry([configMapText('one')]));
    await world.settle(60_000);
    const fences = plane.hellos.map(({ fence }: Hello) => fence.generation);
    expect([fences.length >= 6, fences.at(-1), plane.hellos.at(-1)!.instance]).toEqual([true, 1, 'i1']);
  });

  it('goes on from what the cluster keeps after a restart, before it heard of anybody', async () => {
    await start();
    await order(world.entry([configMapText('one')]));
    await agent.stop();
    await start(cutLine);
    await world.people.mergePatch(configMapKey('one'), { data: { a: 'by hand' } });
    await world.settle();
    expect([world.data('one'), events.at(-1)]).toEqual([{ a: '1' }, { kind: 'recalled', targets: 1, generation: 1 }]);
  });

  it('reports a target that the set lists no more as Unlisted and keeps it, also after a restart', async () => {
    await start();
    await order(world.entry([configMapText('one')]));
    plane.unlist('target1');
    await world.settle(2_000);
    const first = told();
    await agent.stop();
    plane.statuses.clear();
    await start();
    await world.settle(10_000);
    expect([first, told(), world.data('one')]).toEqual([
      'Unknown Unknown Unlisted',
      'Unknown Unknown Unlisted',
      { a: '1' },
    ]);
  });

  it('forgets a target for good once it is gone and listed no more', async () => {
    await start();
    const entry = world.entry([configMapText('one')]);
    await order(entry);
    await order({ ...entry, intent: 'delete' });
    const gone = plane.status('target1')!.gone;
    plane.unlist('target1');
    await world.settle(10_000);
    expect([gone, world.data('one'), agent.reconciler.memory('target1')]).toEqual([true, undefined, undefined]);
  });

  it('AT-26 is silent while it does not hold the Lease, and says everything when it does', async () => {
    lease.isHeld = false;
    await start();
    await order(world.entry([configMapText('one')]));
    await world.settle(60_000);
    const silent = [plane.hellos.length, plane.history.length];
    lease.isHeld = true;
    await world.settle(60_000);
    expect([silent, told()]).toEqual([[0, 0], 'Synced Healthy']);
  });

  it('a set that cannot be read is told, what runs is kept, and the whole is asked for', async () => {
    await start();
    await order(world.entry([configMapText('one')]));
    await agent.stop();
    const key = { group: '', kind: 'Secret', namespace: agentObjects.namespace, name: agentObjects.heldSet };
    await world.people.mergePatch(key, { data: { set: 'bm9uc2Vuc2U=' } });
    events.length = 0;
    await start();
    await world.settle(12_000);
    expect([events.map(({ kind }) => kind), world.data('one'), told()]).toEqual([
      ['record-unreadable', 'recalled'],
      { a: '1' },
      'Synced Healthy',
    ]);
  });

  it('counts what it does not believe as an event, and goes on', async () => {
    let bring: Parameters<ControlLine['receive']>[0] = () => undefined;
    const said: unknown[] = [];
    await start({
      connected: true,
      send: (_kind, message) => said.push(message as Report) > 0,
      receive: (handler) => void (bring = handler),
    });
    bring({
      kind: 'set',
      subject: 'fleet.cluster1.down.set',
      data: new Uint8Array([1]),
      signature: undefined,
      traceparent: undefined,
    });
    await world.settle();
    expect(events).toContainEqual({ kind: 'order-refused', order: 'set', why: 'it is not signed' });
  });

  it('does not start on a cluster that it cannot read: whoever started it tries again', async () => {
    world.failing.fail({ on: 'list Secret' });
    await expect(start()).rejects.toMatchObject({ reason: 'ApiServerUnavailable' });
  });

  it('once stopped it does nothing any more', async () => {
    await start();
    await order(world.entry([configMapText('one')]));
    await agent.stop();
    world.api.writes.length = 0;
    await world.people.mergePatch(configMapKey('one'), { data: { a: 'by hand' } });
    await world.settle(3_600_000);
    expect(world.api.writes).toEqual(['patch ConfigMap apps/one by kubectl-edit']);
  });
});
