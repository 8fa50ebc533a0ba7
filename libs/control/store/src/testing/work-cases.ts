import { deepEqual, equal } from 'node:assert/strict';
import { Fault } from '@flotilla/foundation';
import { crashesMax, setAsideMs, type ClaimedWork, type Places, type WorkTable } from '../work/work-table.port.ts';

/** An empty work table, and the time that passes for it. */
export interface WorkWorld {
  readonly table: WorkTable;
  /** Marks keys of the kind `plan`. */
  readonly mark: (...keys: readonly string[]) => Promise<void>;
  readonly pass: (ms: number) => Promise<void>;
  /** Marks keys of the kind `count`, each of which is a project of its own. */
  readonly markProjects: (...projects: readonly string[]) => Promise<void>;
  /** The errors that work waits with, by key. */
  readonly errors: () => Promise<Readonly<Record<string, { readonly reason: string; readonly until?: string }>>>;
}

/** One promise of the port, and how it is tried. */
export interface WorkCase {
  readonly title: string;
  readonly run: (world: WorkWorld) => Promise<void>;
}

const leaseMs = 12_000;

/** Room for `most` keys, all of one project if there is no other. */
export function placesFor(most: number, over: Partial<Places> = {}): Places {
  return { most, leaseMs, running: new Map(), projectMax: most, ...over };
}

const fault = new Fault({ code: 'invalid', reason: 'SourcePathMissing', message: 'no such path' });

/** What every filling of the port does. Free of any test runner. */
export const workCases: readonly WorkCase[] = [
  {
    title: 'is handed to one taker at a time, and is gone when it is done',
    run: async (world) => {
      await world.mark('a', 'b', 'c');
      const takers = await Promise.all([1, 2, 3].map(() => claim(world, 2)));
      const taken = takers.flat();
      deepEqual(keysOf(taken), ['a', 'b', 'c']);
      for (const work of taken) await world.table.finish(work);
      await world.pass(2 * leaseMs);
      deepEqual(await claim(world), []);
    },
  },
  {
    title: 'is taken by its own kind only',
    run: async (world) => {
      await world.mark('a');
      deepEqual(await world.table.claim('set', placesFor(10)), []);
    },
  },
  {
    title: 'that is marked many times is looked at once',
    run: async (world) => {
      for (let count = 0; count < 5; count++) await world.mark('a');
      equal((await claim(world)).length, 1);
    },
  },
  {
    title: 'that is marked while it is looked at is looked at again, whatever the first look came to',
    run: async (world) => {
      const { table } = world;
      const ends = [
        (work: ClaimedWork) => table.finish(work),
        (work: ClaimedWork) => table.comeBack(work, 60_000),
        (work: ClaimedWork) => table.fail(work, fault, { afterMs: undefined, now: 0 }),
      ];
      for (const end of ends) {
        await world.mark('a');
        const [work] = await claim(world);
        await world.mark('a');
        deepEqual(await claim(world), []);
        await end(work!);
        const [again] = await claim(world);
        equal(again!.key, 'a');
        await table.finish(again!);
      }
    },
  },
  {
    title: 'comes back when its taker dies, and not while it lives',
    run: async (world) => {
      await world.mark('a');
      equal((await claim(world))[0]!.attempts, 1);
      await world.pass(8_000);
      await world.table.renew('plan', ['a'], leaseMs);
      await world.pass(8_000);
      deepEqual(await claim(world), []);
      await world.pass(8_000);
      equal((await claim(world))[0]!.attempts, 2);
    },
  },
  {
    title: 'comes back when it was told to, or earlier when it is marked',
    run: async (world) => {
      await world.mark('a', 'b');
      for (const work of await claim(world)) await world.table.comeBack(work, 60_000);
      await world.pass(59_000);
      deepEqual(await claim(world), []);
      await world.mark('b');
      deepEqual(keysOf(await claim(world)), ['b']);
      await world.pass(2_000);
      deepEqual(keysOf(await claim(world)), ['a']);
    },
  },
  {
    title: 'that fails comes back with more attempts behind it, until it succeeds or is marked',
    run: async (world) => {
      await world.mark('a');
      for (const attempts of [1, 2, 3]) {
        const [work] = await claim(world);
        equal(work!.attempts, attempts);
        await world.table.fail(work!, fault, { afterMs: 1_000, now: 0 });
        deepEqual(await claim(world), []);
        await world.pass(1_001);
      }
      await world.mark('a');
      const [work] = await claim(world);
      equal(work!.attempts, 1);
    },
  },
  {
    title: 'that only a person can mend waits with its reason, for ever, until somebody marks it',
    run: async (world) => {
      await world.mark('a', 'b');
      const [a, b] = (await claim(world)).toSorted((left, right) => (left.key < right.key ? -1 : 1));
      await world.table.fail(a!, fault, { afterMs: undefined, now: 0 });
      await world.table.finish(b!);
      await world.pass(365 * 86_400_000);
      deepEqual(await claim(world), []);
      const { reason, until } = (await world.errors()).a!;
      deepEqual([reason, until], ['SourcePathMissing', 'the input is corrected']);
      await world.mark('a');
      const [again] = await claim(world);
      await world.table.comeBack(again!, 1_000);
      deepEqual(await world.errors(), {});
    },
  },
  {
    title: 'AT-11: is looked at alone once a crash gave it back twice, and each crash counts before the next look',
    run: async (world) => {
      await world.mark('a', 'b');
      const crashes: number[] = [];
      for (const work of await claim(world)) crashes.push(work.crashes);
      await world.pass(leaseMs + 1);
      for (const work of await claim(world)) crashes.push(work.crashes);
      await world.pass(leaseMs + 1);
      deepEqual(await claim(world), []);
      const suspects = [await suspect(world), await suspect(world), await suspect(world)];
      deepEqual(
        [crashes, suspects.map((each) => each?.crashes)],
        [
          [0, 0, 1, 1],
          [2, 2, undefined],
        ],
      );
    },
  },
  {
    title: 'AT-11: that ends its looks by itself is a suspect no longer, whatever they came to',
    run: async (world) => {
      const { table } = world;
      const ends = [
        (work: ClaimedWork) => table.comeBack(work, 0),
        (work: ClaimedWork) => table.fail(work, fault, { afterMs: 0, now: 0 }),
      ];
      for (const end of ends) {
        await world.mark('a');
        for (let crash = 0; crash < 2; crash++) {
          await claim(world);
          await world.pass(leaseMs + 1);
        }
        await end((await suspect(world))!);
        await world.pass(1);
        const [again] = await claim(world);
        equal(again!.crashes, 0);
        await table.finish(again!);
      }
    },
  },
  {
    title: 'AT-11: that was set aside is brought back by a mark, much later and with one crash to go',
    run: async (world) => {
      await world.mark('a');
      const [work] = await claim(world);
      await world.table.setAside(work!, fault, 0);
      await world.pass(365 * 86_400_000);
      deepEqual([await claim(world), await suspect(world)], [[], undefined]);
      equal((await world.errors()).a!.reason, 'SourcePathMissing');
      await world.mark('a');
      await world.pass(setAsideMs - 1_000);
      await world.mark('a');
      equal(await suspect(world), undefined);
      await world.pass(2_000);
      equal((await suspect(world))!.crashes, crashesMax - 1);
      await world.pass(leaseMs + 1);
      equal((await suspect(world))!.crashes, crashesMax);
    },
  },
  {
    title: 'AT-37: is taken in turns: first that of the projects which have the fewest looks under way',
    run: async (world) => {
      for (const project of ['busy', 'idle', 'calm']) await world.markProjects(project);
      const running = new Map([
        ['busy', 2],
        ['calm', 1],
      ]);
      const taken = await world.table.claim('count', placesFor(2, { running, projectMax: 10 }));
      deepEqual(keysOf(taken), ['calm', 'idle']);
    },
  },
  {
    title: 'AT-37: of a project that has all the places it may have waits, and holds up nobody else',
    run: async (world) => {
      await world.markProjects('busy');
      await world.markProjects('idle');
      const running = new Map([['busy', 3]]);
      const taken = await world.table.claim('count', placesFor(10, { running, projectMax: 3 }));
      deepEqual(keysOf(taken), ['idle']);
    },
  },
];

function claim({ table }: WorkWorld, most = 10): Promise<readonly ClaimedWork[]> {
  return table.claim('plan', placesFor(most));
}

function keysOf(works: readonly ClaimedWork[]): string[] {
  return works.map(({ key }) => key).toSorted((left, right) => (left < right ? -1 : 1));
}

function suspect({ table }: WorkWorld): Promise<ClaimedWork | undefined> {
  return table.claimSuspect('plan', leaseMs);
}
