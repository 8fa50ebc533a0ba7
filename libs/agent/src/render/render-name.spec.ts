import { expect, it } from 'vitest';
import type { ChosenRenderer, RenderOrder } from '../ports/renderer.port.ts';
import { renderName } from './render-name.ts';

const file = (path: string, text: string) => ({ path, content: Buffer.from(text) });
const renderer: ChosenRenderer = { name: 'helm', version: 'v4.0.0' };
const order: RenderOrder = {
  files: [file('chart/Chart.yaml', 'name: shop'), file('chart/values.yaml', 'a: 1')],
  path: 'chart',
  settings: { with: 'helm', helm: { values: { replicas: 1 } } },
  application: 'checkout',
  namespace: 'shop',
  variables: { 'cluster.labels.region': 'eu' },
  kubernetesVersion: 'v1.36.0',
};

/** Other values of each input. An input without a row does not compile. */
const others: { readonly [Input in keyof RenderOrder]: readonly RenderOrder[Input][] } = {
  files: [
    [],
    order.files.slice(0, 1),
    [order.files[0]!, file('chart/values.yaml', 'a: 2')],
    [order.files[0]!, file('chart/values.yml', 'a: 1')],
  ],
  path: ['chart/sub'],
  settings: [
    undefined,
    { with: 'helm' },
    { with: 'helm', helm: { values: { replicas: '1' } } },
    { with: 'helm', helm: { values: { replicas: 1 }, skipCrds: true } },
  ],
  application: ['catalog'],
  namespace: ['other'],
  variables: [undefined, {}, { 'cluster.labels.region': 'us' }],
  kubernetesVersion: ['v1.35.0'],
};

it('AT-31 every input of a render, and who renders, has a part in its key', () => {
  const inputs = Object.entries(others) as [keyof RenderOrder, readonly unknown[]][];
  const changed = inputs.flatMap(([input, values]) => values.map((value) => ({ ...order, [input]: value })));
  const keys = [
    ...[order, ...changed].map((each) => renderName(each, renderer)),
    renderName(order, { ...renderer, version: 'v4.0.1' }),
    renderName(order, { ...renderer, name: 'kustomize' }),
  ];
  expect(new Set(keys).size).toBe(changed.length + 3);
});

it('the order in which files came has none', () => {
  const reversed = { ...order, files: order.files.toReversed() };
  expect(renderName(reversed, renderer)).toBe(renderName(order, renderer));
});
