import { deepEqual } from 'node:assert/strict';
import type { Renderer, RenderOrder } from '../ports/renderer.port.ts';
import { configMapText } from './factories.ts';

/** One thing that every renderer does. */
export interface RendererCase {
  readonly what: string;
  readonly run: (renderer: Renderer) => Promise<void>;
}

const text = configMapText('one', { at: '${environment.name}' });
const orderOf = (over: Partial<RenderOrder> = {}): RenderOrder => ({
  files: [
    { path: 'app/a.yaml', content: Buffer.from(text) },
    { path: 'beside/b.yaml', content: Buffer.from(configMapText('beside')) },
  ],
  path: 'app',
  settings: undefined,
  application: 'checkout',
  namespace: 'shop',
  variables: undefined,
  kubernetesVersion: 'v1.36.0',
  ...over,
});

/** What comes out: the data of each object by its name, or why nothing does. */
async function made(renderer: Renderer, order: RenderOrder): Promise<unknown> {
  const rendered = await renderer.render(order, new AbortController().signal);
  if (!rendered.ok) return rendered.reason;
  const data = rendered.value.manifests.map(({ key, object }) => [key.name, object['data']] as const);
  return { empty: rendered.value.empty, ...Object.fromEntries(data) };
}

/** What every filling of the port does alike; what programs print is their own. */
export const rendererCases: readonly RendererCase[] = [
  {
    what: 'plain files are rendered plain, and it says in which way',
    run: async (renderer) => {
      const chosen = await renderer.choose(orderOf());
      deepEqual([chosen.ok && chosen.value.name, chosen.ok && chosen.value.version !== ''], ['plain', true]);
      deepEqual(await made(renderer, orderOf()), { empty: false, one: { at: '${environment.name}' } });
    },
  },
  {
    what: 'texts are filled where there is something to fill them with',
    run: async (renderer) => {
      const filled = await made(renderer, orderOf({ variables: { 'environment.name': 'dev' } }));
      deepEqual(filled, { empty: false, one: { at: 'dev' } });
    },
  },
  {
    what: 'a name that is not set is refused with its place',
    run: async (renderer) => {
      const messages = ['app/a.yaml:4:8: data.at: variable not set: environment.name'];
      deepEqual(await made(renderer, orderOf({ variables: {} })), { kind: 'Invalid', messages });
    },
  },
  {
    what: 'nothing is nothing, and says so',
    run: async (renderer) => deepEqual(await made(renderer, orderOf({ path: 'gone' })), { empty: true }),
  },
  {
    what: 'with one file that cannot be read there is no result',
    run: async (renderer) => {
      const files = [...orderOf().files, { path: 'app/b.yaml', content: Buffer.from('a: [') }];
      const { kind, messages } = (await made(renderer, orderOf({ files }))) as { kind: string; messages: string[] };
      deepEqual([kind, messages.length, messages[0]!.startsWith('app/b.yaml:')], ['Invalid', 1, true]);
    },
  },
];
