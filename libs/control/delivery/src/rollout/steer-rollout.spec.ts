import { array, assert, boolean, constantFrom, integer, option, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toFault } from '@flotilla/foundation';
import { clusterPhases, rolloutOrders, type ClusterPhase, type RolloutOrder, type RolloutState } from '@flotilla/model';
import { steerRollout, type Steered, type SteeringFacts } from './steer-rollout.ts';

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

const phases = constantFrom<ClusterPhase>(...clusterPhases);
const steerings = record({
  facts: record({
    state: constantFrom<RolloutState>('Running', 'Paused', 'Halted', 'Aborted'),
    clusters: array(phases, { minLength: 1, maxLength: 6 }),
    isRefused: boolean(),
  }),
  order: constantFrom<RolloutOrder>(...rolloutOrders),
  cluster: option(integer({ min: 0, max: 6 }), { nil: undefined }),
});
type Steering = typeof steerings extends { generate: (...parts: never[]) => { value: infer Value } } ? Value : never;

/** What becomes of it, or the reason of the fault. */
function steered({ facts, order, cluster }: Steering): Steered | string {
  const clusters = facts.clusters.map((phase, index) => ({ cluster: `c${index}-uid`, name: `c${index}`, phase }));
  try {
    return steerRollout({ ...facts, clusters }, { order, ...(cluster !== undefined && { cluster: `c${cluster}` }) });
  } catch (error) {
    return toFault(error).reason;
  }
}

describe('whatever is ordered,', () => {
  it('each cluster is told one thing at most, and only by the order that is for it', () => {
    const holds = property(steerings, (steering) => {
      const result = steered(steering);
      if (typeof result === 'string') return;
      const { forgive, retry, skip } = result;
      const touched = [...forgive, ...retry, ...skip];
      const byOrder = { resume: forgive, retry, skip, pause: [], abort: [] }[steering.order];
      expect([new Set(touched).size, byOrder]).toEqual([touched.length, touched]);
    });
    assert(holds);
  });

  it('nobody is tried again or forgiven who has not failed, and nobody is skipped who was not named', () => {
    const holds = property(steerings, (steering) => {
      const result = steered(steering);
      if (typeof result === 'string') return;
      const phaseOf = (uid: string) => steering.facts.clusters[Number(/\d+/.exec(uid)![0])]!;
      const failures = [...result.forgive, ...result.retry].map(phaseOf);
      expect([
        failures.filter((phase) => !['Failing', 'Failed', 'Forgiven'].includes(phase)),
        result.skip.filter((uid) => uid !== `c${steering.cluster}-uid`),
      ]).toEqual([[], []]);
    });
    assert(holds);
  });

  it('what was ended goes on only by a retry, and never with what is in quarantine', () => {
    const holds = property(steerings, ({ facts, ...rest }) => {
      const result = steered({ facts: { ...facts, state: 'Aborted', isRefused: true }, ...rest, order: 'retry' });
      expect(result).toBe('Quarantined');
    });
    assert(holds);
  });

  it('an order that is given twice changes nothing the second time', () => {
    const holds = property(steerings, (steering) => {
      const first = steered(steering);
      if (typeof first === 'string') return;
      const again = steered({ ...steering, facts: { ...steering.facts, state: first.state } });
      expect(typeof again === 'string' ? first.state : again.state).toBe(first.state);
    });
    assert(holds);
  });
});
