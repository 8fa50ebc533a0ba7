import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Fault } from '@flotilla/foundation';
import { VirtualClock } from '@flotilla/foundation/testing';
import { InFlight } from './in-flight.ts';

const mebibyte = 1024 * 1024;
let clock: VirtualClock;
let inFlight: InFlight;
let overdue: string[];

beforeEach(() => {
  clock = new VirtualClock(0);
  inFlight = new InFlight(clock);
  overdue = [];
});
afterEach(() => inFlight.stop());

const begin = (cluster: string, bytes: number) =>
  inFlight.begin(cluster, bytes, ({ reason }: Fault) => void overdue.push(`${cluster}: ${reason}`));

it('AT-11: a cluster that is too loud is refused, nobody else is, and it is heard again when handlers have ended', () => {
  const ends = Array.from({ length: 8 }, () => begin('loud', mebibyte));
  const refusal = () => {
    try {
      return begin('loud', 1);
    } catch (error) {
      return (error as Fault).reason;
    }
  };
  expect(refusal()).toBe('ClusterTooLoud');
  begin('quiet', 8 * mebibyte)();
  ends[0]!();
  expect(refusal()).toBeTypeOf('function');
});

it('AT-11: one message is always taken, however large it is', () => {
  expect(begin('c1', 100 * mebibyte)).toBeTypeOf('function');
});

it('AT-11: a handler that never ends is given up on after thirty seconds, once, and its bytes are free again', async () => {
  const late = begin('c1', 8 * mebibyte);
  await clock.advance(20_000);
  begin('c2', 1)();
  await clock.advance(60_000);
  late();
  expect(overdue).toEqual(['c1: HandlerTooLong']);
  expect(begin('c1', 8 * mebibyte)).toBeTypeOf('function');
});
