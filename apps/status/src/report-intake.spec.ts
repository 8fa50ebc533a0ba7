import { beforeEach, describe, expect, it } from 'vitest';
import type { ReportHeard, Statuses } from '@flotilla/control-fleet';
import { Trouble, VirtualClock, type BreakingPoint } from '@flotilla/foundation/testing';
import { noFence } from '@flotilla/model';
import { createLogger } from '@flotilla/platform-telemetry';
import { ReportIntake } from './report-intake.ts';

let clock: VirtualClock;
let database: Trouble;
let story: string[];
let intake: ReportIntake;

beforeEach(() => {
  clock = new VirtualClock();
  database = new Trouble();
  story = [];
  const statuses: Statuses = {
    store: async (reports) => {
      story.push(`stored ${reports.map(({ number }) => number).join(' ')}`);
      return { changed: [], dropped: [], disbelieved: reports.filter(({ instance }) => instance === 'second') };
    },
    recount: async () => false,
  };
  intake = new ReportIntake({
    clock,
    logger: createLogger({ service: 'status', level: 'error' }),
    statuses: database.over(statuses),
    receipts: { stored: (cluster, number) => story.push(`receipt ${number} to ${cluster}`) },
  });
});

const report = (cluster: string, number: number): ReportHeard => ({
  cluster,
  number,
  fence: noFence,
  instance: 'i',
  leaseTransitions: 1,
  items: [],
  statusDigest: '',
});

async function hear(...reports: readonly ReportHeard[]): Promise<string[]> {
  const heard = reports.map((each) => intake.heard(each));
  await clock.advance(60);
  await Promise.all(heard);
  return story;
}

describe('a report', () => {
  it('is receipted after the commit that holds it, never before; a storm of them is one commit', async () => {
    expect(await hear(report('c1', 1), report('c2', 2), report('c3', 3))).toEqual([
      'stored 1 2 3',
      'receipt 1 to c1',
      'receipt 2 to c2',
      'receipt 3 to c3',
    ]);
  });

  it('that was said again before it was stored is stored and receipted once, in its newest form', async () => {
    expect(await hear(report('c1', 1), report('c2', 7), report('c1', 2))).toEqual([
      'stored 7 2',
      'receipt 7 to c2',
      'receipt 2 to c1',
    ]);
  });

  it('of another speaker is never taken for a repetition', async () => {
    const successor = { ...report('c1', 1), instance: 'next', leaseTransitions: 2 };
    expect(await hear(report('c1', 5), successor)).toEqual(['stored 5 1', 'receipt 5 to c1', 'receipt 1 to c1']);
  });

  it('of a second holder of an identity has no receipt: the first one would take it for its own', async () => {
    const second = { ...report('c1', 2), instance: 'second' };
    expect(await hear(report('c1', 1), second)).toEqual(['stored 1 2', 'receipt 1 to c1']);
  });

  it.each<[BreakingPoint, readonly string[]]>([
    ['before', []],
    ['after', ['stored 1']],
  ])('whose commit broke %s it happened has no receipt, so that its agent says it again', async (point, expected) => {
    database.fail(point, 1);
    expect(await hear(report('c1', 1))).toEqual(expected);
    expect((await hear(report('c1', 2))).slice(expected.length)).toEqual(['stored 2', 'receipt 2 to c1']);
  });
});
