import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeadLetterStore } from '@flotilla/control-store';
import { Fault } from '@flotilla/foundation';
import { Trouble, VirtualClock } from '@flotilla/foundation/testing';
import { createLogger } from '@flotilla/platform-telemetry';
import { DeadLetterBox, letterBytesMax } from './dead-letter-box.ts';

type DeadMessage = Parameters<DeadLetterStore['keep']>[0][number];

let clock: VirtualClock;
let database: Trouble;
let kept: DeadMessage[][];
let lines: string[];
let box: DeadLetterBox;

beforeEach(() => {
  clock = new VirtualClock(0);
  database = new Trouble();
  [kept, lines] = [[], []];
  const letters: Pick<DeadLetterStore, 'keep'> = { keep: async (messages) => (kept.push([...messages]), 0) };
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = createLogger({ service: 'status', level: 'warn', destination });
  box = new DeadLetterBox({ service: 'status', letters: database.over(letters), clock, logger });
});
afterEach(() => box.stop());

const notUnderstood = new Fault({ code: 'invalid', reason: 'MessageNotUnderstood', message: 'not JSON at position 7' });

function put(text: string, { cluster = 'c1', fault = notUnderstood, times = 1 } = {}): void {
  const poison = { cluster, subject: `fleet.${cluster}.up.report`, data: Buffer.from(text), fault };
  for (let count = 0; count < times; count++) box.put(poison);
}

describe('AT-11: what could not be handled', () => {
  it('is put away within a second, the same thing once with its count', async () => {
    put('poison', { times: 3 });
    put('other');
    await clock.advance(1_000);
    expect(
      kept.map((batch) => batch.map(({ data, digest: _, ...letter }) => [Buffer.from(data).toString(), letter])),
    ).toEqual([
      [
        [
          'poison',
          {
            cluster: 'c1',
            service: 'status',
            kind: 'report',
            size: 6,
            reason: 'MessageNotUnderstood',
            message: 'not JSON at position 7',
            count: 3,
          },
        ],
        [
          'other',
          {
            cluster: 'c1',
            service: 'status',
            kind: 'report',
            size: 5,
            reason: 'MessageNotUnderstood',
            message: 'not JSON at position 7',
            count: 1,
          },
        ],
      ],
    ]);
  });

  it('is kept up to a bound, with the size and the digest of all of it', async () => {
    put('x'.repeat(letterBytesMax + 1));
    await clock.advance(1_000);
    const [letter] = kept.flat();
    expect([letter!.data.length, letter!.size]).toEqual([letterBytesMax, letterBytesMax + 1]);
  });

  it('of one cluster leaves room for others, and costs one line of the log however much there is', async () => {
    for (let count = 0; count < 1_000; count++) put(`poison ${count}`, { cluster: 'loud' });
    put('poison', { cluster: 'quiet' });
    await clock.advance(1_000);
    const clusters = kept.flat().map(({ cluster }) => cluster);
    expect([clusters.filter((each) => each === 'loud').length, clusters.at(-1), lines.length]).toEqual([
      10,
      'quiet',
      2,
    ]);
    expect(lines.every((line) => line.length < 1_024)).toBe(true);
  });

  it.each([
    ['a line that broke', new Fault({ code: 'unavailable', reason: 'DatabaseAway', message: '' })],
    ['a cluster that is too loud', new Fault({ code: 'too-many', reason: 'ClusterTooLoud', message: '' })],
  ])('because of %s is no poison', async (_, fault) => {
    put('good', { fault });
    await clock.advance(1_000);
    expect(kept).toEqual([]);
  });

  it('of nobody is counted and not kept', async () => {
    box.put({ cluster: undefined, subject: 'elsewhere', data: Buffer.from('poison'), fault: notUnderstood });
    await clock.advance(1_000);
    expect(kept).toEqual([]);
  });

  it('tells what surprised its handler in the log alone: that may quote anything', async () => {
    put('poison', { fault: new Fault({ code: 'internal', reason: 'Unexpected', message: 'the secret is 42' }) });
    await clock.advance(1_000);
    const told = lines.map((line) => [
      (JSON.parse(line) as { level: string }).level,
      line.includes('the secret is 42'),
    ]);
    expect([kept.flat()[0]!.message, told]).toEqual([
      'its handler failed in a way nobody expected',
      [
        ['error', true],
        ['warn', false],
      ],
    ]);
  });

  it('is lost when the database is away, and what comes later is not', async () => {
    database.fail();
    put('first');
    await clock.advance(1_000);
    database.recover();
    put('second');
    await clock.advance(1_000);
    expect(kept.flat().map(({ data }) => Buffer.from(data).toString())).toEqual(['second']);
  });
});
