import { describe, expect, it } from 'vitest';
import type { ClusterPhase } from '@flotilla/model';
import { steerRollout, type SteeringFacts } from './steer-rollout.ts';

function aborted(phases: Readonly<Record<string, ClusterPhase>>, over: Partial<SteeringFacts> = {}): SteeringFacts {
  const clusters = Object.entries(phases).map(([name, phase]) => ({ cluster: `${name}-uid`, name, phase }));
  return { state: 'Aborted', clusters, ...over };
}

describe('a rollout that was aborted', () => {
  it.each<[string, Readonly<Record<string, ClusterPhase>>, string[]]>([
    ['with what failed tried again', { c1: 'Done', c2: 'Failed', c3: 'Waiting' }, ['c2-uid']],
    ['also where nothing failed', { c1: 'Done', c2: 'Waiting' }, []],
  ])('is taken up again by a retry, %s', (_what, phases, retry) => {
    expect(steerRollout(aborted(phases), { order: 'retry' })).toEqual({
      state: 'Running',
      forgive: [],
      retry,
      skip: [],
    });
  });

  it('stays so while what it brings is in quarantine', () => {
    const steer = () => steerRollout(aborted({ c1: 'Failed' }, { isRefused: true }), { order: 'retry' });
    expect(steer).toThrow(/in quarantine; lift that first/);
  });
});
