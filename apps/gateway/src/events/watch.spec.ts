import { describe, expect, it } from 'vitest';
import type { ChangedKind } from '@flotilla/contracts';
import { Channel } from '@flotilla/foundation';
import type { Change } from './changes.ts';
import { SharedPages } from './shared-pages.ts';
import { watch, type ToldEvent } from './watch.ts';
import type { WatchedNoun, WatchedPart } from './watched-nouns.ts';

/** A noun whose rows a test owns; objects are as short as they can be. */
class Rows implements WatchedNoun {
  readonly ids: Set<string>;
  readonly #isLasting: boolean;

  constructor(ids: readonly string[], { lasting = false } = {}) {
    this.ids = new Set(ids);
    this.#isLasting = lasting;
  }

  async page(_: string, { ids }: WatchedPart) {
    const chosen = [...this.ids].filter((id) => !ids || ids.includes(id) || this.#isLasting);
    return { items: chosen.map((id) => ({ id, json: JSON.stringify({ metadata: { uid: id } }) })) };
  }
}

/** Watches until `change` made its changes and all of them were told. */
async function watched(
  nouns: Partial<Record<ChangedKind, WatchedNoun>>,
  change: (tell: (change: Partial<Change> & { ids: ReadonlySet<string> }) => void) => void = () => undefined,
  channel = new Channel<Change>(),
): Promise<string[]> {
  const kinds = Object.keys(nouns) as ChangedKind[];
  const pages = new SharedPages(nouns as Record<ChangedKind, WatchedNoun>);
  const told: string[] = [];
  let number = 0;
  const options = { changes: { follow: () => channel }, pages, project: 'shop', kinds };
  for await (const events of watch({ ...options, signal: new AbortController().signal })) {
    told.push(...events.map(textOf));
    if (told.at(-1) !== `BOOKMARK ${kinds.at(-1)}`) continue;
    change((part) => channel.push({ number: ++number, kind: kinds[0]!, project: 'shop', ...part }));
    channel.end();
  }
  return told;
}

function textOf({ type, kind, json }: ToldEvent): string {
  const { metadata } = JSON.parse(json ?? '{}') as { metadata?: { uid: string } };
  return [type, kind, metadata?.uid].filter(Boolean).join(' ');
}

describe('a watch', () => {
  it('begins with everything there is, kind by kind, each with its bookmark', async () => {
    expect(await watched({ target: new Rows(['a', 'b']), cluster: new Rows([]) })).toEqual([
      'ADDED target a',
      'ADDED target b',
      'BOOKMARK target',
      'BOOKMARK cluster',
    ]);
  });

  it('then tells what came, what changed and what went', async () => {
    const target = new Rows(['a', 'b']);
    const told = await watched({ target }, (tell) => {
      target.ids.add('c');
      target.ids.delete('b');
      tell({ ids: new Set(['a', 'b', 'c', 'never was']) });
    });
    expect(told.slice(3)).toEqual(['MODIFIED target a', 'ADDED target c', 'DELETED target b']);
  });

  it('tells nothing of other projects, nor of kinds that nobody asked for', async () => {
    const told = await watched({ target: new Rows(['a']) }, (tell) => {
      tell({ project: 'other', ids: new Set(['a']) });
      tell({ kind: 'cluster', ids: new Set(['a']) });
    });
    expect(told).toEqual(['ADDED target a', 'BOOKMARK target']);
  });

  it('sends a line of the ledger once: it never changes', async () => {
    const event = new Rows(['1'], { lasting: true });
    const told = await watched({ event }, (tell) => {
      event.ids.add('2');
      tell({ ids: new Set(['*']) });
      tell({ ids: new Set(['*']) });
    });
    expect(told.slice(2)).toEqual(['ADDED event 2']);
  });

  it('does not take for deleted what is only older than the newest', async () => {
    const rollout = new Rows(['old'], { lasting: true });
    const told = await watched({ rollout }, (tell) => {
      rollout.ids.delete('old');
      rollout.ids.add('new');
      tell({ ids: new Set(['old', 'new']) });
    });
    expect(told.slice(2)).toEqual(['ADDED rollout new']);
  });

  it('ends when changes were missed, so that its reader begins anew', async () => {
    const target = new Rows(['a']);
    const told = await watched(
      { target },
      (tell) => {
        for (let count = 0; count < 3; count++) tell({ ids: new Set(['a']) });
      },
      new Channel(2),
    );
    expect(told).toEqual(['ADDED target a', 'BOOKMARK target']);
  });

  it('misses nothing that changed while it read the beginning', async () => {
    const channel = new Channel<Change>();
    const target = new Rows(['a']);
    channel.push({ number: 0, kind: 'target', project: 'shop', ids: new Set(['a']) });
    expect(await watched({ target }, undefined, channel)).toEqual([
      'ADDED target a',
      'BOOKMARK target',
      'MODIFIED target a',
    ]);
  });
});
