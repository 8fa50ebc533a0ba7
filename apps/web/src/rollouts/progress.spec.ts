import { expect, it } from 'vitest';
import type { HealthStatus } from '@flotilla/model';
import { commitOf, targetOf } from '../mock/factories.ts';
import { rolloutOf } from '../mock/rollout-factory.ts';
import { progressOf, progressParts, progressText, targetsByPlace } from './progress.ts';

const place = { application: 'checkout', environment: 'production' };
const [before, now] = [commitOf(1), commitOf(2)];
const status = { state: 'Running' as const, total: 4, arrived: 0, failing: 0 };
const rollout = { ...rolloutOf(place, now, 0), status };

function target(cluster: string, runs: string, health: HealthStatus) {
  const { status: said, ...rest } = targetOf({ ...place, cluster }, now, 0);
  return { ...rest, status: { ...said, revision: runs, health } };
}

it('of what is under way targets are counted as they are heard; what is over stays as it was told', () => {
  const unadmitted = targetOf({ ...place, cluster: 'd' }, before, 0);
  const targets = [
    target('a', now, 'Healthy'),
    target('b', now, 'Degraded'),
    target('c', before, 'Healthy'),
    unadmitted,
  ];
  const finished = { ...rollout, status: { ...status, state: 'Finished' as const, arrived: 4 } };
  const elsewhere = { ...rollout, spec: { ...rollout.spec, environment: 'dev' } };
  const places = targetsByPlace(targets);
  const inWaves = { ...rollout, status: { ...status, total: 2, wave: 'canary' } };
  const back = { ...inWaves, spec: { ...rollout.spec, cause: 'rollback' as const } };
  expect([rollout, inWaves, back, finished, elsewhere].map((each) => progressOf(each, places))).toEqual([
    { total: 4, arrived: 1, failing: 1 },
    { total: 4, arrived: 1, failing: 1 },
    { total: 2, arrived: 1, failing: 1 },
    { total: 4, arrived: 4, failing: 0 },
    { total: 4, arrived: 0, failing: 0 },
  ]);
});

it('is said in numbers, and drawn in lengths that together are all of them', () => {
  const [well, failing] = [
    { total: 1_204, arrived: 1_204, failing: 0 },
    { total: 12, arrived: 3, failing: 1 },
  ];
  expect([progressText(well), progressText(failing), progressParts(failing).map(({ number }) => number)]).toEqual([
    '1,204 of 1,204',
    '3 of 12, 1 failing',
    [3, 1, 8],
  ]);
});
