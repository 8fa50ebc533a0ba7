import { expect, it } from 'vitest';
import { placeVariables, type RenderPlace } from './place-variables.ts';

const place: RenderPlace = {
  project: 'shop',
  environment: 'production',
  application: 'checkout',
  labels: { 'flotilla.dev/name': 'eu-1', region: 'eu', 'cost-center': '7' },
  facts: { kubernetesVersion: 'v1.36.0', provider: 'aws' },
};

it('names the place, the cluster and its labels, besides what the application gives', () => {
  expect(placeVariables(place, { team: 'shop' })).toEqual({
    team: 'shop',
    'project.name': 'shop',
    'environment.name': 'production',
    'application.name': 'checkout',
    'cluster.name': 'eu-1',
    'cluster.kubernetesVersion': 'v1.36.0',
    'cluster.provider': 'aws',
    'cluster.labels.flotilla.dev_name': 'eu-1',
    'cluster.labels.region': 'eu',
    'cluster.labels.cost_center': '7',
  });
});

it('two labels that no name can tell apart have none', () => {
  const labels = { 'a-b': '1', 'a/b': '2', c: '3' };
  const names = Object.keys(placeVariables({ ...place, labels }, {})).filter((name) => name.includes('labels'));
  expect(names).toEqual(['cluster.labels.c']);
});
