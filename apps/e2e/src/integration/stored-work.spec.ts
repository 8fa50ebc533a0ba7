import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { waitingWork } from '@flotilla/control-store';
import { workCases } from '@flotilla/control-store/testing';
import { storeOfSpec } from '../support/store-of-spec.ts';
import { openPlane, storedWorkWorld } from '../support/store-plane.ts';

const fixture = storeOfSpec({ beforeAll, afterEach, afterAll });

describe('work in PostgreSQL', () => {
  it.each(workCases.map((one) => [one.title, one] as const))('%s', async (_title, { run }) => {
    await expect(run(await storedWorkWorld(fixture))).resolves.toBeUndefined();
  });

  it('is announced once it is committed, and never when it is not', async () => {
    const { store, announced } = await fixture.store();
    await store.transact(async (transaction) => {
      transaction.mark('plan', ['a']);
      expect(announced).toEqual([]);
    });
    const undecided = store.transact(async (transaction) => {
      transaction.mark('set', ['b']);
      throw new Error('undecided');
    });
    await expect(undecided).rejects.toThrow('undecided');
    expect(announced.map(({ work }) => work)).toEqual([['plan']]);
    expect(await store.query('SELECT kind, key FROM work')).toEqual([{ kind: 'plan', key: 'a' }]);
  });

  it('AT-37: belongs to the project of what its key names, and is counted for the twenty that wait for the most', async () => {
    const plane = await openPlane(fixture);
    const cluster = await plane.join('c1', { dev: 'true' });
    const crowd = Array.from({ length: 25 }, (_, index) => `project-${index}`);
    await plane.store.transact(async (transaction) => {
      transaction.mark('set', [cluster.uid]);
      transaction.mark('plan', [plane.uidOf('Application', 'checkout'), 'nobody']);
      transaction.mark('count', crowd);
    });
    const waiting = await waitingWork(plane.store, ['plan', 'set', 'count']);
    const counted = waiting.filter(({ kind }) => kind === 'count');
    expect([waiting.filter(({ kind }) => kind !== 'count'), counted.length, counted[0]]).toEqual([
      [
        { kind: 'plan', project: '', waiting: 1 },
        { kind: 'plan', project: 'default', waiting: 1 },
        { kind: 'set', project: 'default', waiting: 1 },
      ],
      21,
      { kind: 'count', project: '(others)', waiting: 6 },
    ]);
  });
});
