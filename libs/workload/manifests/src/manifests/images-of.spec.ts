import { describe, expect, it } from 'vitest';
import { imagesOf } from './images-of.ts';

const podSpec = (...images: readonly string[]) => ({ containers: images.map((image) => ({ name: image, image })) });

describe('images', () => {
  it.each<[string, object, string[]]>([
    ['a pod', { kind: 'Pod', spec: podSpec('app:1') }, ['app:1']],
    [
      'a workload, with what starts before it',
      {
        kind: 'Deployment',
        spec: { template: { spec: { ...podSpec('app:1'), initContainers: [{ image: 'init@sha256:ab' }] } } },
      },
      ['app:1', 'init@sha256:ab'],
    ],
    [
      'a job that is made again and again',
      { kind: 'CronJob', spec: { jobTemplate: { spec: { template: { spec: podSpec('job') } } } } },
      ['job'],
    ],
    [
      'a kind that nobody knows',
      { kind: 'Fleet', spec: { pools: [{ podTemplate: { spec: podSpec('b', 'a', 'b') } }] } },
      ['a', 'b'],
    ],
    [
      'a step of a workflow',
      { kind: 'Workflow', spec: { templates: [{ container: { image: 'step:2' } }] } },
      ['step:2'],
    ],
    [
      'a volume that is one',
      { kind: 'Pod', spec: { containers: [], volumes: [{ image: { reference: 'data:3' } }, { emptyDir: {} }] } },
      ['data:3'],
    ],
    ['text that only looks so', { kind: 'ConfigMap', data: { containers: 'image: no', image: 'no' } }, []],
    [
      'a definition, which has fields of these names',
      { spec: { properties: { containers: { type: 'array' }, image: { type: 'string' } } } },
      [],
    ],
    [
      'what is no image',
      { spec: { containers: [{ image: 7 }, { image: '' }, 'x', null, { image: 'x'.repeat(600) }] } },
      [],
    ],
  ])('of %s', (_, object, images) => expect(imagesOf([object])).toEqual(images));

  it('of several objects are told once each', () => {
    expect(imagesOf([{ spec: podSpec('b') }, { spec: podSpec('a', 'b') }])).toEqual(['a', 'b']);
  });
});
