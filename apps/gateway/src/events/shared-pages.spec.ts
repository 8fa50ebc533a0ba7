import { describe, expect, it } from 'vitest';
import type { ChangedKind } from '@flotilla/contracts';
import type { Page } from '@flotilla/model';
import { SharedPages, type WatchedList } from './shared-pages.ts';
import type { WatchedItem, WatchedNoun, WatchedPart } from './watched-nouns.ts';

const shop: WatchedList = { kind: 'target', project: 'shop' };
const change = (number: number, ...ids: string[]) => ({ number, ids: new Set(ids) });

/** A table whose answers a test gives when it likes; it keeps what it was asked. */
class Table implements WatchedNoun {
  readonly asked: (WatchedPart & { readonly project: string })[] = [];
  readonly #waiting: PromiseWithResolvers<Page<WatchedItem>>[] = [];

  page(project: string, part: WatchedPart): Promise<Page<WatchedItem>> {
    this.asked.push({ project, ...part });
    const answer = Promise.withResolvers<Page<WatchedItem>>();
    this.#waiting.push(answer);
    return answer.promise;
  }

  async answer(id: string, nextCursor?: string): Promise<void> {
    await turns();
    this.#waiting.shift()!.resolve({ items: [{ id, json: '{}' }], ...(nextCursor && { nextCursor }) });
    await turns();
  }

  async fail(): Promise<void> {
    await turns();
    this.#waiting.shift()!.reject(new Error('the database is gone'));
    await turns();
  }
}

/** Whatever can happen without an answer has happened. */
const turns = () => new Promise<void>((resolve) => void setImmediate(resolve));

function open() {
  const table = new Table();
  const pages = new SharedPages({ target: table } as unknown as Record<ChangedKind, WatchedNoun>);
  const read = async (list: WatchedList, since = pages.now()) =>
    (await Array.fromAsync(pages.pages(list, since))).flat().map(({ id }) => id);
  return { table, pages, read };
}

describe('shared pages', () => {
  it('of a change are read once, and every stream is given the same items', async () => {
    const { table, pages } = open();
    const since = pages.now();
    const list = { ...shop, change: change(1, 'a', 'b') };
    const streams = Array.from({ length: 500 }, () => Array.fromAsync(pages.pages(list, since)));
    await table.answer('a');
    const late = Array.fromAsync(pages.pages(list, since));
    const told = await Promise.all([...streams, late]);
    expect({ asked: table.asked, items: new Set(told.flat(2)).size }).toEqual({
      asked: [{ project: 'shop', ids: ['a', 'b'] }],
      items: 1,
    });
  });

  it('are read again for whoever came when a read was under way: one for all of them, when it has ended', async () => {
    const { table, read } = open();
    const first = read(shop);
    await turns();
    const later = Array.from({ length: 500 }, () => read(shop));
    await turns();
    const meanwhile = table.asked.length;
    await table.answer('old');
    await table.answer('new');
    expect({
      meanwhile,
      first: await first,
      later: new Set((await Promise.all(later)).flat()),
      asked: table.asked.length,
    }).toEqual({ meanwhile: 1, first: ['old'], later: new Set(['new']), asked: 2 });
  });

  it('are never older than what their reader knows', async () => {
    const { table, pages, read } = open();
    const list = { ...shop, change: change(1, 'a') };
    const before = read(list);
    await table.answer('a as it was');
    const beginning = pages.now();
    const after = read(list, beginning);
    await table.answer('a as it is');
    expect([await before, await after]).toEqual([['a as it was'], ['a as it is']]);
  });

  it('AT-18 of one project never answer for another, of one change never for the next', async () => {
    const { table, pages, read } = open();
    const since = pages.now();
    const lists = [
      shop,
      { ...shop, project: 'bank' },
      { ...shop, change: change(1, 'a') },
      { ...shop, change: change(2, 'a') },
    ];
    const told = lists.map((list) => read(list, since));
    for (const id of ['of the shop', 'of the bank', 'of the first', 'of the second']) await table.answer(id);
    expect({ told: (await Promise.all(told)).flat(), asked: table.asked }).toEqual({
      told: ['of the shop', 'of the bank', 'of the first', 'of the second'],
      asked: [
        { project: 'shop' },
        { project: 'bank' },
        { project: 'shop', ids: ['a'] },
        { project: 'shop', ids: ['a'] },
      ],
    });
  });

  it('follow one another to the end of the list', async () => {
    const { table, read } = open();
    const told = read(shop);
    await table.answer('a', 'behind-a');
    await table.answer('b');
    expect({ told: await told, asked: table.asked }).toEqual({
      told: ['a', 'b'],
      asked: [{ project: 'shop' }, { project: 'shop', cursor: 'behind-a' }],
    });
  });

  it('that could not be read fail those who waited, and nobody after them', async () => {
    const { table, pages, read } = open();
    const since = pages.now();
    const waiting = [read(shop, since), read(shop, since)].map((reading) =>
      reading.catch((error: Error) => error.message),
    );
    await table.fail();
    const after = read(shop, since);
    await table.answer('a');
    expect([...(await Promise.all(waiting)), await after]).toEqual([
      'the database is gone',
      'the database is gone',
      ['a'],
    ]);
  });

  it('are kept a few at a time: who is far behind reads for himself', async () => {
    const { table, pages, read } = open();
    const since = pages.now();
    const lists = Array.from({ length: 17 }, (_, number) => ({ ...shop, change: change(number, 'a') }));
    for (const list of lists) {
      const told = read(list, since);
      await table.answer('a');
      await told;
    }
    await read(lists[16]!, since);
    const behind = read(lists[0]!, since);
    await table.answer('a');
    await behind;
    expect(table.asked.length).toBe(18);
  });
});
