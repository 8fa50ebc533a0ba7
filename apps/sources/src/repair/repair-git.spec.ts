import { describe, expect, it } from 'vitest';
import { RepairWorld, repairedPath as path, repairUid } from '../testing/repair-world.ts';

const branch = `flotilla/repair-${repairUid}`;

describe('the repair of Git after a rollback', () => {
  it('is a commit on the branch: the paths are as they were, what came after stays, and it says why', async () => {
    const world = new RepairWorld();
    const [good] = world.history({ [`${path}/a.yaml`]: '1', 'other.yaml': '1' }, { [`${path}/a.yaml`]: '2' });
    world.git.commit({ 'other.yaml': 'newer' });
    await world.repair();
    expect(await world.texts()).toEqual({ [`${path}/a.yaml`]: '1', 'other.yaml': 'newer' });
    expect(await world.head()).toMatchObject({
      author: { name: 'ann', email: 'ann@flotilla.invalid' },
      committer: { name: 'Flotilla' },
      message: [
        `Take back checkout to ${good!.slice(0, 8)}`,
        '',
        'it returned 500s Flotilla-Repair: other',
        '',
        'Asked for by user:ann.',
        '',
        `Below these paths everything is as it was at ${good!.slice(0, 8)}, but for what changed after ${world.order.badRevision.slice(0, 8)}:`,
        `- ${path}`,
        '',
        'Flotilla-Rollback: rb1',
        'Flotilla-Repair: r1',
        `Flotilla-Good-Revision: ${good}`,
        `Flotilla-Bad-Revision: ${world.order.badRevision}`,
        '',
      ].join('\n'),
    });
    expect([world.repairs.states, world.looks]).toEqual([['Writing', 'Pushed'], ['shop']]);
  });

  it('writes nothing where Git says what was good already', async () => {
    const world = new RepairWorld();
    world.history({ [`${path}/a.yaml`]: '1' }, { [`${path}/a.yaml`]: '2' }, { [`${path}/a.yaml`]: '1' });
    world.order = { ...world.order, badRevision: world.commits[1]! };
    await world.repair();
    expect([world.repairs.states, (await world.head()).id]).toEqual([['Writing', 'Merged'], world.commits[2]]);
  });

  it('without a host names its conflicts and writes nothing, until a person has decided', async () => {
    const world = new RepairWorld();
    world.history({ [`${path}/a.yaml`]: '1' }, { [`${path}/a.yaml`]: '2' });
    const newer = world.git.commit({ [`${path}/a.yaml`]: '3' });
    expect(await world.repair()).toBeGreaterThan(0);
    expect([await world.standing(), (await world.head()).id]).toMatchObject([
      { state: 'Conflict', conflicts: [`${path}/a.yaml`], error: { code: 'RepairConflict' } },
      newer,
    ]);
    world.git.commit({ [`${path}/a.yaml`]: '1' });
    await world.repair();
    expect((await world.standing()).state).toBe('Merged');
  });

  it('with a host proposes what was good, and says what there is to decide', async () => {
    const world = new RepairWorld({ host: true });
    world.history({ [`${path}/a.yaml`]: '1' }, { [`${path}/a.yaml`]: '2' });
    world.git.commit({ [`${path}/a.yaml`]: '3' });
    await world.repair();
    expect(await world.texts(branch)).toEqual({ [`${path}/a.yaml`]: '1' });
    expect(world.host.requests).toMatchObject([{ branch, into: 'main', state: 'open' }]);
    expect(world.host.requests[0]!.body).toContain(`- \`${path}/a.yaml\``);
    expect(await world.standing()).toMatchObject({ state: 'PullRequestOpen', conflicts: [`${path}/a.yaml`] });
  });

  it.each([
    ['merged', 'Merged'],
    ['closed', 'Failed'],
    ['open', 'PullRequestOpen'],
  ] as const)('reads that its pull request was %s', async (decided, state) => {
    const world = new RepairWorld({ host: true, mode: 'pullRequest' });
    world.history({ [`${path}/a.yaml`]: '1' }, { [`${path}/a.yaml`]: '2' });
    await world.repair();
    world.host.decide(decided);
    await world.repair();
    expect([(await world.standing()).state, world.host.requests.length]).toEqual([state, 1]);
  });

  it('proposes where the branch is protected', async () => {
    const world = new RepairWorld({ host: true });
    world.history({ [`${path}/a.yaml`]: '1' }, { [`${path}/a.yaml`]: '2' });
    world.git.protect('main', 'protected branch hook declined');
    await world.repair();
    expect([await world.texts(branch), (await world.head()).id]).toEqual([
      { [`${path}/a.yaml`]: '1' },
      world.commits[1],
    ]);
    expect((await world.standing()).state).toBe('PullRequestOpen');
  });

  it.each([
    ['a branch that is protected', { protect: true }, 'PushRefused', /protected branch hook declined/],
    ['a repository that may not be written', { write: false }, 'WriteNotAllowed', /has no spec.write/],
    ['a pull request that nobody can open', { mode: 'pullRequest' }, 'HostMissing', /names no spec.host/],
    ['a branch that is gone', { gone: true }, 'RefMissing', /does not exist/],
  ] as const)('waits and says why: %s', async (_what, options, reason, message) => {
    const world = new RepairWorld(options);
    world.history({ [`${path}/a.yaml`]: '1' }, { [`${path}/a.yaml`]: '2' });
    if ('protect' in options) world.git.protect('main', 'protected branch hook declined');
    if ('gone' in options) world.git.deleteBranch('main');
    await expect(world.repair()).rejects.toMatchObject({ reason, message, consequence: { kind: 'retry' } });
    expect(await world.standing()).toMatchObject({ state: 'Waiting', error: { code: reason } });
  });

  it('builds on what somebody pushed in the same moment', async () => {
    const world = new RepairWorld();
    world.history({ [`${path}/a.yaml`]: '1' }, { [`${path}/a.yaml`]: '2' });
    world.beforePush = () => void world.git.commit({ 'other.yaml': 'faster' });
    await expect(world.repair()).rejects.toMatchObject({ reason: 'BranchMoved' });
    world.beforePush = undefined;
    await world.repair();
    expect(await world.texts()).toEqual({ [`${path}/a.yaml`]: '1', 'other.yaml': 'faster' });
  });

  it('AT-38: makes one commit, however often it ends between two steps', async () => {
    for (const host of [false, true]) {
      for (let step = 1; ; step++) {
        const world = new RepairWorld(host ? { host, mode: 'pullRequest' } : {});
        world.history({ [`${path}/a.yaml`]: '1' }, { [`${path}/a.yaml`]: '2' });
        const crashed = await world.crashAt(step);
        await world.repair();
        const { state } = await world.standing();
        const written = await world.texts(host ? branch : 'main');
        const commits = world.git.history(host ? branch : 'main').length;
        expect([step, state, written, commits, world.host.requests.length]).toEqual([
          step,
          host ? 'PullRequestOpen' : 'Pushed',
          { [`${path}/a.yaml`]: '1' },
          3,
          host ? 1 : 0,
        ]);
        if (!crashed) break;
      }
    }
  });

  it('AT-38: sends the same commit again when nobody knows whether it took effect', async () => {
    const world = new RepairWorld();
    world.history({ [`${path}/a.yaml`]: '1' }, { [`${path}/a.yaml`]: '2' });
    world.beforePush = () => world.flaky.fail('times-out', 1);
    for (let times = 0; times < 2; times++)
      await expect(world.repair()).rejects.toMatchObject({ reason: 'GitTimeout' });
    world.beforePush = undefined;
    await world.repair();
    expect([world.pushes.length, new Set(world.pushes)]).toEqual([3, new Set([(await world.head()).id])]);
  });

  it('is looked at again also where only a person can help', async () => {
    const world = new RepairWorld();
    world.history({ [`${path}/a.yaml`]: '1' }, { [`${path}/a.yaml`]: '2' });
    world.flaky.fail('refuses-credentials', 1);
    await expect(world.repair()).rejects.toMatchObject({ consequence: { kind: 'retry' } });
    expect(await world.standing()).toMatchObject({ state: 'Waiting', error: { code: 'GitCredentialsRefused' } });
  });

  it('AT-38: is not done again when somebody took it back on purpose before it was noted', async () => {
    const world = new RepairWorld();
    world.history({ [`${path}/a.yaml`]: '1' }, { [`${path}/a.yaml`]: '2' });
    await world.crashAt('after push');
    const onPurpose = world.git.commit({ [`${path}/a.yaml`]: '2' });
    await world.repair();
    expect([(await world.standing()).state, (await world.head()).id]).toEqual(['Pushed', onPurpose]);
  });

  it.each(['times-out', 'truncates', 'fails', 'refuses-credentials', 'is-gone', 'loses-answers'] as const)(
    'AT-38: is done once, whenever the host %s',
    async (trouble) => {
      for (let passing = 0; passing < 8; passing++) {
        const world = new RepairWorld();
        world.history({ [`${path}/a.yaml`]: '1' }, { [`${path}/a.yaml`]: '2' });
        world.flaky.fail(trouble, 1, passing);
        await world.repair().catch(() => undefined);
        world.flaky.recover();
        await world.repair();
        expect([(await world.standing()).state, world.git.history('main').length]).toEqual(['Pushed', 3]);
      }
    },
  );
});
