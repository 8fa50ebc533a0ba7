import { beforeEach, expect, it } from 'vitest';
import { VirtualClock } from '@flotilla/foundation/testing';
import { StandAside } from './stand-aside.ts';

let clock: VirtualClock;
let aside: StandAside;
let changes: (string | undefined)[];
beforeEach(() => {
  clock = new VirtualClock();
  changes = [];
  aside = new StandAside({ instance: 'me', clock, onChange: () => changes.push(aside.reason?.reason) });
});

const hear = (body: object | string) =>
  aside.heard(Buffer.from(typeof body === 'string' ? body : JSON.stringify({ v: 1, at: '', number: 0, ...body })));
const toMe = { standAside: { instance: 'me', why: 'another speaks' } };

it('AT-26: lasts as long as it is repeated, and ends by itself', async () => {
  hear(toMe);
  expect(aside.reason).toEqual({ by: 'the control plane', reason: 'another speaks' });
  await clock.advance(30_000);
  hear(toMe);
  await clock.advance(34_000);
  expect(changes).toEqual(['another speaks']);
  await clock.advance(1_000);
  expect([aside.reason, changes]).toEqual([undefined, ['another speaks', undefined]]);
});

it.each([
  ['another instance', { standAside: { instance: 'you', why: 'x' } }],
  ['nobody', {}],
  ['no receipt', '{"v":1'],
])('is not meant by a word to %s', (_, body) => {
  hear(body);
  expect([aside.reason, changes]).toEqual([undefined, []]);
});
