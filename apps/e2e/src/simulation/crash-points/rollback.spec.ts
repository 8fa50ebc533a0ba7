import { describe, expect, it } from 'vitest';
import { atEveryCrashPoint, type CrashPoint } from './crash-points.ts';
import { RollbackWorld, settled, type Heard } from './rollback-world.ts';

/** What another person does at the same moment. */
type Rival = 'nothing' | 'goes back as well, first' | 'goes back as well, second' | 'lets a commit enter';
const rivals: readonly Rival[] = [
  'nothing',
  'goes back as well, first',
  'goes back as well, second',
  'lets a commit enter',
];
const retries = [0, 1, 2];

interface Story {
  readonly world: RollbackWorld;
  /** What anna heard, at each of her tries. */
  readonly anna: readonly Heard[];
  readonly bob: Heard;
  readonly before: readonly number[];
}

/** Anna orders; a rival acts; somebody dies; she asks again so many times under the same key; all work is done. */
async function tell(rival: Rival, tries: number, prepare: (world: RollbackWorld) => void): Promise<Story> {
  const world = await RollbackWorld.open();
  const before = world.generations;
  const standing = await world.view();
  prepare(world);
  const first = rival === 'goes back as well, first' ? world.order('bob', standing) : undefined;
  const asked = [world.order('anna', standing)];
  const second = rival === 'goes back as well, second' ? world.order('bob', standing) : undefined;
  if (rival === 'lets a commit enter') world.push();
  await settled();
  await world.work();
  world.restart();
  for (let count = 0; count < tries; count++) {
    asked.push(world.order('anna', standing));
    await settled();
  }
  await world.work();
  return { world, anna: asked.map(({ heard }) => heard), bob: (first ?? second)?.heard, before };
}

async function callsOf(rival: Rival): Promise<number> {
  let begun: { calls: () => number } | undefined;
  await tell(rival, 0, ({ process }) => (begun = { calls: () => process.calls }));
  return begun!.calls();
}

/** Everything that is not as AT-09 wants it. */
async function wrongWith({ world, anna, bob, before }: Story, rival: Rival): Promise<readonly string[]> {
  const orders = world.ledger.filter((action) => action === 'rollback.order').length;
  const uids = new Set([...anna, bob].flatMap((heard) => (heard && 'rollback' in heard ? [heard.rollback] : [])));
  const annaUids = new Set(anna.flatMap((heard) => (heard && 'rollback' in heard ? [heard.rollback] : [])));
  const refused = [...anna, bob].flatMap((heard) => (heard && 'refused' in heard ? [heard.refused] : []));
  const spent = world.generations.map((generation, index) => generation - before[index]!);
  // A commit that entered first is a generation of its own, and then nobody goes back from a view that it has changed.
  const entered = rival === 'lets a commit enter' && orders === 0 ? 1 : 0;
  const checks: readonly (readonly [boolean, string])[] = [
    [orders <= 1, `${orders} orders were carried out from one view`],
    [uids.size <= orders, `${uids.size} orders were said to be carried out, and ${orders} were`],
    [annaUids.size <= 1, 'one key was answered in two ways'],
    [refused.every((reason) => reason === 'RollbackOvertaken'), `refused for ${refused.join()}`],
    [spent.every((count) => count === orders + entered), `${spent.join()} generations for ${orders} orders`],
    [orders === 0 || world.pinnedBy.length === 2, 'an order was carried out in part'],
    [annaUids.size === 0 || world.pinnedBy.every((who) => who === 'anna'), 'anna was told yes, and it is not hers'],
    [await world.isArrived(), 'an agent was never told'],
    [world.contradictions.length === 0, world.contradictions.join()],
  ];
  return checks.flatMap(([isRight, what]) => (isRight ? [] : [what]));
}

describe('AT-09: a control plane that dies at any call of a rollback loses, doubles and reorders nothing', () => {
  const rows = rivals.flatMap((rival) => retries.map((tries) => [rival, tries] as const));
  it.each(rows)('while another person %s, and the client asks %i times more', async (rival, tries) => {
    const run = async ({ call, after }: CrashPoint) =>
      wrongWith(await tell(rival, tries, ({ process }) => process.killIn(call, after)), rival);
    const { points, wrong } = await atEveryCrashPoint(() => callsOf(rival), run);
    expect(points).toBeGreaterThan(0);
    expect(wrong).toEqual([]);
  });

  it('whoever asks again is told what became of it, whenever the first answer was lost', async () => {
    const run = async ({ call, after }: CrashPoint) => {
      const { anna } = await tell('nothing', 1, ({ process }) => process.killIn(call, after));
      const last = anna.at(-1);
      return last && 'rollback' in last ? [] : [`she heard ${JSON.stringify(last)}`];
    };
    const { wrong } = await atEveryCrashPoint(() => callsOf('nothing'), run);
    expect(wrong).toEqual([]);
  });
});
