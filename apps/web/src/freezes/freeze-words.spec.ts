import { expect, it } from 'vitest';
import type { FreezeStatusView } from '@flotilla/contracts';
import { documentOf } from '../mock/factories.ts';
import { standingFreezes } from './freeze-words.ts';

const since = '2026-11-28T09:00:00Z';
const inForce: FreezeStatusView = {
  state: 'InForce',
  by: 'user:mara',
  since,
  clusters: 100,
  acknowledged: 97,
  offline: 3,
  unplanned: 0,
};

function freezeOf(name: string, spec: Record<string, unknown>, freeze: FreezeStatusView) {
  const written = { reason: 'year end', until: 'lifted', ...spec };
  return { ...documentOf('Freeze', name, written), status: { freeze } };
}

it('says what stands, by name, and leaves out what ended', () => {
  const expires = '2027-01-04T08:00:00Z';
  const words = standingFreezes([
    freezeOf('year-end', { environments: ['prod*'], until: expires }, { ...inForce, expires, unplanned: 1 }),
    freezeOf('incident', { applications: ['mail', 'search'], scope: 'all' }, inForce),
    freezeOf('last-year', { environments: ['prod*'] }, { ...inForce, state: 'Ended' }),
  ]);
  const common = { reason: 'year end', by: 'user:mara', since };
  expect(words).toEqual([
    {
      ...common,
      name: 'incident',
      stops: 'every write',
      whom: 'applications mail, search',
      until: 'somebody lifts it',
      kept: '97 of 100 clusters acknowledged, 3 offline',
      lift: 'flotilla unfreeze incident',
    },
    {
      ...common,
      name: 'year-end',
      stops: 'deploys',
      whom: 'environments prod*',
      until: expires,
      kept: '97 of 100 clusters acknowledged, 3 offline, 1 application not planned yet',
      lift: 'flotilla unfreeze year-end',
    },
  ]);
});
