import { expect, it } from 'vitest';
import { VirtualClock } from '@flotilla/foundation/testing';
import { FlowControl } from './flow-control.ts';

it('a pause ends, however little of it is left when somebody begins to wait', async () => {
  const clock = new VirtualClock();
  const flow = new FlowControl({ clock, random: { next: () => 0.5 }, requestsMax: 1 });
  flow.pause(0.2);
  const done = flow.request(async () => 'done');
  await clock.advance(2);
  expect(await done).toBe('done');
});
