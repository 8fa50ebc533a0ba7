import { expect, it } from 'vitest';
import { documentSchemas } from './document.ts';
import { effectiveRender } from './effective-render.ts';
import type { RenderSettings } from './render-settings.ts';

const application = (render?: RenderSettings, production?: RenderSettings) =>
  documentSchemas.Application.parse({
    apiVersion: 'fleet.flotilla.dev/v1alpha1',
    kind: 'Application',
    metadata: { name: 'checkout', project: 'shop' },
    spec: {
      pipeline: 'standard',
      source: { repository: 'code', path: 'chart' },
      namespace: 'shop',
      ...(render && { render }),
      ...(production && { in: { production: { render: production } } }),
    },
  });

const base: RenderSettings = {
  with: 'helm',
  helm: {
    releaseName: 'shop',
    valuesFiles: ['chart/values/all.yaml'],
    values: { replicas: 1, hosts: ['a'], limits: { cpu: 1, memory: 2 } },
    skipCrds: true,
  },
  substitute: { team: 'shop', tier: 'low' },
};

it.each<[string, RenderSettings | undefined, RenderSettings | undefined, RenderSettings | undefined]>([
  ['nothing is said', undefined, undefined, undefined],
  ['only the application says something', base, undefined, base],
  ['only the environment says something', undefined, { substitute: {} }, { substitute: {} }],
  [
    'both do: files are appended, values laid over field by field, lists whole',
    base,
    {
      helm: {
        valuesFiles: ['chart/values/${environment.name}.yaml'],
        values: { replicas: 3, hosts: ['b'], limits: { memory: null }, extra: {} },
        skipCrds: false,
      },
      substitute: { tier: 'high' },
    },
    {
      with: 'helm',
      helm: {
        releaseName: 'shop',
        valuesFiles: ['chart/values/all.yaml', 'chart/values/production.yaml'],
        values: { replicas: 3, hosts: ['b'], limits: { cpu: 1, memory: null }, extra: {} },
        skipCrds: false,
      },
      substitute: { team: 'shop', tier: 'high' },
    },
  ],
  ['the environment wants another renderer', { with: 'kustomize' }, { with: 'plain' }, { with: 'plain' }],
])('%s', (_, all, production, effective) => {
  expect(effectiveRender(application(all, production), 'production')).toEqual(effective);
});

it('what is said for one environment is said for no other', () => {
  expect(effectiveRender(application(base, { substitute: { tier: 'high' } }), 'dev')).toEqual(base);
});

it('AT-20 a value called __proto__ is a value like any other', () => {
  const sly = JSON.parse('{"__proto__": {"admin": true}}') as Record<string, unknown>;
  const effective = effectiveRender(
    application({ helm: { values: { a: 1 } } }, { helm: { values: sly } }),
    'production',
  );
  expect([({} as { admin?: boolean }).admin, effective?.helm?.values?.['admin']]).toEqual([undefined, undefined]);
});
