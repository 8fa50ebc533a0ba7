import { expect, it } from 'vitest';
import { seededRandom } from '@flotilla/foundation';
import { natsOptions } from './connection.ts';
import { createNkey } from './identity/nkey.ts';
import { redialMs } from './redial.ts';

it('who is refused waits longer each time, up to a limit', () => {
  const half = { next: () => 0.5 };
  const waits = [0, 1, 2, 3, 4, 5, 6, 7].map((failures) => redialMs(failures, half));
  expect(waits).toEqual([1_000, 750, 1_500, 3_000, 6_000, 11_250, 11_250, 11_250]);
});

it('AT-36: ten thousand that are cut off together come back as a stream: no half second holds a third of them', () => {
  const random = seededRandom(1);
  const firsts = Array.from({ length: 10_000 }, () => redialMs(0, random));
  const halves = [0, 1, 2, 3].map((half) => firsts.filter((ms) => Math.floor(ms / 500) === half).length);
  expect([Math.max(...halves) < 3_334, Math.min(...halves) > 1_667]).toEqual([true, true]);
});

it('an agent dials at once when it starts, and with such pauses ever after', () => {
  const credentials = { jwt: '', seed: createNkey('user').seed };
  const options = natsOptions({ servers: ['nats://a'], credentials, name: 'agent-1', oneOfMany: { next: () => 0.5 } });
  const dial = (server: object) => options.reconnectToServer?.([server as never])?.delay;
  expect([
    dial({ didConnect: false, reconnects: 0 }),
    dial({ didConnect: true, reconnects: 0 }),
    dial({ didConnect: true, reconnects: 2 }),
    dial({ didConnect: false, reconnects: 2 }),
  ]).toEqual([0, 1_000, 1_500, 1_500]);
});
