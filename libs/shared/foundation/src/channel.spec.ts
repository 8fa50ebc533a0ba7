import { describe, expect, it } from 'vitest';
import { Channel } from './channel.ts';

async function all<Item>(channel: Channel<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of channel) items.push(item);
  return items;
}

describe('a channel', () => {
  it('hands on what was pushed before and while somebody reads, then ends', async () => {
    const channel = new Channel<number>();
    channel.push(1);
    const reading = all(channel);
    await Promise.resolve();
    channel.push(2);
    await new Promise((resolve) => setImmediate(resolve));
    channel.push(3);
    channel.end();
    channel.push(4);
    expect(await reading).toEqual([1, 2, 3]);
  });

  it('drops the oldest when the reader falls behind, and counts what was lost', async () => {
    const channel = new Channel<number>(2);
    for (const item of [1, 2, 3, 4]) channel.push(item);
    channel.end();
    expect([await all(channel), channel.dropped]).toEqual([[3, 4], 2]);
  });

  it('wakes a reader that waits when it ends', async () => {
    const channel = new Channel<number>();
    const reading = all(channel);
    await Promise.resolve();
    channel.end();
    expect(await reading).toEqual([]);
  });
});
