import { expect, it } from 'vitest';
import { renderProblems } from './check-render.ts';
import { documentSchemas } from './document.ts';

const found = (spec: object) =>
  renderProblems(
    documentSchemas.Application.parse({
      apiVersion: 'fleet.flotilla.dev/v1alpha1',
      kind: 'Application',
      metadata: { name: 'checkout' },
      spec: {
        pipeline: 'standard',
        source: { repository: 'code', path: 'charts/checkout', also: ['values/${environment.name}'] },
        namespace: 'shop',
        ...spec,
      },
    }),
    ['dev', 'production'],
  ).map(({ path, message }) => `${path.join('.')} ${message.replace(/\d{5,} bytes/, 'too many bytes')}`);

const large = { helm: { values: { text: 'x'.repeat(64 * 1024) } } };
const half = (name: string) => ({ helm: { values: { [name]: 'x'.repeat(40 * 1024) } } });

it.each<[string, object, string[]]>([
  ['nothing', {}, []],
  [
    'what fits',
    {
      render: { helm: { valuesFiles: ['charts/checkout/a.yaml', 'values/${environment.name}/b.yaml'] } },
      in: { dev: { render: { substitute: { a: '1' } } } },
    },
    [],
  ],
  ['an environment that is none of the pipeline', { in: { qa: {} } }, ['spec.in.qa is no environment of the pipeline']],
  [
    'a values file that could change unseen',
    { render: { helm: { valuesFiles: ['values/all.yaml'] } } },
    [
      'spec.render.helm.valuesFiles.0 values/all.yaml is not among the inputs in dev; name it, or its folder, in source.also',
      'spec.render.helm.valuesFiles.0 values/all.yaml is not among the inputs in production; name it, or its folder, in source.also',
    ],
  ],
  [
    'a values file of another environment',
    { in: { dev: { render: { helm: { valuesFiles: ['charts/checkout/dev.yaml', 'values/production/a.yaml'] } } } } },
    [
      'spec.in.dev.render.helm.valuesFiles.1 values/production/a.yaml is not among the inputs in dev; name it, or its folder, in source.also',
    ],
  ],
  [
    'settings for helm where helm does not render',
    { render: { helm: { skipCrds: true } }, in: { production: { render: { with: 'kustomize' } } } },
    ['spec.in.production.render has settings for helm, and is rendered with kustomize in production'],
  ],
  [
    'more than a set should carry',
    { render: large },
    ['dev', 'production'].map(
      (environment) =>
        `spec.render takes too many bytes in environment ${environment}, more than 65536; put values into a values file`,
    ),
  ],
  [
    'more than a set should carry, only together',
    { render: half('a'), in: { production: { render: half('b') } } },
    [
      'spec.in.production.render takes too many bytes in environment production, more than 65536; put values into a values file',
    ],
  ],
])('%s', (_, spec, problems) => expect(found(spec)).toEqual(problems));
