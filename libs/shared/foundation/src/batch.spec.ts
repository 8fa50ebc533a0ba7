import { describe, expect, it } from 'vitest';
import { Batch } from './batch.ts';
import { toFault } from './fault.ts';
import { VirtualClock } from './testing/virtual-clock.ts';

/** A batch whose flushes end when the test says so. */
function world(options: { itemsMax?: number; waitingMax?: number; stormWindowMs?: number } = {}) {
  const clock = new VirtualClock();
  const flushed: (readonly string[])[] = [];
  const ends: { done: () => void; fail: (error: unknown) => void }[] = [];
  const batch = new Batch<string>({
    clock,
    windowMs: 10,
    itemsMax: options.itemsMax ?? 3,
    ...(options.waitingMax !== undefined && { waitingMax: options.waitingMax }),
    ...(options.stormWindowMs !== undefined && { stormWindowMs: options.stormWindowMs }),
    flush: (items) => {
      flushed.push(items);
      return new Promise((done, fail) => ends.push({ done, fail }));
    },
  });
  return { clock, flushed, ends, batch };
}

describe('a batch', () => {
  it('gathers what comes within the window, and settles with the flush that carried it', async () => {
    const { clock, flushed, ends, batch } = world();
    const settled: string[] = [];
    for (const item of ['a', 'b']) void batch.add(item).then(() => settled.push(item));
    await clock.advance(9);
    expect(flushed).toEqual([]);
    await clock.advance(1);
    expect([flushed, settled]).toEqual([[['a', 'b']], []]);
    ends.at(0)!.done();
    await batch.idle();
    expect(settled).toEqual(['a', 'b']);
  });

  it('never holds more than its limit, and never runs two at once', async () => {
    const { clock, flushed, ends, batch } = world();
    for (const item of 'abcdefgh') void batch.add(item);
    await clock.advance(10);
    expect(flushed).toEqual([['a', 'b', 'c']]);
    ends.at(0)!.done();
    await clock.advance(0);
    expect(flushed).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e', 'f'],
    ]);
  });

  it('a slow flush makes the next batch larger', async () => {
    const { clock, flushed, ends, batch } = world();
    void batch.add('a');
    await clock.advance(10);
    void batch.add('b');
    void batch.add('c');
    await clock.advance(1_000);
    expect(flushed).toEqual([['a']]);
    ends.at(0)!.done();
    await clock.advance(10);
    expect(flushed[1]).toEqual(['b', 'c']);
  });

  it('waits longer for company in a storm, and no longer than usual after it', async () => {
    const { clock, flushed, ends, batch } = world({ stormWindowMs: 50 });
    void batch.add('a');
    await clock.advance(10);
    void batch.add('b');
    ends.at(0)!.done();
    await clock.advance(49);
    expect(flushed).toEqual([['a']]);
    await clock.advance(1);
    ends.at(1)!.done();
    await batch.idle();
    await clock.advance(40);
    void batch.add('c');
    await clock.advance(10);
    expect(flushed).toEqual([['a'], ['b'], ['c']]);
  });

  it('takes those for a storm who come one after another, each as soon as it is answered', async () => {
    const { clock, flushed, ends, batch } = world({ stormWindowMs: 50 });
    void batch.add('a');
    await clock.advance(10);
    ends.at(0)!.done();
    await batch.idle();
    await clock.advance(5);
    void batch.add('b');
    await clock.advance(44);
    expect(flushed).toEqual([['a']]);
    await clock.advance(1);
    expect(flushed).toEqual([['a'], ['b']]);
  });

  it('tells whoever was in a failed flush, and nobody else', async () => {
    const { clock, ends, batch } = world({ itemsMax: 1 });
    const first = batch.add('a').catch((error: Error) => error.message);
    const second = batch.add('b');
    await clock.advance(0);
    ends.at(0)!.fail(new Error('the disk is full'));
    await clock.advance(0);
    ends.at(1)!.done();
    expect(await Promise.all([first, second])).toEqual(['the disk is full', undefined]);
  });

  it('refuses what comes when too much waits already, and takes it again later', async () => {
    const { clock, ends, batch } = world({ itemsMax: 1, waitingMax: 2 });
    for (const item of 'ab') void batch.add(item);
    await clock.advance(0);
    void batch.add('c');
    const refused = await batch.add('d').catch((error: unknown) => toFault(error).reason);
    ends.at(0)!.done();
    await clock.advance(0);
    const taken = batch.add('e');
    for (const index of [1, 2, 3]) {
      ends.at(index)!.done();
      await clock.advance(0);
    }
    expect([refused, await taken]).toEqual(['BatchFull', undefined]);
  });
});
