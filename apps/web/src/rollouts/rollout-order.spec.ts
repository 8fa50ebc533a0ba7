import { expect, it } from 'vitest';
import type { RolloutView } from '@flotilla/contracts';
import { rolloutOf } from '../mock/rollout-factory.ts';
import { ended, underWay } from './rollout-order.ts';

function rollout(environment: string, began: number, status: Partial<RolloutView['status']>): RolloutView {
  const begun = rolloutOf({ application: 'checkout', environment }, 'a'.repeat(40), began);
  return { ...begun, status: { ...begun.status, ...status } };
}

it('what needs somebody comes first, then the newest; what is over stands apart', () => {
  const all = [
    rollout('one', 1_000, { state: 'Running' }),
    rollout('two', 2_000, { state: 'Running' }),
    rollout('paused', 3_000, { state: 'Paused' }),
    rollout('failing', 500, { state: 'Running', failing: 2 }),
    rollout('halted', 400, { state: 'Halted', failing: 1 }),
    rollout('finished', 9_000, { state: 'Finished' }),
    rollout('aborted', 9_500, { state: 'Aborted' }),
  ];
  const places = [underWay(all), ended(all)].map((some) => some.map(({ spec }) => spec.environment));
  expect(places).toEqual([
    ['halted', 'failing', 'paused', 'two', 'one'],
    ['aborted', 'finished'],
  ]);
});
