import { expect, it } from 'vitest';
import type { TargetCountView } from '@flotilla/contracts';
import { documentOf, targetOf } from '../mock/factories.ts';
import { fleetGrid, revisionsBySquare } from './fleet-grid-model.ts';

const count = (application: string, environment: string): TargetCountView => ({
  application,
  environment,
  revision: 'a',
  total: 1,
  sync: { Synced: 1 },
  health: { Healthy: 1 },
});

it('the grid has a row for each application, also for one that runs nowhere, and a column for each environment', () => {
  const counts = [count('mail', 'staging'), count('checkout', 'dev')];
  const documents = [documentOf('Application', 'newsletter', {}), documentOf('Environment', 'production', {})];
  const byKey = new Map(counts.map((each) => [`${each.application}/${each.environment}`, each]));
  expect(fleetGrid(byKey, documents)).toEqual({
    environments: ['dev', 'production', 'staging'],
    applications: ['checkout', 'mail', 'newsletter'],
    squares: byKey,
  });
});

it('a square has two revisions while one takes over from another', () => {
  const place = { application: 'checkout', environment: 'dev', cluster: 'dev-1' };
  const targets = [
    targetOf(place, 'old', 0),
    targetOf({ ...place, cluster: 'dev-2' }, 'new', 0),
    targetOf({ ...place, environment: 'staging' }, 'old', 0),
  ];
  expect(revisionsBySquare(targets)).toEqual(
    new Map([
      ['checkout/dev', new Set(['old', 'new'])],
      ['checkout/staging', new Set(['old'])],
    ]),
  );
});
