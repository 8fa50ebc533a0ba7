import { describe, expect, it } from 'vitest';
import type { KubeObject } from '@flotilla/model';
import { diffObjects } from './diff-objects.ts';

function object(fields: Record<string, unknown>, metadata: Record<string, unknown> = {}): KubeObject {
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'shop', ...metadata }, ...fields };
}

const app = { name: 'app', image: 'shop:1', env: [{ name: 'A', value: '1' }] };
const spec = (containers: unknown[], more = {}) => ({
  spec: { replicas: 3, template: { spec: { containers } }, ...more },
});

function secret(fields: object): KubeObject {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' }, ...fields };
}

describe('a diff for people', () => {
  it('follows what the server predicts, but not its bookkeeping', () => {
    const live = object(
      { ...spec([app, { name: 'proxy', image: 'proxy:1' }]), status: { replicas: 3 } },
      {
        resourceVersion: '1',
        generation: 1,
        managedFields: [],
        labels: { gone: 'x', kept: 'y' },
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
      },
    );
    const predicted = object(
      {
        ...spec([{ ...app, image: 'shop:2', env: [{ name: 'A', value: '1' }, { name: 'B' }] }]),
        status: { replicas: 9 },
      },
      { resourceVersion: '2', generation: 2, labels: { kept: 'y' }, annotations: {} },
    );
    expect(diffObjects({ live, desired: object({}), predicted })).toEqual([
      { path: '.metadata.labels.gone', live: 'x' },
      { path: '.spec.template.spec.containers[name="app"].env[name="B"]', desired: { name: 'B' } },
      { path: '.spec.template.spec.containers[name="app"].image', live: 'shop:1', desired: 'shop:2' },
      { path: '.spec.template.spec.containers[name="proxy"]', live: { name: 'proxy', image: 'proxy:1' } },
    ]);
    expect(diffObjects({ live, desired: object({}), predicted: live })).toEqual([]);
  });

  describe('without a prediction', () => {
    const live = object(
      {
        ...spec(
          [
            { name: 'proxy', image: 'proxy:1' },
            {
              ...app,
              imagePullPolicy: 'Always',
              args: ['-a', '-b'],
              resources: { limits: { cpu: '1', memory: '1Gi' } },
            },
          ],
          { strategy: { type: 'RollingUpdate' }, tolerations: [{ operator: 'Exists', x: 1 }] },
        ),
      },
      { finalizers: ['a', 'b'] },
    );

    it.each([
      ['fields that only the live object has', spec([app])],
      ['nothing where nothing is', { ...spec([app]), extra: {}, list: [], none: null }],
      ['quantities in other words', spec([{ ...app, resources: { limits: { cpu: '1000m', memory: 1073741824 } } }])],
      ['items in another order', spec([app, { name: 'proxy', image: 'proxy:1' }])],
      ['defaults inside items', spec([app], { tolerations: [{ operator: 'Exists' }] })],
    ])('finds no difference in %s', (_, desired) => {
      expect(diffObjects({ live, desired: object(desired, { finalizers: ['b'] }) })).toEqual([]);
    });

    it.each([
      [
        'a value',
        spec([{ ...app, image: 'shop:2' }]),
        '.spec.template.spec.containers[name="app"].image',
        'shop:1',
        'shop:2',
      ],
      ['a missing field', spec([app], { paused: true }), '.spec.paused', undefined, true],
      [
        'a missing item',
        spec([app, { name: 'new' }]),
        '.spec.template.spec.containers[name="new"]',
        undefined,
        { name: 'new' },
      ],
      [
        'words in a row',
        spec([{ ...app, args: ['-a'] }]),
        '.spec.template.spec.containers[name="app"].args',
        ['-a', '-b'],
        ['-a'],
      ],
      [
        'a list without keys',
        spec([app], { tolerations: [] }),
        '.spec.tolerations[0]',
        { operator: 'Exists', x: 1 },
        undefined,
      ],
      [
        'text that looks like a quantity',
        spec([app], { strategy: { type: '1000m' } }),
        '.spec.strategy.type',
        'RollingUpdate',
        '1000m',
      ],
    ])('shows %s', (_, desired, ...expected) => {
      const [path, liveValue, desiredValue] = expected;
      expect(diffObjects({ live, desired: object(desired) })).toEqual([
        {
          path,
          ...(liveValue !== undefined && { live: liveValue }),
          ...(desiredValue !== undefined && { desired: desiredValue }),
        },
      ]);
    });

    it('knows that a Secret keeps its text encoded', () => {
      const stored = secret({ data: { a: 'eA==' } });
      expect(diffObjects({ live: stored, desired: secret({ stringData: { a: 'x' } }) })).toEqual([]);
      expect(diffObjects({ live: stored, desired: secret({ stringData: { a: 'y' } }) })).toEqual([
        { path: '.data.a', live: 'eA==', desired: 'eQ==' },
      ]);
    });
  });

  it('lists every field of what would be created or deleted', () => {
    const small = object({ spec: { a: [1], b: {} } });
    expect(diffObjects({ desired: small })).toEqual([
      { path: '.apiVersion', desired: 'apps/v1' },
      { path: '.kind', desired: 'Deployment' },
      { path: '.metadata.name', desired: 'shop' },
      { path: '.spec.a', desired: [1] },
      { path: '.spec.b', desired: {} },
    ]);
    expect(diffObjects({ live: small }).map(({ path, live }) => [path, live])).toContainEqual(['.spec.a', [1]]);
    expect(diffObjects({})).toEqual([]);
  });
});
