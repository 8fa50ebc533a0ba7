import { expect, it } from 'vitest';
import { Turns } from './turns.ts';

it('who has much to write goes in turn, a few at a time, and others come in between', async () => {
  const turns = new Turns();
  const order: string[] = [];
  const writing = Array.from({ length: 20 }, (_, stream) =>
    turns.take().then(() => void order.push(`stream ${stream}`)),
  );
  const asked = new Promise<void>((resolve) => {
    setImmediate(() => setImmediate(() => resolve(void order.push('somebody else'))));
  });
  await Promise.all([...writing, asked]);
  const streams = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => `stream ${from + index}`);
  expect(order.filter((who) => who !== 'somebody else')).toEqual(streams(0, 20));
  expect(order.indexOf('somebody else')).toBeLessThan(20);
});

it('who comes when all had theirs is let in as well', async () => {
  const turns = new Turns();
  await turns.take();
  await new Promise<void>((resolve) => void setImmediate(resolve));
  await expect(turns.take()).resolves.toBeUndefined();
});
