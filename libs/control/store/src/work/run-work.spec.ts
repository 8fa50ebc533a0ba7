import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Fault, seededRandom } from '@flotilla/foundation';
import { Trouble, VirtualClock } from '@flotilla/foundation/testing';
import { InMemoryWorkTable } from '../testing/in-memory-work-table.ts';
import { placesFor } from '../testing/work-cases.ts';
import { runWork, type RunWorkOptions, type WorkHandler, type WorkRunner } from './run-work.ts';

let clock: VirtualClock;
let table: InMemoryWorkTable;
let line: Trouble;
let story: string[];
let runners: WorkRunner[];

beforeEach(() => {
  clock = new VirtualClock(0);
  table = new InMemoryWorkTable(clock);
  line = new Trouble();
  [story, runners] = [[], []];
});
afterEach(async () => {
  const stopping = Promise.all(runners.map((runner) => runner.stop()));
  await clock.advance(120_000);
  await stopping;
});

const seconds = () => Math.round(clock.now() / 1_000);

/** A replica that looks at plans. Looks are told with the second in which they began. */
function replica(
  handle: WorkHandler['handle'] = async () => undefined,
  runningMax = 2,
  extras: Pick<WorkHandler, 'restMs' | 'gatherMs'> = {},
): WorkRunner {
  const runner = runWork(replicaOptions(handle, runningMax, extras));
  runners.push(runner);
  return runner;
}

function replicaOptions(
  handle: WorkHandler['handle'],
  runningMax: number,
  extras: Pick<WorkHandler, 'restMs' | 'gatherMs'> = {},
): RunWorkOptions {
  return {
    queue: line.over(table),
    handlers: {
      plan: {
        ...extras,
        runningMax,
        timeLimitMs: 60_000,
        handle: (work, signal) => {
          story.push(`${work.key} at ${seconds()}`);
          return handle(work, signal);
        },
      },
    },
    clock,
    random: seededRandom(1),
    sweepMs: 2_000,
    onFault: ({ key }, { reason }, comesBackInMs) => story.push(`${key}: ${reason}, again in ${comesBackInMs}`),
    onError: () => story.push('the table is away'),
  };
}

const stalled = new Fault({ code: 'invalid', reason: 'PathMissing', message: 'no such path' });

describe('work', () => {
  it('is looked at when somebody says so, and at the next sweep when nobody does', async () => {
    const runner = replica();
    await clock.advance(500);
    table.mark('plan', ['a']);
    await clock.advance(0);
    expect(story).toEqual([]);
    runner.wake('plan');
    await clock.advance(0);
    table.mark('plan', ['b']);
    await clock.advance(2_000);
    expect([story, table.waiting()]).toEqual([['a at 1', 'b at 2'], []]);
  });

  it('rests after a look where it is told to, so that marks in a storm share the next one', async () => {
    const runner = replica(async () => undefined, 2, { restMs: 10_000 });
    for (let second = 0; second < 20; second++) {
      table.mark('plan', ['a']);
      runner.wake('plan');
      await clock.advance(1_000);
    }
    await clock.advance(20_000);
    expect([story, table.waiting()]).toEqual([['a at 0', 'a at 10', 'a at 20'], []]);
  });

  it('rests the longer the slower its looks have become', async () => {
    const runner = replica(() => clock.sleep(200).then(() => undefined), 2, { restMs: 250 });
    for (let second = 0; second < 12; second++) {
      table.mark('plan', ['a']);
      runner.wake('plan');
      await clock.advance(1_000);
    }
    expect(story).toEqual(['a at 0', 'a at 4', 'a at 8']);
  });

  it('is claimed at once when nothing runs, and together when places become free one after another', async () => {
    const claims: string[] = [];
    const claim = table.claim.bind(table);
    table.claim = async (kind, places) => {
      const claimed = await claim(kind, places);
      if (claimed.length > 0) claims.push(`${claimed.length} at ${clock.now()}`);
      return claimed;
    };
    const runner = replica(({ key }) => clock.sleep(Number(key)).then(() => undefined), 4, { gatherMs: 10 });
    table.mark('plan', ['101', '102', '103', '104', '105', '106', '107']);
    runner.wake('plan');
    await clock.advance(300);
    expect(claims).toEqual(['3 at 0', '3 at 111', '1 at 225']);
  });

  it('goes on while there is any, never more at once than there are places', async () => {
    let [running, most] = [0, 0];
    const runner = replica(async () => {
      most = Math.max(most, ++running);
      await clock.sleep(1_000);
      running--;
      return undefined;
    }, 3);
    table.mark('plan', ['a', 'b', 'c', 'd', 'e', 'f', 'g']);
    runner.wake('plan');
    await clock.advance(3_000);
    expect([most, table.waiting(), story.map((line_) => line_.split(' ').at(-1))]).toEqual([
      3,
      [],
      ['0', '0', '0', '1', '1', '1', '2'],
    ]);
  });

  it('comes back when its handler says so', async () => {
    const runner = replica(async () => 30_000);
    table.mark('plan', ['a']);
    runner.wake('plan');
    await clock.advance(62_000);
    expect(story).toEqual(['a at 0', 'a at 30', 'a at 60']);
  });

  it('AT-11: that fails in any way holds nobody up', async () => {
    const poison: Record<string, () => Promise<undefined>> = {
      throws: () => {
        throw new RangeError('too deep');
      },
      rejects: () => Promise.reject(new Error('no')),
      'rejects with nothing': () => Promise.reject(),
      'never ends': () => new Promise(() => undefined),
    };
    const runner = replica(({ key }) => poison[key]?.() ?? Promise.resolve(undefined));
    table.mark('plan', [...Object.keys(poison), 'good', 'better']);
    runner.wake('plan');
    await clock.advance(100);
    expect(story.filter((each) => /^(good|better) at 0/.test(each))).toEqual(['good at 0', 'better at 0']);
    await clock.advance(60_000);
    expect(story).toContainEqual(expect.stringMatching(/^never ends: LookTooLong, again in \d+$/));
  });
});

describe('AT-11: work that takes its process with it', () => {
  /** One process after another: each is dead from the moment when a look kills it, and its successor comes up later. */
  async function liveAndDie(lives: number): Promise<void> {
    for (let life = 0; life < lives; life++) {
      const process = new Trouble();
      const look: WorkHandler['handle'] = async ({ key }) => {
        await clock.sleep(100);
        if (key === 'killer') process.fail();
        return undefined;
      };
      runners.push(runWork({ ...replicaOptions(look, 8), queue: process.over(table), onError: () => undefined }));
      await clock.advance(60_000);
    }
  }

  it('is set aside after three times, and takes nobody else with it', async () => {
    table.mark('plan', ['killer', 'a', 'b', 'c']);
    await liveAndDie(5);
    const looks = story.filter((each) => each.startsWith('killer at')).length;
    expect([looks, table.waiting()]).toEqual([
      3,
      [{ kind: 'plan', key: 'killer', error: expect.objectContaining({ reason: 'LookKillsProcess' }) }],
    ]);
  });
});

describe('AT-37: projects', () => {
  it('keep their pace while one of them has ten thousand slow keys', async () => {
    const waits: number[] = [];
    const marked = new Map<string, number>();
    replica(async ({ key }) => {
      if (key.startsWith('bad')) await clock.sleep(5_000);
      else waits.push(clock.now() - marked.get(key)!);
      return undefined;
    }, 8);
    table.mark(
      'plan',
      Array.from({ length: 10_000 }, (_, index) => `bad-${index}`),
      'bad',
    );
    await clock.advance(2_000);
    for (let round = 0; round < 20; round++) {
      const key = `good-${round}`;
      marked.set(key, clock.now());
      table.mark('plan', [key], `project-${round}`);
      runners[0]!.wake('plan');
      await clock.advance(500);
    }
    expect([waits.length, Math.max(...waits)]).toEqual([20, 0]);
  });
});

describe('what a failure means becomes a time in one place', () => {
  async function waitsAfter(fault: Fault): Promise<string[]> {
    const runner = replica(() => Promise.reject(fault));
    table.mark('plan', ['a']);
    runner.wake('plan');
    await clock.advance(100);
    return story.slice(1, 2);
  }

  it.each([
    ['a person has to act', stalled, 'a: PathMissing, again in undefined'],
    [
      'the other side named a time',
      new Fault({ code: 'too-many', reason: 'Busy', message: '', consequence: { kind: 'retry', afterMs: 7_000 } }),
      'a: Busy, again in 7000',
    ],
  ])('%s', async (_what, fault, expected) => {
    expect(await waitsAfter(fault)).toEqual([expected]);
  });

  it('what may pass waits twice as long each time, up to five minutes', async () => {
    const runner = replica(() => Promise.reject(new Fault({ code: 'unavailable', reason: 'Away', message: '' })));
    table.mark('plan', ['a']);
    runner.wake('plan');
    await clock.advance(3_600_000);
    const waits = story.flatMap((each) => each.match(/again in (\d+)/)?.[1] ?? []).map(Number);
    expect(waits.slice(0, 8).map((wait, index) => wait >= 250 * 2 ** index && wait <= 500 * 2 ** index)).toEqual(
      Array.from({ length: 8 }, () => true),
    );
    expect(Math.max(...waits)).toBeLessThanOrEqual(300_000);
  });

  it('work that waits for a person is there to be read, and looked at again when it is marked', async () => {
    let isMended = false;
    const runner = replica(async () => {
      if (!isMended) throw stalled;
      return undefined;
    });
    table.mark('plan', ['a']);
    runner.wake('plan');
    await clock.advance(600_000);
    expect(table.waiting()).toMatchObject([{ key: 'a', error: { reason: 'PathMissing' } }]);
    isMended = true;
    table.mark('plan', ['a']);
    await clock.advance(2_000);
    expect(table.waiting()).toEqual([]);
  });
});

describe('replicas', () => {
  it('never look at one key together, however long the look takes', async () => {
    const slowly = async () => {
      await clock.sleep(50_000);
      return undefined;
    };
    replica(slowly);
    replica(slowly);
    table.mark('plan', ['a']);
    await clock.advance(55_000);
    expect([story, table.waiting()]).toEqual([['a at 2'], []]);
  });

  it('take over within a lease what another one held when it died', async () => {
    table.mark('plan', ['a']);
    const [taken] = await table.claim('plan', placesFor(1));
    expect(taken!.key).toBe('a');
    replica();
    await clock.advance(15_000);
    expect(story).toEqual(['a at 14']);
  });

  it('go on when the table is there again, and do again what they could not say they did', async () => {
    const runner = replica();
    table.mark('plan', ['a']);
    line.fail();
    runner.wake('plan');
    await clock.advance(4_000);
    expect(new Set(story)).toEqual(new Set(['the table is away']));
    line.recover();
    await clock.advance(2_000);
    expect([story.at(-1), table.waiting()]).toEqual(['a at 6', []]);
    line.fail('before', 1);
    table.mark('plan', ['b']);
    await clock.advance(20_000);
    expect(table.waiting()).toEqual([]);
  });

  it('stop when their last look is done, and take no more', async () => {
    const runner = replica(async () => {
      await clock.sleep(5_000);
      return undefined;
    }, 1);
    table.mark('plan', ['a', 'b']);
    runner.wake('plan');
    await clock.advance(1_000);
    let isStopped = false;
    const stopping = runner.stop().then(() => (isStopped = true));
    await clock.advance(3_000);
    expect(isStopped).toBe(false);
    await clock.advance(2_000);
    await stopping;
    expect([story, table.waiting().map(({ key }) => key)]).toEqual([['a at 0'], ['b']]);
  });
});
