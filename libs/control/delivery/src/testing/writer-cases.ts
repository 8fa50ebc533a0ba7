import { deepEqual, rejects } from 'node:assert/strict';
import { openWalk, walkedEnvironments, type PromotionCase } from './promotion-world.ts';

const checkout = { project: 'default', application: 'checkout' };
const person = (name: string) => ({ kind: 'user' as const, name, request: undefined });
const itsAuthor = { code: 'forbidden', reason: 'ApproverIsAuthor' };

/** What every filling of the record does when somebody's change goes on in the commit of somebody else. */
export const writerCases: readonly PromotionCase[] = [
  {
    title: 'whoever wrote what enters does not agree to it, although a later commit of somebody else carries it',
    run: async (world) => {
      const walk = await openWalk(world);
      await world.push('bob', ...walkedEnvironments);
      await walk.plan();
      await walk.settle('dev');
      await walk.settle('staging');
      const release = await world.push('ann', 'dev');
      await walk.plan();
      await walk.settle('dev');
      const order = { ...checkout, environment: 'production', release };
      await rejects(world.record.approve(order, person('bob')), itsAuthor);
      deepEqual((await world.record.approve(order, person('eve'))).revision, release);
    },
  },
  {
    title: 'whoever wrote what goes in waves agrees to none of them, although another commit carries it',
    run: async (world) => {
      const gates = [{ approval: { users: ['bob', 'eve'], count: 1 } }];
      await world.useStrategy('staging', {
        waves: [
          { name: 'canary', take: 1 },
          { name: 'rest', gates },
        ],
      });
      const walk = await openWalk(world);
      await world.addCluster('staging', 'staging-2');
      await world.push('bob', ...walkedEnvironments);
      await walk.plan();
      // It comes before the one before it is well anywhere, so that it is what goes on.
      const release = await world.push('ann', 'dev');
      await walk.plan();
      deepEqual(await walk.settle('dev'), ['staging promotion']);
      const order = { ...checkout, environment: 'staging', release, wave: 'rest' };
      await rejects(world.record.approve(order, person('bob')), itsAuthor);
      deepEqual((await world.record.approve(order, person('eve'))).revision, release);
    },
  },
];
