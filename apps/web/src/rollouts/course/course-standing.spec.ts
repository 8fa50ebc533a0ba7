import { expect, it } from 'vitest';
import type { RolloutView } from '@flotilla/contracts';
import type { Reason } from '@flotilla/model';
import { rolloutOf } from '../../mock/rollout-factory.ts';
import { courseStanding } from './course-standing.ts';

const begun = rolloutOf({ application: 'checkout', environment: 'production' }, 'a'.repeat(40), 0);
const since = '2026-11-28T09:00:00Z';

function standing(state: RolloutView['status']['state'], blocked?: Reason) {
  const status = { ...begun.status, state, ...(blocked && { blocked, blockedSince: since }) };
  const said = courseStanding({ ...begun, status, waves: [] });
  return said && [said.tone, said.title, said.blockedBy, said.since, said.whoCanAct];
}

it('says why nobody else is admitted, since when, and who can act', () => {
  const blocked = (code: string) => ({ code, message: `because of ${code}` });
  expect([
    standing('Halted', blocked('FailuresExceeded')),
    standing('Paused'),
    standing('Running', blocked('WaveSoaking')),
    standing('Running', blocked('ClustersAway')),
    standing('Running', blocked('UnheardOf')),
    standing('Running'),
    standing('Finished', blocked('WaveSoaking')),
  ]).toEqual([
    [
      'bad',
      'Halted: nobody else is admitted',
      'because of FailuresExceeded',
      since,
      'whoever may run: flotilla rollout resume checkout.production (or retry, skip, abort)',
    ],
    [
      'warn',
      'Paused by a person: nobody else is admitted',
      undefined,
      undefined,
      'whoever may run: flotilla rollout resume checkout.production',
    ],
    ['quiet', 'It waits', 'because of WaveSoaking', since, 'nobody has to: it goes on by itself'],
    [
      'quiet',
      'It waits',
      'because of ClustersAway',
      since,
      'whoever brings them back, or passes them by with: flotilla rollout skip checkout.production --cluster NAME',
    ],
    [
      'quiet',
      'It waits',
      'because of UnheardOf',
      since,
      'whoever may run: flotilla rollout status checkout.production',
    ],
    undefined,
    undefined,
  ]);
});

it('says what the control plane explains, and what else is the matter', () => {
  const status = { ...begun.status, state: 'Running' as const };
  const first = { state: 'waits', blockedBy: '2 are frozen', since, whoCanAct: 'whoever lifts the freeze' };
  const other = { state: 'waits', blockedBy: '1 is not heard' };
  const course = { ...begun, status, waves: [] };
  expect([
    courseStanding({ ...course, explanation: [first, other] }),
    courseStanding({ ...course, explanation: [] }),
  ]).toEqual([
    {
      tone: 'quiet',
      icon: 'clock',
      title: 'It waits',
      blockedBy: '2 are frozen',
      since,
      whoCanAct: 'whoever lifts the freeze',
      others: [other],
    },
    undefined,
  ]);
});
