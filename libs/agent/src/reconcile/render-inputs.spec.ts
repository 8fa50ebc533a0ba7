import { expect, it } from 'vitest';
import type { ClusterFacts, DesiredEntry } from '@flotilla/model';
import { entryOf } from '../testing/factories.ts';
import { renderInputs, renderOrder } from './render-inputs.ts';

const facts: ClusterFacts = { kubernetesVersion: 'v1.36.0', agentVersion: '0.1.0', provider: 'aws', nodes: 3 };
const entry = entryOf(
  'a'.repeat(40),
  {},
  { render: { substitute: { team: 'shop' } }, clusterLabels: { region: 'eu' } },
);
const { source } = entry;

it.each<[string, Partial<DesiredEntry>, Partial<ClusterFacts>]>([
  ['target', { target: 'target2' }, {}],
  ['source digest', { sourceDigest: 'other' }, {}],
  ['namespace', { namespace: 'other' }, {}],
  ['repository', { source: { ...source, url: 'https://git.example.org/other.git' } }, {}],
  ['path', { source: { ...source, path: 'other' } }, {}],
  ['shared path', { source: { ...source, also: ['shared'] } }, {}],
  ['setting', { render: { ...entry.render, with: 'helm' } }, {}],
  ['value to fill in', { render: { substitute: { team: 'other' } } }, {}],
  ['project', { project: 'other' }, {}],
  ['environment', { environment: 'other' }, {}],
  ['application', { application: 'other' }, {}],
  ['label of the cluster', { clusterLabels: { region: 'us' } }, {}],
  ['version of the cluster', {}, { kubernetesVersion: 'v1.35.0' }],
  ['provider', {}, { provider: 'gcp' }],
  ['region', {}, { region: 'eu-west-1' }],
])('AT-31 another %s is another render', (_, otherEntry, otherFacts) => {
  const other = renderInputs({ ...entry, ...otherEntry }, { ...facts, ...otherFacts });
  expect(other).not.toBe(renderInputs(entry, facts));
});

it('AT-31 another version of the cluster is another render where nothing is filled as well: charts ask for it', () => {
  const { render: _, ...plain } = entry;
  expect(renderInputs(plain, { ...facts, kubernetesVersion: 'v1.35.0' })).not.toBe(renderInputs(plain, facts));
});

it('a generation, a release, a commit of the same files, a credential or a count of nodes is no other render', () => {
  const same = renderInputs(
    { ...entry, generation: 9, release: 'other', source: { ...source, revision: 'b'.repeat(40), credential: 'x' } },
    { ...facts, nodes: 4, agentVersion: '0.2.0' },
  );
  expect(same).toBe(renderInputs(entry, facts));
});

it('a renderer is asked with everything that an entry and its cluster say', () => {
  const files = [{ path: 'app/a.yaml', content: Buffer.from('a: 1').toString('base64') }];
  expect(renderOrder(entry, { sourceDigest: 'd', source, files }, facts)).toEqual({
    files: [{ path: 'app/a.yaml', content: Buffer.from('a: 1') }],
    path: 'app',
    settings: { substitute: { team: 'shop' } },
    application: 'checkout',
    namespace: 'apps',
    variables: expect.objectContaining({ team: 'shop', 'cluster.labels.region': 'eu', 'environment.name': 'dev' }),
    kubernetesVersion: 'v1.36.0',
  });
});
