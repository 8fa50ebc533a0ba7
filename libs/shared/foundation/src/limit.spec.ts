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

  it('keeps the order of the items in the results', async () => {
    expect(await mapLimited([30, 5, 1], 2, slowFirst)).toEqual([60, 10, 2]);
  });
});

async function slowFirst(item: number): Promise<number> {
  for (let turn = item; turn > 0; turn--) await Promise.resolve();
  return item * 2;
}
