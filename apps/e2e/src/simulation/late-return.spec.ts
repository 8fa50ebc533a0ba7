import { describe, expect, it } from 'vitest';
import { previewRollback, rollBack } from '@flotilla/control-delivery';
import { countingIds } from '@flotilla/foundation/testing';
import { valueOf } from './invariants.ts';
import { objectAt } from './fleet/fleet-judge.ts';
import { FleetTroubles } from './fleet/fleet-troubles.ts';
import { clusterUids, FleetWorld, namespaceOf, pathOf } from './fleet/fleet-world.ts';

const seeds = [1, 2, 3];
const minuteMs = 60_000;
const away = 'c3';
const place = { project: 'default', application: 'cart', environment: 'prod' };
const namespace = namespaceOf('cart', 'prod');
const by = { kind: 'user' as const, name: 'ann' };

/** A fleet of which one cluster is cut off and comes back in bad weather, and what its agent writes from then on. */
class LateReturn {
  readonly world: FleetWorld;
  readonly #troubles: FleetTroubles;
  readonly #ids = countingIds('back');
  readonly #written: string[] = [];

  constructor(seed: number) {
    this.world = new FleetWorld(seed);
    this.#troubles = new FleetTroubles(this.world);
    this.world.onWrite = ({ cluster, key, after }) => {
      if (cluster.uid === away && key.namespace === namespace) this.#written.push(valueOf(after));
    };
  }

  async start(): Promise<void> {
    this.world.git.push(pathOf('cart', 'prod'), { o0: 'v1' });
    await this.world.start();
    await this.#pass(2);
  }

  async push(value: string): Promise<void> {
    this.world.git.push(pathOf('cart', 'prod'), { o0: value });
    await this.#pass(2);
  }

  /** Whatever it is told from now on it does not hear, and the other way round. */
  async cut(minutes = 2): Promise<void> {
    this.world.broker.cutOff.add(away);
    await this.#pass(minutes);
    this.#written.length = 0;
  }

  async goBack(): Promise<void> {
    const { rollbacks } = this.world.database.deliveries;
    const { project, ...selection } = place;
    const order = { project, selection, to: 'previous-good' };
    const { standing } = await previewRollback(rollbacks, order);
    const whole = { ...order, standing, reason: 'incident 42', runHooks: false, repair: false };
    await rollBack({ record: rollbacks, ids: this.#ids }, whole, by);
    await this.#pass(2);
  }

  async unpin(forward: boolean): Promise<void> {
    await this.world.database.deliveries.rollbacks.unpin({ selection: place, forward, reason: 'mended' }, by);
    await this.#pass(2);
  }

  async liftQuarantine(): Promise<void> {
    const { project, application } = place;
    const order = { project, application, digest: '', reason: 'it was the network' };
    await this.world.database.deliveries.rollbacks.liftQuarantine(order, by);
    this.world.database.work.mark('plan', [application]);
    await this.#pass(2);
  }

  /** Its line is mended while messages are lost, doubled and late, and its agent is started anew. */
  async comeBack(): Promise<void> {
    const { broker, clusters } = this.world;
    broker.weather = 'bad';
    broker.cutOff.delete(away);
    await this.#pass(1);
    void clusters.get(away)!.restart();
    await this.#pass(2);
    this.#troubles.clear();
    await this.#pass(5);
  }

  /** What each cluster runs. */
  get runs(): readonly string[] {
    return clusterUids.map((uid) => valueOf(objectAt(this.world.clusters.get(uid)!, namespace, 'o0')));
  }

  /** What the agent that was away wrote since it was cut, one after another. */
  get written(): readonly string[] {
    return this.#written.filter((value, index) => value !== this.#written[index - 1]);
  }

  /** What was said of its target last. */
  get said() {
    const entry = this.world.clusters.get(away)!.agent!.heldEntries.find(({ application }) => application === 'cart');
    const { sync, reason } = this.world.database.statuses.get(entry!.target)!;
    return `${sync} ${reason?.code ?? ''}`.trim();
  }

  #pass(minutes: number): Promise<void> {
    return this.world.clock.advance(minutes * minuteMs);
  }
}

async function opened(seed: number, prepare: (world: FleetWorld) => void = () => undefined): Promise<LateReturn> {
  const run = new LateReturn(seed);
  prepare(run.world);
  await run.start();
  return run;
}

describe.each(seeds)('AT-09: an agent that returns late, seed %i', (seed) => {
  it.each<[string, (run: LateReturn) => Promise<void>, string, readonly string[]]>([
    [
      'after a rollback of what it runs, goes back',
      async (run) => {
        await run.push('v2');
        await run.cut();
        await run.goBack();
      },
      'v1',
      ['v1'],
    ],
    [
      'after a rollback of what it never heard of, stays where it is',
      async (run) => {
        await run.cut();
        await run.push('v2');
        await run.goBack();
      },
      'v1',
      [],
    ],
    [
      'after the pin was lifted, runs what the others run by then',
      async (run) => {
        await run.push('v2');
        await run.cut();
        await run.goBack();
        await run.unpin(false);
      },
      'v1',
      ['v1'],
    ],
    [
      'after the quarantine was lifted as well, stays at what was never gone back from there',
      async (run) => {
        await run.push('v2');
        await run.cut();
        await run.goBack();
        await run.unpin(false);
        await run.liftQuarantine();
      },
      'v2',
      [],
    ],
    [
      'after a newer release, takes that one and never what was ordered between',
      async (run) => {
        await run.push('v2');
        await run.cut();
        await run.goBack();
        await run.push('v3');
        await run.unpin(true);
      },
      'v3',
      ['v3'],
    ],
  ])('%s', async (_, whileAway, expected, written) => {
    const run = await opened(seed);
    await whileAway(run);
    await run.comeBack();
    expect([run.runs, run.written]).toEqual([clusterUids.map(() => expected), written]);
  });
});

describe.each(seeds)('an agent that nobody hears, seed %i', (seed) => {
  const failing = (world: FleetWorld) => {
    world.retreat = { after: '5m', within: '30m' };
    world.health = [{ apiVersion: 'v1', kind: 'ConfigMap', current: 'true', failed: 'data.value.startsWith("bad")' }];
  };

  async function wentBack(): Promise<LateReturn> {
    const run = await opened(seed, failing);
    await run.push('bad');
    await run.cut(0);
    await run.world.clock.advance(15 * minuteMs);
    return run;
  }

  it('goes back by itself from what fails, the others do not, and it says so when it is heard', async () => {
    const run = await wentBack();
    const alone = [run.runs, run.written];
    await run.comeBack();
    expect([alone, run.runs, run.said]).toEqual([
      [['bad', 'bad', 'v1'], ['v1']],
      ['bad', 'bad', 'v1'],
      'OutOfSync Retreated',
    ]);
  });

  it('takes the next release like everybody', async () => {
    const run = await wentBack();
    await run.push('v3');
    await run.comeBack();
    expect([run.runs, run.written, run.said]).toEqual([['v3', 'v3', 'v3'], ['v1', 'v3'], 'Synced']);
  });

  it('and is held like everybody where all were taken back meanwhile', async () => {
    const run = await wentBack();
    await run.goBack();
    await run.comeBack();
    expect([run.runs, run.written, run.said]).toEqual([['v1', 'v1', 'v1'], ['v1'], 'Synced Pinned']);
  });
});
