import { describe, expect, it } from 'vitest';
import { Limit, mapLimited } from './limit.ts';

describe('a limit', () => {
  it('lets so many run at once, the others in order, and frees the place of one that failed', async () => {
    const limit = new Limit(2);
    const begun: string[] = [];
    const ends = new Map<string, { done: () => void; fail: () => void }>();
    const run = (name: string) =>
      limit
        .run(() => {
          begun.push(name);
          return new Promise<string>((resolve, reject) =>
            ends.set(name, { done: () => resolve(name), fail: () => reject(new Error(name)) }),
          );
        })
        .catch((error: Error) => `failed ${error.message}`);
    const results = ['a', 'b', 'c', 'd'].map(run);
    expect([begun, limit.running]).toEqual([['a', 'b'], 2]);
    ends.get('b')!.fail();
    await results[1];
    expect([begun, limit.running]).toEqual([['a', 'b', 'c'], 2]);
    for (const name of ['a', 'c']) ends.get(name)!.done();
    await Promise.all([results[0], results[2]]);
    ends.get('d')!.done();
    expect(await Promise.all(results)).toEqual(['a', 'failed b', 'c', 'd']);
    expect(limit.running).toBe(0);
  });

  it('takes more or fewer from the moment in which it is told so, and stops nobody who runs', async () => {
    const limit = new Limit(2);
    const ends: (() => void)[] = [];
    const results = Array.from({ length: 6 }, () =>
      limit.run(() => new Promise<void>((resolve) => ends.push(resolve))),
    );
    limit.resize(1);
    const counts = [limit.running];
    ends[0]!();
    await results[0];
    counts.push(limit.running);
    limit.resize(3);
    counts.push(limit.running);
    await Promise.resolve();
    for (let index = 1; index < results.length; index++) {
      ends[index]!();
      await results[index];
    }
    expect([counts, limit.running]).toEqual([[2, 1, 3], 0]);
  });

  it('keeps the order of the items in the results', async () => {
    expect(await mapLimited([30, 5, 1], 2, slowFirst)).toEqual([60, 10, 2]);
  });
});

async function slowFirst(item: number): Promise<number> {
  for (let turn = item; turn > 0; turn--) await Promise.resolve();
  return item * 2;
}
