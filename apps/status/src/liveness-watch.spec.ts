import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Liveness } from '@flotilla/control-fleet';
import { InMemoryLiveness } from '@flotilla/control-fleet/testing';
import { Trouble, VirtualClock } from '@flotilla/foundation/testing';
import { noFence } from '@flotilla/model';
import { createLogger } from '@flotilla/platform-telemetry';
import { LivenessWatch } from './liveness-watch.ts';

let clock: VirtualClock;
let record: InMemoryLiveness;
let watches: LivenessWatch[];
let lost: string[];
let astray: string[];
let aside: string[];

beforeEach(() => {
  clock = new VirtualClock(Date.UTC(2026, 0, 1));
  record = new InMemoryLiveness();
  record.clusters.set('c1', '').set('c2', '');
  [watches, lost, astray, aside] = [[], [], [], []];
});
afterEach(() => Promise.all(watches.map((watch) => watch.stop())));

/** A replica of `status` with a line to the agents and one to the database, either of which can be cut. */
function replica() {
  const database = new Trouble();
  const bus = { connected: true };
  const noting: Liveness = {
    heard: (hellos) => record.heard(hellos),
    listening: () => record.listening(),
    lose: async (silentSince) => {
      const gone = await record.lose(silentSince);
      lost.push(...gone);
      return gone;
    },
  };
  const watch = new LivenessWatch({
    clock,
    bus,
    instance: `status-${watches.length}`,
    logger: createLogger({ service: 'status', level: 'error' }),
    liveness: database.over(noting),
    receipts: {
      askForAll: (cluster) => void astray.push(cluster),
      standAside: (cluster, instance) => void aside.push(`${instance} of ${cluster}`),
    },
  });
  watches.push(watch);
  return { bus, database, watch };
}

const hello = (cluster: string, statusDigest = '') => ({
  cluster,
  at: clock.now(),
  instance: 'i',
  leaseTransitions: 1,
  protocol: 1,
  fence: noFence,
  setDigest: '',
  statusDigest,
  facts: { kubernetesVersion: 'v1.34.0', agentVersion: '0.1.0' },
});

/** Lets time pass while these clusters say hello every ten seconds to every replica whose line stands. */
async function live(seconds: number, speaking: readonly string[], replicas: readonly ReturnType<typeof replica>[]) {
  for (let second = 0; second < seconds; second++) {
    for (const { bus, watch } of second % 10 === 0 ? replicas : []) {
      for (const cluster of bus.connected ? speaking : []) void watch.heard(hello(cluster));
    }
    await clock.advance(1_000);
  }
}

describe('a cluster is lost after thirty seconds of silence', () => {
  it('and not before', async () => {
    const only = replica();
    await live(60, ['c1', 'c2'], [only]);
    await live(20, ['c1'], [only]);
    expect(lost).toEqual([]);
    await live(12, ['c1'], [only]);
    expect(lost).toEqual(['c2']);
  });

  it('but never because the line to the agents was cut', async () => {
    const only = replica();
    await live(60, ['c1', 'c2'], [only]);
    only.bus.connected = false;
    await live(120, [], [only]);
    only.bus.connected = true;
    await live(25, [], [only]);
    expect(lost).toEqual([]);
    await live(10, ['c1'], [only]);
    expect(lost).toEqual(['c2']);
  });

  it('but never because what was heard could not be stored', async () => {
    const only = replica();
    await live(60, ['c1', 'c2'], [only]);
    only.database.fail();
    await live(120, ['c1', 'c2'], [only]);
    only.database.recover();
    await live(60, ['c1', 'c2'], [only]);
    expect(lost).toEqual([]);
  });

  it('but never because one of two replicas could store nothing', async () => {
    const [well, ill] = [replica(), replica()];
    await live(60, ['c1', 'c2'], [well, ill]);
    ill.database.fail();
    await live(120, ['c1', 'c2'], [well, ill]);
    expect(lost).toEqual([]);
    await live(45, ['c1'], [well, ill]);
    expect(lost).toEqual(['c2']);
  });

  it('but never because the process stood still', async () => {
    const only = replica();
    await live(60, ['c1', 'c2'], [only]);
    // A machine that sleeps: the clock goes on, and nothing else does.
    const asleep = clock.now() + 3_600_000;
    clock.now = () => asleep;
    await clock.advance(1_000);
    expect(lost).toEqual([]);
  });
});

describe('an agent that believes something else to be stored', () => {
  it('is asked for everything when it says so twice', async () => {
    const { watch } = replica();
    for (let times = 0; times < 2; times++) {
      void watch.heard(hello('c1', 'other'));
      void watch.heard(hello('c2'));
      await clock.advance(1_000);
      expect(astray).toEqual(times === 0 ? [] : ['c1']);
      await clock.advance(9_000);
    }
  });

  it('is asked whatever another one says under the same identity, who is not asked anything', async () => {
    const { watch } = replica();
    const says = async (instance: string, digest: string) => {
      void watch.heard({ ...hello('c1', digest), instance });
      await clock.advance(5_000);
    };
    for (const digest of ['', '', 'other']) {
      await says('i', digest);
      await says('thief', 'what the thief believes');
    }
    expect(astray).toEqual([]);
    await says('i', 'other');
    expect(astray).toEqual(['c1']);
  });

  it('is left alone when its hello crossed a report, again and again', async () => {
    const { watch } = replica();
    for (const digest of ['one', 'two', '', 'two', 'three']) {
      void watch.heard(hello('c1', digest));
      await clock.advance(10_000);
    }
    expect(astray).toEqual([]);
  });
});

it('AT-26: of two that speak under one identity the newcomer is told to stand aside, with each word it says', async () => {
  const { watch } = replica();
  void watch.heard(hello('c1'));
  await clock.advance(1_000);
  for (let round = 0; round < 3; round++) {
    void watch.heard(hello('c1'));
    void watch.heard({ ...hello('c1'), instance: 'newcomer' });
    await clock.advance(10_000);
  }
  expect(aside).toEqual(Array.from({ length: 3 }, () => 'newcomer of c1'));
});
