import { expect, it } from 'vitest';
import type { RolloutQuery, RolloutRecord } from '@flotilla/control-delivery';
import { watchedNouns, type Readers } from './watched-nouns.ts';

function rollout(uid: string, minute: number): RolloutRecord {
  const place = { project: 'shop', application: 'checkout', environment: uid, release: 'r', revision: 'a'.repeat(40) };
  const progress = { state: 'Running' as const, total: 1, arrived: 0, failing: 0 };
  return { uid, ...place, ...progress, cause: 'tracking', createdAt: new Date(Date.UTC(2026, 0, 1, 0, minute)) };
}

const newest = [rollout('new', 9), rollout('both', 8)];
const open = [rollout('both', 8), rollout('old', 1)];

function scene() {
  const asked: RolloutQuery[] = [];
  const rollouts = async (query: RolloutQuery) => {
    asked.push(query);
    return { items: query.open ? open : newest };
  };
  const nouns = watchedNouns({ delivery: { rollouts } } as unknown as Readers);
  const read = async (ids?: readonly string[]) => {
    const { items } = await nouns.rollout.page('shop', ids ? { ids } : {});
    return items.map(({ id }) => id);
  };
  return { asked, read };
}

it('a stream of rollouts begins with the newest, and with all that have something left to do, however old', async () => {
  const { asked, read } = scene();
  expect([await read(), asked]).toEqual([
    ['old', 'both', 'new'],
    [
      { project: 'shop', page: { limit: 100 } },
      { project: 'shop', open: true, page: { limit: 500 } },
    ],
  ]);
});

it('of rollouts that changed those alone are read, however many there are', async () => {
  const { asked, read } = scene();
  await read(['new', 'both']);
  expect(asked).toEqual([{ project: 'shop', uids: ['new', 'both'], page: { limit: 2 } }]);
});
