import { beforeEach, describe, expect, it } from 'vitest';
import { Redacted } from '@flotilla/foundation';
import { VirtualClock } from '@flotilla/foundation/testing';
import type { RenderCache } from '../ports/render-cache.port.ts';
import type { RenderOrder } from '../ports/renderer.port.ts';
import { configMapText } from '../testing/factories.ts';
import { FailingRenderCache, InMemoryRenderCache } from '../testing/in-memory-render-cache.ts';
import { FailingRenderer, InMemoryRenderer } from '../testing/in-memory-renderer.ts';
import { RenderDesk, type RenderWish } from './render-desk.ts';

let clock: VirtualClock;
let programs: InMemoryRenderer;
let renderer: FailingRenderer;
let cache: InMemoryRenderCache;

beforeEach(() => {
  clock = new VirtualClock();
  programs = new InMemoryRenderer();
  renderer = new FailingRenderer(programs);
  cache = new InMemoryRenderCache();
});

const key = new Redacted(Buffer.alloc(32, 7));
const open = (over: { key?: Redacted<Buffer>; cache?: RenderCache } = {}) =>
  new RenderDesk({ renderer, cache, key, clock, ...over });
const orderOf = (name: string, settings: RenderOrder['settings'] = { with: 'helm' }): RenderOrder => ({
  files: [{ path: 'app/a.yaml', content: Buffer.from(configMapText(name)) }],
  path: 'app',
  settings,
  application: 'checkout',
  namespace: 'shop',
  variables: undefined,
  kubernetesVersion: 'v1.36.0',
});
const wish = (name: string, over: Partial<RenderWish> = {}): RenderWish => ({
  order: orderOf(name),
  signal: new AbortController().signal,
  isKnown: () => false,
  ...over,
});

/** What came out, by the names of its objects, or why nothing did. */
async function made(desk: RenderDesk, wanted: RenderWish) {
  const outcome = await desk.render(wanted);
  return outcome.ok ? outcome.value.manifests.map(({ key: { name } }) => name) : outcome.reason;
}

describe('what takes a program', () => {
  it('is made twice before it is believed, and never again', async () => {
    const first = await made(open(), wish('one'));
    const again = await made(open(), wish('one'));
    expect([first, again, programs.runs]).toEqual([['one'], ['one'], 2]);
  });

  it('is made once when it is known to come out like this', async () => {
    await made(open(), wish('one', { isKnown: ({ manifests }) => manifests.length === 1 }));
    expect(programs.runs).toBe(1);
  });

  it('is refused, by the names of the objects, when it is another each time', async () => {
    let count = 0;
    programs.prints.helm = () => [configMapText('same'), configMapText('id', { uuid: `${count++}` })].join('---\n');
    expect([await made(open(), wish('one')), cache.entries.size]).toEqual([
      { kind: 'Unstable', messages: ['ConfigMap id'] },
      0,
    ]);
  });

  it('plain files are read at once, and kept nowhere', async () => {
    expect([await made(open(), wish('one', { order: orderOf('one', { with: 'plain' }) })), cache.entries.size]).toEqual(
      [['one'], 0],
    );
  });

  it('fails in its own words, and is not kept', async () => {
    const desk = open();
    renderer.failure = { kind: 'Failed', messages: ['values.image is required'] };
    const failed = await made(desk, wish('one'));
    renderer.failure = undefined;
    expect([failed, await made(desk, wish('one'))]).toEqual([
      { kind: 'Failed', messages: ['values.image is required'] },
      ['one'],
    ]);
  });
});

describe('turns', () => {
  it('only two are taken at once, and a place is free after a minute whatever holds it', async () => {
    const desk = open();
    renderer.hangs = true;
    const wanted = ['one', 'two', 'three'].map((name) => made(desk, wish(name)));
    await clock.advance(59_000);
    const atOnce = renderer.running;
    await clock.advance(1_000);
    const afterwards = renderer.running;
    await clock.advance(60_000);
    const late = { kind: 'TooSlow', messages: ['was not done after 60 s'] };
    expect([atOnce, afterwards, renderer.running, await Promise.all(wanted)]).toEqual([2, 1, 0, [late, late, late]]);
  });

  it('whoever wants something else by now gives up its place, and its place in the line', async () => {
    const desk = open();
    renderer.hangs = true;
    const endings = ['one', 'two', 'three'].map(() => new AbortController());
    const wanted = endings.map(({ signal }, index) => made(desk, wish(`${index}`, { signal })));
    await clock.advance(0);
    endings[2]!.abort();
    const waiting = await wanted[2];
    endings[0]!.abort();
    await clock.advance(0);
    renderer.hangs = false;
    const next = await made(desk, wish('next'));
    const cancelled = { kind: 'Cancelled', messages: [] };
    expect([waiting, await wanted[0], next, renderer.running]).toEqual([cancelled, cancelled, ['next'], 1]);
    await desk.stop();
    expect([await wanted[1], await made(desk, wish('late'))]).toEqual([cancelled, cancelled]);
  });
});

describe('AT-31 what was kept is believed only when it is what was put there', () => {
  const rows: readonly { readonly what: string; readonly plant: (names: readonly string[]) => void }[] = [
    {
      what: 'one bit is another',
      plant: ([name]) => {
        const sealed = Buffer.from(cache.entries.get(name!)!);
        sealed[sealed.length - 1]! ^= 1;
        cache.entries.set(name!, sealed);
      },
    },
    { what: 'nothing is left of it', plant: ([name]) => cache.entries.set(name!, new Uint8Array()) },
    { what: 'it is too short to prove anything', plant: ([name]) => cache.entries.set(name!, new Uint8Array(27)) },
    {
      what: 'it was never sealed',
      plant: ([name]) => cache.entries.set(name!, Buffer.from('{"manifests":[],"empty":true}')),
    },
    { what: 'it is of another order', plant: ([name, other]) => cache.entries.set(name!, cache.entries.get(other!)!) },
  ];

  it.each(rows)('$what', async ({ plant }) => {
    const desk = open();
    await made(desk, wish('one'));
    await made(desk, wish('two'));
    plant([...cache.entries.keys()]);
    const runs = programs.runs;
    expect([await made(desk, wish('one')), programs.runs - runs]).toEqual([['one'], 2]);
  });

  it('another cluster sealed it', async () => {
    await made(open({ key: new Redacted(Buffer.alloc(32, 8)) }), wish('one'));
    expect([await made(open(), wish('one')), programs.runs]).toEqual([['one'], 4]);
  });

  it('nobody who can read the disk reads what was rendered', async () => {
    await made(open(), wish('canary'));
    const [sealed] = cache.entries.values();
    expect(Buffer.from(sealed!).toString('latin1')).not.toContain('canary');
  });

  it('a disk that fails keeps nobody from rendering', async () => {
    const desk = open({ cache: new FailingRenderCache() });
    expect([await made(desk, wish('one')), await made(desk, wish('one')), programs.runs]).toEqual([
      ['one'],
      ['one'],
      4,
    ]);
  });
});
