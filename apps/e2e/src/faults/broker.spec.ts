import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '@flotilla/contracts';
import { passing, until, type MessageFault } from '@flotilla/testing';
import { params, type MortalFleet, type Pushed } from '../support/mortal-fleet.ts';
import { startMortalFleet } from '../support/start-mortal-fleet.ts';

let fleet: MortalFleet;

beforeAll(async () => {
  fleet = await startMortalFleet({ clusters: ['alpha', 'beta'] });
});
afterAll(() => fleet?.stop());

/** Waits until the control plane has seen the push and planned it, whether or not anybody else can hear of it. */
const planned = ({ commit }: Pushed) =>
  until(async () => (await fleet.targets()).every(({ spec }) => spec.revision === commit), {
    what: 'the push to be planned',
    timeoutMs: 60_000,
    intervalMs: 100,
  });

async function spoilt(messages: number): Promise<void> {
  const before = fleet.parts.broker.spoilt;
  await until(() => fleet.parts.broker.spoilt - before >= messages, {
    what: `${messages} messages to be spoilt`,
    timeoutMs: 60_000,
  });
}

describe('AT-10: the broker lies', () => {
  const lies: readonly MessageFault[] = [{ kind: 'lost' }, { kind: 'repeated', times: 3 }, { kind: 'swapped' }];

  it.each(lies)('%j: when it is honest again, every cluster runs what it should', async (lie) => {
    fleet.parts.broker.set(lie);
    const pushed = await fleet.push();
    await planned(pushed);
    await spoilt(6);
    fleet.parts.broker.set({ kind: 'none' });
    await fleet.arrived(pushed);
    expect(fleet.backwards).toEqual([]);
  });

  it('an order that it brings three times is carried out once', async () => {
    const before = await fleet.targets();
    fleet.parts.broker.set({ kind: 'repeated', times: 3 });
    const choice = { environment: 'dev' };
    await fleet.call(operations.suspendTargets, { params, body: { choice, reason: 'said thrice' } });
    await fleet.call(operations.resumeTargets, { params, body: choice });
    fleet.parts.broker.set({ kind: 'none' });
    // By then every repeat was long heard.
    await fleet.arrived(await fleet.push());
    const { items } = await fleet.call(operations.listEvents, { params });
    const lines = (message: string) => items.filter((event) => event.message === message).length;
    expect({
      suspended: lines('suspended: said thrice'),
      resumed: lines('resumed'),
      // One for each order, and one for the push.
      generations: (await fleet.targets()).map(({ spec }, index) => spec.generation - before[index]!.spec.generation),
    }).toEqual({ suspended: 2, resumed: 2, generations: [3, 3] });
  });
});

describe('AT-10: the broker dies', () => {
  const deaths: readonly [string, () => Promise<void>][] = [
    ['and comes back as it was', async () => undefined],
    [
      'and comes back having forgotten everything',
      async () => fleet.parts.moveBroker(join(fleet.parts.directory, 'new')),
    ],
    ['and comes back as it was long ago', async () => fleet.parts.moveBroker(join(fleet.parts.directory, 'old'))],
  ];

  it.each(deaths)('%s: every cluster runs what it should, and none goes back', async (_how, beforeItComesBack) => {
    const { nats, directory } = fleet.parts;
    await cp(join(directory, 'nats'), join(directory, 'old'), { recursive: true });
    await nats.kill();
    const pushed = await fleet.push();
    await planned(pushed);
    await beforeItComesBack();
    await nats.start();
    await fleet.arrived(pushed);
    expect(fleet.backwards).toEqual([]);
  });
});

describe('AT-10: the broker cannot be reached', () => {
  it('by one replica of each service: the others carry on, and orders that only it hears of are refused at once', async () => {
    const [cutOff] = fleet.parts.lines.replicas;
    await cutOff!.close();
    const pushed = await fleet.push();
    await fleet.arrived(pushed);
    const order = await fetch(`${fleet.parts.urls[0]}/api/v1/projects/default/targets/sync`, {
      method: 'POST',
      headers: { authorization: `Bearer ${fleet.parts.secrets.bootstrapToken}`, 'content-type': 'application/json' },
      body: '{"environment":"dev"}',
    });
    const told = { status: order.status, ...((await order.json()) as object) };
    await cutOff!.open();
    await fleet.revive();
    expect(told).toMatchObject({ status: 503, code: 'ServiceAway', retryable: true });
  });

  it('by the agents, whose lines look open and are not: they catch up when they are', async () => {
    const { agents } = fleet.parts.lines;
    agents.set({ kind: 'silent' });
    const pushed = await fleet.push();
    await planned(pushed);
    agents.set(passing);
    await fleet.arrived(pushed);
    expect(fleet.backwards).toEqual([]);
  });
});
