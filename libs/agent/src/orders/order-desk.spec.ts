import { beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from '@flotilla/contracts';
import type { DesiredEntry, DesiredSet } from '@flotilla/model';
import { entryDigest, setDigest } from '@flotilla/model/node';
import { SetKeeper } from '../keep/set-keeper.ts';
import { agentObjects } from '../names.ts';
import { configMapKey, configMapText, entryOf } from '../testing/factories.ts';
import { heldIdentity } from '../testing/held-identity.ts';
import { InMemoryLine } from '../testing/in-memory-line.ts';
import { TestOrderKey } from '../testing/order-key.ts';
import { TargetWorld } from '../testing/target-world.ts';
import { OrderDesk } from './order-desk.ts';

const key = new TestOrderKey();
let world: TargetWorld;
let line: InMemoryLine;
let heard: string[];

beforeEach(async () => {
  world = await TargetWorld.open();
  line = new InMemoryLine();
  heard = [];
});

const keeper = () => new SetKeeper(world.failing.cluster, agentObjects.namespace);

function deskWith(set?: DesiredSet): OrderDesk {
  return new OrderDesk(
    {
      identity: heldIdentity({ orderKeys: [key.publicKey] }),
      sets: keeper(),
      cluster: world.api,
      line,
      clock: world.clock,
      memory: (target) => world.reconciler.memory(target),
      foresee: (entry, signal) => world.reconciler.foresee(entry, signal),
      onEntry: (target, entry) => void heard.push(`${target} ${entry?.release ?? 'has no entry'}`),
      onAgent: (agent) => agent && void heard.push(`agent ${agent.version}`),
      onUnmergeable: () => void heard.push('the whole is asked for'),
      onRefused: (order, why) => void heard.push(`${order} refused: ${why}`),
      onKeys: () => void heard.push('other keys are believed'),
    },
    set,
  );
}

function setOrder(generation: number, entries: readonly DesiredEntry[], over: object = {}) {
  const digest = setDigest(entries.map(entryDigest));
  return key.order(
    'set',
    { v: 1, at: '', cluster: 'cluster1', epoch: 1, generation, previous: 0, entries, setDigest: digest, ...over },
    'cluster1',
  );
}

const entry = (release: string) => entryOf('a'.repeat(40), {}, { release });

async function take(desk: OrderDesk, ...orders: Parameters<OrderDesk['take']>[0][]): Promise<void> {
  for (const order of orders) desk.take(order);
  await desk.idle();
  await world.settle();
}

describe('AT-26: other order keys', () => {
  const next = new TestOrderKey('next');
  const list = key.order('keys', { v: 1, at: '', number: 1, keys: [next.publicKey] }, 'cluster1');

  it('are believed from the moment that their list is kept, and the old ones not any more', async () => {
    const desk = deskWith();
    const sets = [key, next].map((by, index) => ({ ...setOrder(index + 1, [entry('r')]), by }));
    const signed = sets.map(({ by, ...order }) => ({ ...order, signature: by.sign('set', order.data) }));
    await take(desk, signed[1]!, list, signed[0]!, signed[1]!);
    expect(heard).toEqual([
      expect.stringContaining('set refused: it is signed by'),
      'other keys are believed',
      expect.stringContaining('set refused: it is signed by'),
      'target1 r',
    ]);
  });
});

describe('sets', () => {
  const unruly = () => {
    const [first, second, third] = [1, 2, 3].map((generation) => setOrder(generation, [entry(`r${generation}`)]));
    return [second!, first!, second!, third!, third!, first!];
  };

  it('AT-10 doubled, reversed and late ones do nothing twice and nothing old', async () => {
    const desk = deskWith();
    for (const order of unruly()) await take(desk, order);
    expect([heard, desk.held.fence]).toEqual([['target1 r2', 'target1 r3'], { epoch: 1, generation: 3 }]);
  });

  it('AT-10 that came together are merged, and kept once', async () => {
    const desk = deskWith();
    await take(desk, ...unruly());
    const writes = world.api.writes.filter((write) => write.includes(agentObjects.heldSet));
    expect([heard, desk.held.fence, writes.length]).toEqual([['target1 r3'], { epoch: 1, generation: 3 }, 1]);
  });

  it('are kept before they have an effect: after a restart the fence is not lower than what was acted on', async () => {
    const fences: unknown[] = [];
    const desk = deskWith();
    await take(desk, setOrder(4, [entry('r4')]));
    fences.push((await keeper().load(() => undefined))?.fence);
    world.failing.fail({ on: 'mergePatch Secret flotilla-system/flotilla-set' });
    await take(desk, setOrder(5, [entry('r5')]));
    expect([fences, heard, desk.held.fence.generation]).toEqual([
      [{ epoch: 1, generation: 4 }],
      ['target1 r4', 'set refused: the API server is away'],
      4,
    ]);
  });

  it('that build on what is not held make the desk ask for the whole', async () => {
    await take(deskWith(), setOrder(4, [entry('r4')], { previous: 3 }));
    expect(heard).toEqual(['the whole is asked for']);
  });

  it('that contradict themselves are refused, and not asked for again at once', async () => {
    await take(deskWith(), setOrder(4, [entry('r4')], { setDigest: '0'.repeat(64) }));
    expect(heard).toEqual(['set refused: the merged set has another digest']);
  });

  it('AT-11 poison does not keep the next one out', async () => {
    const poison = { ...setOrder(1, []), data: new Uint8Array([0xff]) };
    await take(deskWith(), poison, { ...poison, signature: undefined }, setOrder(1, [entry('r1')]));
    expect(heard).toEqual(['set refused: its signature is wrong', 'set refused: it is not signed', 'target1 r1']);
  });
});

describe('asks', () => {
  const ask = (over: object = {}) =>
    key.order(
      'ask',
      {
        v: 1,
        at: '',
        id: 'ask1',
        cluster: 'cluster1',
        expiresAt: '2026-01-01T00:01:00.000Z',
        question: { kind: 'diff', target: 'target1' },
        ...over,
      },
      'cluster1',
    );

  it('are answered with what differs', async () => {
    await world.run([configMapText('one')], {
      sync: { prune: true, drift: 'report', adopt: false, createNamespace: true },
    });
    await world.people.mergePatch(configMapKey('one'), { data: { a: 'by hand' } });
    await take(deskWith(), ask());
    expect(line.said<Answer>('answer')).toMatchObject([
      {
        id: 'ask1',
        diff: [{ object: 'ConfigMap apps/one', change: 'update', fields: [{ live: 'by hand', desired: '"1"' }] }],
      },
    ]);
  });

  it('that nothing is known about are answered with why', async () => {
    await take(deskWith(), ask());
    expect(line.said<Answer>('answer')).toMatchObject([{ problem: expect.stringContaining('nothing rendered') }]);
  });

  it('that come too late, or name no time, are not answered', async () => {
    await take(deskWith(), ask({ expiresAt: '2025-12-31T23:59:59.000Z' }), ask({ expiresAt: 'never' }));
    expect([heard, line.sent]).toEqual([['ask refused: it came too late', 'ask refused: it came too late'], []]);
  });
});
