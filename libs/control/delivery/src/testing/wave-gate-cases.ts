import { deepEqual, equal, rejects } from 'node:assert/strict';
import { noFence, type Gate, type HealthStatus, type RolloutOrder } from '@flotilla/model';
import type { ApprovalOrder, OverrideOrder } from '../promotion/promotion-record.port.ts';
import { inOneSecond } from './conflict-cases.ts';
import { statusOf } from './delivery-world.ts';
import { openWalk, type PromotionCase, type PromotionWorld } from './promotion-world.ts';

const dev = { project: 'default', application: 'checkout', environment: 'dev' };
const person = (name: string, request?: string) => ({ kind: 'user' as const, name, request });

/** What every filling of the record does with waves that wait for people. */
export const waveGateCases: readonly PromotionCase[] = [
  {
    title: 'a wave waits until somebody who may agrees to exactly what is under way, and then begins by itself',
    run: async (world) => {
      const { approve, look, runs, commit } = await beforeTheRest(world, 'bob');
      deepEqual(await runs(), [commit, undefined]);
      await rejects(approve('eve', { wave: 'nowhere' }), { code: 'not-found', reason: 'WaveMissing' });
      await rejects(approve('eve', { wave: 'canary' }), { reason: 'ApprovalNotAsked' });
      await rejects(approve('eve', { release: 'f'.repeat(40) }), { code: 'conflict', reason: 'ReleaseChanged' });
      await rejects(approve('bob'), { code: 'forbidden', reason: 'ApproverIsAuthor' });
      await rejects(approve('ann'), { code: 'forbidden', reason: 'ApproverUnknown' });
      await rejects(approve('eve', { environment: 'staging' }), { reason: 'RolloutMissing' });
      await look();
      deepEqual(await runs(), [commit, undefined]);
      const twice = () => world.record.approve({ ...dev, wave: 'rest', release: commit }, person('eve', 'wave-1'));
      const [first, second] = [await twice(), await twice()];
      deepEqual([second, first.revision, first.wave], [first, commit, 'rest']);
      await look();
      deepEqual(await runs(), [commit, commit]);
      await rejects(approve('eve'), { code: 'conflict', reason: 'WaveBegan' });
    },
  },
  {
    title: 'what was agreed to for one rollout counts for no other, and nothing that is over is agreed to',
    run: async (world) => {
      const { approve, look, runs, commit, walk } = await beforeTheRest(world, 'ann');
      await world.record.steerRollout({ ...dev, order: 'pause' }, person('ann'));
      const agrees = () => world.record.approve({ ...dev, wave: 'rest' }, person('eve', 'wave-2'));
      const agreed = await agrees();
      await look();
      deepEqual(await runs(), [commit, undefined]);
      await world.record.steerRollout({ ...dev, order: 'abort' }, person('ann'));
      deepEqual(await agrees(), agreed);
      await rejects(approve('bob'), { reason: 'RolloutMissing' });
      const next = await world.push('ann', 'dev');
      await walk.plan();
      for (let count = 0; count < 3; count++) await look();
      deepEqual(await runs(), [next, undefined]);
      await rejects(approve('eve', { release: commit }), { reason: 'ReleaseChanged' });
      await approve('eve', { release: next });
      await look();
      deepEqual(await runs(), [next, next]);
    },
  },
  {
    title: 'a person passes the clusters of a wave by, so nobody is asked before it any more',
    run: async (world) => {
      const { look, walk } = await beforeTheRest(world, 'ann');
      await world.record.steerRollout({ ...dev, order: 'skip', cluster: 'dev-2' }, person('ann'));
      await look();
      equal((await walk.facts()).stages.find(({ environment }) => environment === 'dev')!.current!.running, false);
    },
  },
  {
    title: 'one agrees to a wave while another one ends its rollout: it goes no further, whoever was first',
    run: async (world) => {
      const { approve, look, runs, commit } = await beforeTheRest(world, 'ann');
      const { refused } = await inOneSecond([
        () => approve('eve'),
        () => world.record.steerRollout({ ...dev, order: 'abort' }, person('bob')),
      ]);
      const reasons = refused.map(({ reason }) => reason);
      deepEqual(reasons, reasons.length === 0 ? [] : ['RolloutMissing']);
      await look();
      deepEqual(await runs(), [commit, undefined]);
    },
  },
  {
    title: 'somebody outside is asked before a wave once its turn has come, and it begins when they let it in',
    run: async (world) => {
      const { look, runs, commit } = await beforeTheRest(world, 'ann', outside);
      deepEqual(await world.answerWaves({ state: 'Waiting', reason: 'metrics are gathered' }), ['rest']);
      await look();
      deepEqual(await runs(), [commit, undefined]);
      deepEqual(await world.answerWaves({ state: 'Allowed' }), ['rest']);
      await look();
      deepEqual(await runs(), [commit, commit]);
      deepEqual(await world.answerWaves({ state: 'Denied', reason: 'too late' }), []);
    },
  },
  {
    title: 'a no before a wave holds it, a person may do without the word, and only of exactly this wave',
    run: async (world) => {
      const { look, runs, commit } = await beforeTheRest(world, 'ann', outside);
      const override = (over: Partial<OverrideOrder> = {}) =>
        world.record.override({ ...dev, wave: 'rest', reason: 'ci is down', ...over }, person('bob', over.wave));
      deepEqual(await world.answerWaves({ state: 'Denied', reason: 'errors rise' }), ['rest']);
      await look();
      deepEqual([await runs(), await world.answerWaves({ state: 'Allowed' })], [[commit, undefined], []]);
      await rejects(override({ wave: undefined }), { reason: 'StageTracks' });
      await rejects(override({ wave: 'canary' }), { code: 'invalid', reason: 'GateMissing' });
      await rejects(override({ release: 'f'.repeat(40) }), { reason: 'ReleaseChanged' });
      const { wave, gates } = await override();
      deepEqual([wave, gates], ['rest', ['web ci.example.org/']]);
      await look();
      deepEqual(await runs(), [commit, commit]);
      await rejects(override({ release: commit }), { code: 'conflict', reason: 'WaveBegan' });
    },
  },
  {
    title: 'nobody outside is asked while a person is, about a rollout that is paused or over, or for the next one',
    run: async (world) => {
      const { approve, look, walk } = await beforeTheRest(world, 'ann', [...people, ...outside]);
      const asked = () => world.answerWaves({ state: 'Waiting' });
      const steered = async (order: RolloutOrder) => {
        await world.record.steerRollout({ ...dev, order }, person('ann'));
        await look();
        return asked();
      };
      deepEqual(await asked(), []);
      await approve('eve');
      await look();
      deepEqual(await asked(), ['rest']);
      deepEqual(await steered('pause'), []);
      deepEqual(await steered('resume'), ['rest']);
      deepEqual(await steered('abort'), []);
      deepEqual(await steered('retry'), ['rest']);
      await steered('abort');
      await world.push('ann', 'dev');
      await walk.plan();
      for (let count = 0; count < 3; count++) await look();
      deepEqual(await asked(), []);
    },
  },
  {
    title: 'the gates of a wave that is frozen as a whole are not for today: nobody is asked, and it does not begin',
    run: async (world) => {
      const { approve, look, runs, commit } = await beforeTheRest(world, 'ann', [...people, ...outside]);
      const asked = () => world.answerWaves({ state: 'Allowed' });
      // The canary has to say first that it is told of the freeze, or of its end.
      const looks = async () => {
        for (let count = 0; count < 3; count++) await look();
      };
      await approve('eve');
      await world.freeze('holidays', 'dev');
      await looks();
      deepEqual([await asked(), await runs()], [[], [commit, undefined]]);
      await world.lift('holidays');
      await looks();
      deepEqual(await asked(), ['rest']);
      await world.freeze('holidays', 'dev');
      await looks();
      deepEqual(await runs(), [commit, undefined]);
      await world.lift('holidays');
      await looks();
      deepEqual(await runs(), [commit, commit]);
    },
  },
  {
    title: 'a no stands while a canary is not well for a moment and holds the wave up',
    run: async (world) => {
      const { look, runs, commit, sayOf } = await beforeTheRest(world, 'ann', outside);
      deepEqual(await world.answerWaves({ state: 'Denied', reason: 'errors rise' }), ['rest']);
      await look();
      await sayOf('Progressing');
      await look({ quiet: true });
      await look();
      await look();
      deepEqual([await world.answerWaves({ state: 'Allowed' }), await runs()], [[], [commit, undefined]]);
    },
  },
];

const people: readonly Gate[] = [{ approval: { users: ['bob', 'eve'], count: 1 } }];
const outside: readonly Gate[] = [{ web: { url: 'https://ci.example.org/', secret: 'ci' } }];

/** A commit of this author is well on the canary, and the rest of two clusters waits for these gates: for `bob` or `eve`. */
async function beforeTheRest(world: PromotionWorld, author: string, gates: readonly Gate[] = people) {
  await world.useStrategy('dev', {
    waves: [
      { name: 'canary', take: 1 },
      { name: 'rest', gates: [...gates] },
    ],
  });
  const walk = await openWalk(world);
  const { stages, clusters } = await walk.facts();
  equal(
    stages.some(({ environment }) => environment === 'dev'),
    true,
  );
  const first = clusters.find(({ name }) => name === 'dev')!.uid;
  const here = [first, await world.addCluster('dev', 'dev-2')];
  const commit = await world.push(author, 'dev');
  await walk.plan();
  const look = async ({ quiet = false } = {}) => {
    const rollout = (await walk.facts()).stages.find(({ environment }) => environment === 'dev')!.current!.rollout;
    await world.record.settleRollout(rollout);
    await walk.plan();
    for (const cluster of here) if (!quiet) await say(world, cluster, 'Healthy');
  };
  const runs = () => Promise.all(here.map((cluster) => runsOn(world, cluster)));
  const approve = (name: string, over: Partial<ApprovalOrder> = {}) =>
    world.record.approve({ ...dev, wave: 'rest', ...over }, person(name));
  for (let count = 0; count < 2; count++) await look();
  const sayOf = (health: HealthStatus) => say(world, first, health);
  return { walk, commit, look, runs, approve, sayOf };
}

async function runsOn({ record }: PromotionWorld, cluster: string): Promise<string | undefined> {
  return (await record.setFor(cluster, noFence))?.entries[0]?.source.revision;
}

async function say({ record, report }: PromotionWorld, cluster: string, health: HealthStatus): Promise<void> {
  const set = await record.setFor(cluster, noFence);
  if (!set) return;
  await report(
    cluster,
    set.fence,
    set.entries.map((entry) => statusOf(entry, { health })),
  );
}
