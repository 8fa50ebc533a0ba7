import { beforeEach, describe, expect, it } from 'vitest';
import type { Report } from '@flotilla/contracts';
import { VirtualClock } from '@flotilla/foundation/testing';
import type { TargetStatus } from '@flotilla/model';
import { InMemoryLine } from '../testing/in-memory-line.ts';
import { Reporter } from './reporter.ts';
import { StatusBook } from './status-book.ts';

let clock: VirtualClock;
let line: InMemoryLine;
let book: StatusBook;
let reporter: Reporter;

const status = (target: string, over: Partial<TargetStatus> = {}) =>
  ({ target, generation: 1, sync: 'Synced', health: 'Healthy', resources: [], ...over }) as TargetStatus;

function begin(): Reporter {
  return new Reporter({
    line,
    book,
    clock,
    random: { next: () => 0.5 },
    speaker: () => ({ instance: 'i', leaseTransitions: 3 }),
    fence: () => ({ epoch: 1, generation: 5 }),
  });
}

beforeEach(() => {
  clock = new VirtualClock();
  line = new InMemoryLine();
  book = new StatusBook(clock);
  reporter = begin();
});

function tell(target: string, over: Partial<TargetStatus> = {}): void {
  if (book.enter(status(target, over), undefined)) reporter.news();
}

const reports = () => line.said<Report>('report');
const receipt = (body: object) => reporter.heard(new TextEncoder().encode(JSON.stringify({ v: 1, at: '', ...body })));
const receiptLast = () => receipt({ number: reports().at(-1)!.number });
const said = () => reports().map(({ items }) => items.map(({ target, health }) => `${target} ${health}`).join(', '));

describe('a report', () => {
  it('goes out with the news, says who speaks and what is held', () => {
    tell('t1');
    expect(reports()).toMatchObject([
      {
        v: 1,
        instance: 'i',
        leaseTransitions: 3,
        fence: { epoch: 1, generation: 5 },
        items: [{ target: 't1', since: '2026-01-01T00:00:00.000Z' }],
      },
    ]);
  });

  it('is repeated until its receipt comes, ever more patiently', async () => {
    tell('t1');
    await clock.advance(60_000);
    const sentWithin = reports().length;
    receiptLast();
    await clock.advance(600_000);
    expect([sentWithin, reports().length - sentWithin]).toEqual([5, 0]);
  });

  it('of what changed meanwhile is sent in its newest form, once', () => {
    tell('t1', { health: 'Missing' });
    tell('t1', { health: 'Progressing' });
    tell('t2');
    tell('t1');
    receiptLast();
    receiptLast();
    expect(said()).toEqual(['t1 Missing', 't2 Healthy, t1 Healthy']);
  });

  it('is not confirmed by the receipt of another one', async () => {
    tell('t1');
    receipt({ number: reports()[0]!.number - 1 });
    await clock.advance(10_000);
    expect(reports().length).toBeGreaterThan(1);
  });

  it('is not stopped by what is no receipt', async () => {
    tell('t1');
    reporter.heard(new Uint8Array([0xff]));
    receipt({ number: 'one' });
    await clock.advance(10_000);
    expect(reports().length).toBeGreaterThan(1);
  });

  it('waits while the line is cut, and goes out when it stands again', async () => {
    line.connected = false;
    tell('t1');
    await clock.advance(600_000);
    line.connected = true;
    await clock.advance(2_000);
    expect(said()).toEqual(['t1 Healthy']);
  });

  it('slows down when it is asked to', async () => {
    tell('t1');
    receipt({ number: reports()[0]!.number, slowDownMs: 30_000 });
    tell('t2');
    const held = reports().length;
    await clock.advance(32_000);
    expect([held, reports().length]).toEqual([1, 2]);
  });

  it('says everything again when it is asked to, and nothing is under way', () => {
    tell('t1');
    receipt({ number: 0, sendAll: true });
    const whileUnderWay = reports().length;
    receiptLast();
    receipt({ number: 0, sendAll: true });
    expect([whileUnderWay, said()]).toEqual([1, ['t1 Healthy', 't1 Healthy']]);
  });

  it('brings the digests in line when a target was struck out', async () => {
    tell('t1');
    tell('t2');
    receiptLast();
    receiptLast();
    book.strike('t1');
    await clock.advance(2_000);
    receiptLast();
    expect([said().at(-1), reports().at(-1)!.statusDigest]).toEqual(['', book.storedDigest()]);
  });
});

describe('how long nobody has heard us', () => {
  it('is counted from the first thing that was not answered, sent or not, and ends with any answer', async () => {
    tell('t1');
    receiptLast();
    await clock.advance(60_000);
    const idle = reporter.unheardMs;
    line.connected = false;
    tell('t1', { health: 'Degraded' });
    await clock.advance(60_000);
    const cut = reporter.unheardMs;
    line.connected = true;
    await clock.advance(60_000);
    const deaf = reporter.unheardMs;
    receiptLast();
    expect([idle, cut, deaf, reporter.unheardMs]).toEqual([0, 60_000, 120_000, 0]);
  });

  it('is found out by asking, where there is no news', async () => {
    tell('t1');
    receiptLast();
    reporter.askForReceipt();
    await clock.advance(30_000);
    const unheard = reporter.unheardMs;
    receipt({ number: 0, slowDownMs: 1_000 });
    expect([unheard, reporter.unheardMs]).toEqual([30_000, 0]);
  });
});

it('numbers grow, also across a restart and after many reports', async () => {
  for (let change = 0; change < 20; change++) {
    tell('t1', { generation: change });
    receiptLast();
    await clock.advance(10);
  }
  await reporter.stop();
  const before = reports().at(-1)!.number;
  await clock.advance(1_000);
  reporter = begin();
  tell('t1', { health: 'Degraded' });
  const numbers = reports().map(({ number }) => number);
  expect([numbers.toSorted((left, right) => left - right), reports().at(-1)!.number > before]).toEqual([numbers, true]);
});

it('AT-10 whatever is lost on the way, everything arrives', async () => {
  const stored = new Map<string, string>();
  let turn = 0;
  const send = line.send.bind(line);
  line.send = (kind, message) => {
    // Every third report arrives, every second of their receipts does.
    if (++turn % 3 !== 0) return true;
    for (const item of (message as Report).items) stored.set(item.target, item.health);
    if (turn % 2 === 0) queueMicrotask(() => receipt({ number: (message as Report).number }));
    return send(kind, message);
  };
  for (let target = 0; target < 50; target++) {
    tell(`t${target}`, { health: 'Missing' });
    await clock.advance(300);
    tell(`t${target}`);
  }
  await clock.advance(3_600_000);
  expect([stored.size, new Set(stored.values())]).toEqual([50, new Set(['Healthy'])]);
});
