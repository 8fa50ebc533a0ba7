import { expect, it } from 'vitest';
import type { FreezeStatusView } from '@flotilla/contracts';
import { documentOf } from '../mock/factories.ts';
import { hostileFleet } from '../mock/hostile-fleet.ts';
import { hostileStrings } from '../mock/hostile-strings.ts';
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
      kept: '97 of 100 clusters, 3 offline',
      lift: { command: 'flotilla unfreeze incident' },
    },
    {
      ...common,
      name: 'year-end',
      stops: 'deploys',
      whom: 'environments prod*',
      expires,
      kept: '97 of 100 clusters, 3 offline, 1 application not planned yet',
      lift: { command: 'flotilla unfreeze year-end' },
    },
  ]);
});

it('says labels as the CLI takes them, and offers no command where Git would have to lift it', () => {
  const clusters = {
    matchLabels: { stage: 'production' },
    matchExpressions: [{ key: 'region', operator: 'In', values: ['eu', 'us'] }],
  };
  const { metadata, ...rest } = freezeOf('year-end', { clusters }, inForce);
  const [words] = standingFreezes([{ ...rest, metadata: { ...metadata, owner: 'config/fleet' } }]);
  expect([words!.whom, words!.lift]).toEqual([
    'clusters stage=production,region in (eu, us)',
    { owner: 'the configuration path config/fleet' },
  ]);
});

it('leaves the words of others as they are, and makes one word of the shell of a name', () => {
  const [byGit, byHand] = standingFreezes(hostileFleet(Date.parse(since)).freezes);
  expect([byGit!.lift, byHand!.lift]).toEqual([
    { owner: 'the configuration path </script><script>alert(1)</script>' },
    { command: "flotilla unfreeze '$(alert 1); alert 2'" },
  ]);
  for (const text of hostileStrings)
    expect([byGit!.reason, byGit!.whom].every((words) => words.includes(text))).toBe(true);
});
