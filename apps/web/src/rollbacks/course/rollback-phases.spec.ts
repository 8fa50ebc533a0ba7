import { describe, expect, it } from 'vitest';
import type { RollbackView } from '@flotilla/contracts';
import { repairStates, type RepairState } from '@flotilla/model';
import { repairOf, rollbackOf } from '../../mock/rollback-factory.ts';
import { clustersPhase, gitPhase } from './rollback-phases.ts';

const spec = { selection: { application: 'mail' }, to: 'previous-good', reason: 'incident 42', by: 'user:ann' };
const ordered = rollbackOf({ uid: 'r', atMs: 0, spec }, []);

function rollback(state: RollbackView['status']['state'], parts: Partial<RollbackView['status']> = {}): RollbackView {
  const counts = { total: 12, arrived: 9, failing: 0, held: 12, places: [] };
  return { ...ordered, status: { state, ...counts, ...parts } };
}

const repair = (state: RepairState) => repairOf(ordered, state, { state, attempts: 1, conflicts: [] });

describe('the first phase', () => {
  it('says how far the clusters went back, failures before all', () => {
    const standings = [
      rollback('Running', { failing: 1 }),
      rollback('Halted'),
      rollback('Paused'),
      rollback('Running'),
      rollback('Finished', { arrived: 12 }),
      rollback('Superseded'),
    ].map((each) => clustersPhase(each));
    expect(standings.map(({ tone, words }) => `${tone}: ${words}`)).toEqual([
      'bad: 9 of 12 targets went back, 1 failing',
      'bad: 9 of 12 targets went back; it is halted',
      'warn: 9 of 12 targets went back; a person paused it',
      'busy: 9 of 12 targets went back',
      'good: 12 of 12 targets went back',
      'quiet: 9 of 12 targets went back; it ended before all of them did',
    ]);
  });
});

describe('the second phase', () => {
  const alone: Readonly<Record<RepairState, string>> = {
    Waiting: 'busy',
    Writing: 'busy',
    Pushed: 'good',
    PullRequestOpen: 'warn',
    Merged: 'good',
    Conflict: 'bad',
    Failed: 'bad',
  };

  it.each(repairStates)('of a repair that is %s looks as it should', (state) => {
    expect(gitPhase(rollback('Finished'), [repair(state)]).tone).toBe(alone[state]);
  });

  it('of several says what needs a person first', () => {
    const some: readonly (readonly RepairState[])[] = [
      ['Pushed', 'PullRequestOpen', 'Failed'],
      ['Pushed', 'PullRequestOpen', 'Writing'],
      ['Merged', 'Writing'],
    ];
    expect(some.map((states) => gitPhase(rollback('Finished'), states.map(repair)).tone)).toEqual([
      'bad',
      'warn',
      'busy',
    ]);
  });

  it('without a repair says whether one will follow, and what holds the targets when none does', () => {
    const none = [rollback('Running'), rollback('Finished'), rollback('Finished', { held: 0 })];
    expect(none.map((each) => gitPhase(each, []).words)).toEqual([
      'follows once the clusters went back',
      'nothing repairs Git: the targets are held until somebody mends it',
      'there was nothing to repair',
    ]);
  });
});
