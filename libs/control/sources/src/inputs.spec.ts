import { expect, it } from 'vitest';
import { documentSchemas } from '@flotilla/model';
import { inputsOf, readersOf } from './inputs.ts';

const apiVersion = 'fleet.flotilla.dev/v1alpha1';
const pipeline = documentSchemas.Pipeline.parse({
  apiVersion,
  kind: 'Pipeline',
  metadata: { name: 'standard' },
  spec: {
    stages: [
      { environment: 'dev', track: { repository: 'shop', branch: 'main' } },
      { environment: 'production', track: { repository: 'shop', tag: 'stable' } },
    ],
  },
});
const application = (name: string, repository = 'shop') =>
  documentSchemas.Application.parse({
    apiVersion,
    kind: 'Application',
    metadata: { name },
    spec: {
      pipeline: 'standard',
      source: {
        repository,
        path: 'services/${application.name}/${environment.name}',
        also: ['base', 'shared/${project.name}'],
      },
      namespace: name,
    },
  });

it('an application reads its own path first, then what it shares, at the ref of each stage', () => {
  expect(inputsOf(application('checkout'), pipeline)).toEqual([
    {
      environment: 'dev',
      ref: 'refs/heads/main',
      paths: ['services/checkout/dev', 'base', 'shared/default'],
    },
    {
      environment: 'production',
      ref: 'refs/tags/stable',
      paths: ['services/checkout/production', 'base', 'shared/default'],
    },
  ]);
});

it('a stage that comes after others is read at what those track, for a release holds what every stage will run', () => {
  const stages = [
    { environment: 'production', after: ['staging'] },
    { environment: 'staging', after: ['dev'] },
    { environment: 'dev', track: { repository: 'shop', branch: 'main' } },
  ];
  const walked = { ...pipeline, spec: { stages } };
  expect(inputsOf(application('checkout'), walked).map(({ ref, paths }) => [ref, paths[0]])).toEqual([
    ['refs/heads/main', 'services/checkout/production'],
    ['refs/heads/main', 'services/checkout/staging'],
    ['refs/heads/main', 'services/checkout/dev'],
  ]);
});

it('a repository is read by the applications that name it and whose pipeline is there', () => {
  const stored = [
    { uid: 'p', document: pipeline },
    { uid: 'a', document: application('checkout') },
    { uid: 'b', document: application('elsewhere', 'other') },
    { uid: 'c', document: { ...application('lost'), spec: { ...application('lost').spec, pipeline: 'gone' } } },
  ];
  const readers = readersOf('shop', stored);
  expect(readers.map(({ application: uid, ref }) => [uid, ref])).toEqual([
    ['a', 'refs/heads/main'],
    ['a', 'refs/tags/stable'],
  ]);
});
