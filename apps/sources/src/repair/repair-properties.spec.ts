import { isRepairOver, type RepairState } from '@flotilla/model';
import { array, assert, asyncProperty, boolean, constantFrom, nat, oneof, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RepairWorld, repairedPath as path, repairUid } from '../testing/repair-world.ts';

const file = `${path}/a.yaml`;
const branch = `flotilla/repair-${repairUid}`;
const troubles = constantFrom('times-out', 'truncates', 'fails', 'refuses-credentials', 'loses-answers');

/** What happens between two looks at a repair, and how the next one goes. */
const happening = oneof(
  record({ what: constantFrom('nothing', 'another file', 'the same file', 'merged', 'closed', 'protected') }),
  record({ what: constantFrom('ends'), step: nat(30) }),
  record({ what: constantFrom('host'), trouble: troubles, passing: nat(8) }),
  record({ what: constantFrom('faster') }),
);
const lives = record({
  host: boolean(),
  mode: constantFrom('push', 'pullRequest'),
  happenings: array(happening, { maxLength: 8 }),
});
type Happening = typeof happening extends { generate: (...parts: never[]) => { value: infer Value } } ? Value : never;

type Drawn = typeof lives extends { generate: (...parts: never[]) => { value: infer Value } } ? Value : never;

/** A repair that lives through what is drawn, and what people wrote into Git meanwhile. */
class Life {
  readonly world: RepairWorld;
  readonly over: RepairState[] = [];
  /** What people wrote last, by file. */
  readonly written: Record<string, string> = {};
  isProtected = false;

  constructor({ host, mode }: Pick<Drawn, 'host' | 'mode'>) {
    this.world = new RepairWorld({ host, mode });
    this.world.history({ [file]: 'good' }, { [file]: 'bad' });
  }

  async live(happened: Happening): Promise<void> {
    const { world } = this;
    this.#people(happened);
    if (happened.what === 'faster') world.beforePush = () => this.#write('other.yaml');
    if ('trouble' in happened) world.flaky.fail(happened.trouble, 1, happened.passing);
    const looked = 'step' in happened ? world.crashAt(happened.step) : world.repair();
    await looked.catch(() => undefined);
    world.beforePush = undefined;
    world.flaky.recover();
    const { state } = await world.standing();
    if (isRepairOver(state)) this.over.push(state);
  }

  #people({ what }: Happening): void {
    const { git, host } = this.world;
    if (what === 'another file') this.#write('other.yaml');
    if (what === 'the same file') this.#write(file);
    if ((what === 'merged' || what === 'closed') && host.requests.length > 0) host.decide(what);
    if (what !== 'protected') return;
    this.isProtected = true;
    git.protect('main', 'protected branch hook declined');
  }

  #write(where: string): void {
    const text = `${Number(this.written[where] ?? 0) + 1}`;
    this.written[where] = text;
    this.world.git.commit({ [where]: text });
  }
}

/** The last look is one that nothing goes wrong in. */
async function lived(drawn: Drawn): Promise<Life> {
  const life = new Life(drawn);
  for (const happened of [...drawn.happenings, { what: 'nothing' } as const]) await life.live(happened);
  return life;
}

/** Where a repair may stand that nothing goes wrong with any more. */
function endsOf({ host, mode }: Drawn, { written, isProtected }: Life): readonly RepairState[] {
  const proposed: readonly RepairState[] = host ? ['PullRequestOpen', 'Merged', 'Failed'] : ['Waiting', 'Conflict'];
  if (mode === 'pullRequest') return proposed;
  return isProtected || file in written ? ['Pushed', ...proposed] : ['Pushed'];
}

describe('whatever happens to a repair of Git,', () => {
  it('what is over stays as it is, and nothing is written or proposed twice', async () => {
    const holds = asyncProperty(lives, async (drawn) => {
      const { world, over } = await lived(drawn);
      const commits = await world.messages();
      const ours = commits.filter((message) => message.includes(`\nFlotilla-Repair: ${repairUid}\n`));
      expect([new Set(over).size <= 1, ours.length <= 1, world.host.requests.length <= 1]).toEqual([true, true, true]);
    });
    await assert(holds);
  });

  it('what people write stands, there and beside it', async () => {
    const holds = asyncProperty(lives, async (drawn) => {
      const { world, written } = await lived(drawn);
      const { state } = await world.standing();
      const repaired = state === 'Pushed' ? 'good' : 'bad';
      expect(await world.texts()).toEqual({ [file]: repaired, ...written });
    });
    await assert(holds);
  });

  it('ends, or says who has to decide', async () => {
    const holds = asyncProperty(lives, async (drawn) => {
      const life = await lived(drawn);
      const { state, error } = await life.world.standing();
      const isSaid = state !== 'Waiting' && state !== 'Conflict' ? error === undefined : error !== undefined;
      expect([endsOf(drawn, life), isSaid || state === 'Failed']).toEqual([expect.arrayContaining([state]), true]);
    });
    await assert(holds);
  });

  it('what is proposed is what was good', async () => {
    const holds = asyncProperty(lives, async (drawn) => {
      const { world } = await lived(drawn);
      const proposed = world.host.requests.length === 0 ? 'good' : (await world.texts(branch))[file];
      expect(proposed).toBe('good');
    });
    await assert(holds);
  });
});
