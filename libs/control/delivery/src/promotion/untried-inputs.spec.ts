import { expect, it } from 'vitest';
import type { RenderSettings } from '@flotilla/model';
import type { ReleaseFacts } from '../facts.ts';
import { untriedSettings } from './untried-inputs.ts';

const source = { url: 'https://git.example.org/shop.git', path: 'services/checkout', also: [] };

function release(renders: Readonly<Record<string, RenderSettings | undefined>>): ReleaseFacts {
  const contents = Object.fromEntries(
    Object.entries(renders).map(([environment, render]) => [environment, { source, ...(render && { render }) }]),
  );
  return { uid: 'r1', revision: '1'.repeat(40), digests: {}, contents };
}

const small: RenderSettings = { with: 'helm', helm: { values: { replicas: 2, image: { tag: 'a' } } } };
const large: RenderSettings = { with: 'helm', helm: { values: { replicas: 9, image: { tag: 'a' } } } };

it.each<
  [string, RenderSettings | undefined, RenderSettings | undefined, RenderSettings | undefined, readonly string[]]
>([
  ['nothing where nothing is set', undefined, undefined, undefined, []],
  ['nothing that ran here already, although no stage before has it', small, large, large, []],
  ['nothing that a stage before has', large, large, small, []],
  ['what is new here alone, and nothing around it', small, large, small, ['render.helm.values.replicas']],
  [
    'all that is set where nothing ran and nothing is set before',
    undefined,
    { with: 'kustomize' },
    undefined,
    ['render.with'],
  ],
  [
    'what is gone here alone',
    { substitute: { size: '2' } },
    {},
    { substitute: { size: '2', place: 'eu' } },
    ['render.substitute.size'],
  ],
  ['nothing that is gone as in the stage before', undefined, undefined, { substitute: { size: '2' } }, []],
  [
    'lists as one',
    undefined,
    { helm: { valuesFiles: ['a', 'b'] } },
    { helm: { valuesFiles: ['a'] } },
    ['render.helm.valuesFiles'],
  ],
])('of settings, tells people of %s', (_what, staging, production, ran, expected) => {
  const runs = release({ production: ran });
  expect(untriedSettings('production', release({ staging, production }), { after: ['staging'], runs })).toEqual(
    expected,
  );
});

it('settings where nothing ever ran are compared with the stages before alone', () => {
  const first = release({ dev: small, staging: large, production: { ...small, substitute: { size: '2' } } });
  const asked = { after: ['dev', 'staging'], runs: undefined };
  expect(untriedSettings('production', first, asked)).toEqual(['render.substitute.size']);
});
