import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DeadMessage, ReplayedMessage } from '@flotilla/control-fleet';
import { joinTokenHash } from '@flotilla/control-fleet';
import { ClusterStore, DeadLetterStore, StoredLedger, WorkQueue, type Store } from '@flotilla/control-store';
import { placesFor } from '@flotilla/control-store/testing';
import { Fault, systemClock } from '@flotilla/foundation';
import { sha256 } from '@flotilla/foundation/node';
import { systemActor } from '@flotilla/model';
import { StoreFixture } from '../support/store-fixture.ts';

let fixture: StoreFixture;
let store: Store;
let letters: DeadLetterStore;
let clusters: Readonly<Record<string, string>>;

beforeAll(async () => {
  fixture = await StoreFixture.start();
});
beforeEach(async () => {
  ({ store } = await fixture.store());
  letters = new DeadLetterStore(store);
  clusters = {
    loud: await join('loud', 'default'),
    quiet: await join('quiet', 'default'),
    other: await join('c', 'other'),
  };
});
afterEach(() => fixture.closeStores());
afterAll(() => fixture.stop());

const by = systemActor('test');
const project = 'default';
const whole = { limit: 500 };

async function join(name: string, inProject: string): Promise<string> {
  const expiresAt = systemClock.now() + 60_000;
  const joined = await new ClusterStore(store).join({
    project: inProject,
    name,
    labels: {},
    tokenHash: joinTokenHash(name + inProject),
    expiresAt,
    by,
  });
  return joined.uid;
}

function messageOf(text: string, over: Partial<DeadMessage> = {}): DeadMessage {
  const data = Buffer.from(text);
  const reason = { reason: 'MessageNotUnderstood', message: 'not JSON' };
  return {
    cluster: clusters.loud!,
    service: 'status',
    kind: 'report',
    data,
    size: data.length,
    digest: sha256(text),
    ...reason,
    count: 1,
    ...over,
  };
}

async function listed(inProject = project) {
  const { items } = await letters.letters({ project: inProject, page: whole });
  return items.map(({ subject, cluster, count, size, reason }) => ({ subject, cluster, count, size, reason }));
}

describe('AT-11: dead letters', () => {
  it('hold each message once, with how often it came, in the project of its cluster', async () => {
    await letters.keep([messageOf('poison', { count: 2 }), messageOf('poison', { kind: 'hello' })]);
    await letters.keep([
      messageOf('poison', { count: 3, reason: 'HandlerTooLong' }),
      messageOf('x', { cluster: clusters.other! }),
    ]);
    const report = { subject: 'report', cluster: 'loud', count: 5, size: 6, reason: 'HandlerTooLong' };
    const hello = { subject: 'hello', cluster: 'loud', count: 1, size: 6, reason: 'MessageNotUnderstood' };
    expect([await listed(), (await listed('other')).length]).toEqual([[report, hello], 1]);
  });

  it('of a cluster that nobody knows are not kept', async () => {
    await letters.keep([messageOf('poison', { cluster: 'nobody' })]);
    expect(await store.query('SELECT id FROM dead_letter')).toEqual([]);
  });

  it('of one cluster push out its own oldest, and never those of another', async () => {
    await letters.keep([messageOf('poison', { cluster: clusters.quiet! })]);
    const gone: number[] = [];
    for (let batch = 0; batch < 3; batch++)
      gone.push(await letters.keep(Array.from({ length: 30 }, (_, index) => messageOf(`${batch} ${index}`))));
    const counts = await store.query('SELECT cluster, count(*)::int FROM dead_letter GROUP BY 1 ORDER BY 2');
    expect([gone, counts]).toEqual([
      [0, 10, 30],
      [
        { cluster: clusters.quiet, count: 1 },
        { cluster: clusters.loud, count: 50 },
      ],
    ]);
  });

  it('are bounded in all: whoever has the most makes way', async () => {
    await letters.keep([messageOf('first', { cluster: clusters.quiet! })]);
    await store.query(
      `INSERT INTO dead_letter SELECT 'l' || n, 'default', 'c' || (n % 50), 'status', 'report', n::text, 1, '', 'R', 'm', now(), now(), 1
       FROM generate_series(1, 2000) n`,
    );
    const gone = await letters.keep([messageOf('last')]);
    const [{ count } = { count: 0 }] = await store.query<{ count: number }>('SELECT count(*)::int FROM dead_letter');
    const mine = await store.query<{ name: string }>(
      'SELECT name FROM dead_letter letter JOIN cluster ON cluster.uid = letter.cluster ORDER BY name',
    );
    expect([gone, count, mine.map(({ name }) => name)]).toEqual([2, 2_000, ['loud', 'quiet']]);
  });

  it('are read page by page, with all that they hold, whatever it is', async () => {
    const hostile = Buffer.from([0, 0xff, 0xfe, 0x1b, 0xed, 0xa0, 0x80]);
    await letters.keep([
      messageOf('a'),
      messageOf('b'),
      messageOf('c', { data: hostile, message: 'nul \0 and half \ud800' }),
    ]);
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await letters.letters({ project, page: { limit: 2, ...(cursor && { cursor }) } });
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor);
    const contents = await Promise.all(ids.map(async (id) => (await letters.letter(project, id))!.content));
    expect([
      ids.length,
      contents.some((content) => hostile.equals(content)),
      await letters.letter('other', ids[0]!),
    ]).toEqual([3, true, undefined]);
  });

  it('are handed in again as they came, once, and the ledger says by whom', async () => {
    await letters.keep([messageOf('poison')]);
    const { items } = await letters.letters({ project, page: whole });
    const said: ReplayedMessage[] = [];
    const order = { project, id: items[0]!.id, by };
    const done = [
      await letters.replay({ ...order, project: 'other' }, (message) => said.push(message)),
      await letters.replay(order, (message) => said.push(message)),
      await letters.replay(order, (message) => said.push(message)),
    ];
    const { items: events } = await new StoredLedger(store).events({ project, page: { limit: 1 } });
    expect([
      done,
      said.map(({ cluster, kind, data }) => [cluster, kind, Buffer.from(data).toString()]),
      events,
    ]).toEqual([
      [false, true, false],
      [[clusters.loud, 'report', 'poison']],
      [
        expect.objectContaining({
          actor: 'system:test',
          action: 'deadletter.replay',
          subject: `DeadLetter default/${order.id}`,
        }),
      ],
    ]);
  });

  it('stay when they could not be handed in, and when they are not whole', async () => {
    await letters.keep([messageOf('poison'), messageOf('beginning', { size: 70_000 })]);
    const { items } = await letters.letters({ project, page: whole });
    const away = () => {
      throw new Fault({ code: 'unavailable', reason: 'BrokerUnreachable', message: 'the broker is away' });
    };
    const reasons = await Promise.all(
      items.map(({ id }) =>
        letters.replay({ project, id, by }, away).catch((error: unknown) => (error as Fault).reason),
      ),
    );
    expect([reasons.map(String).toSorted(), (await listed()).length]).toEqual([
      ['BrokerUnreachable', 'DeadLetterCut'],
      2,
    ]);
  });
});

describe('AT-11: dead work', () => {
  const queue = () => new WorkQueue(store);
  const fault = new Fault({
    code: 'internal',
    reason: 'LookKillsProcess',
    message: 'it ended with the process 3 times',
  });
  const claim = () => queue().claim('count', placesFor(10));

  beforeEach(async () => {
    await store.mark('count', project);
    const [work] = await claim();
    await queue().setAside(work!, fault, systemClock.now());
  });

  it('is a dead letter beside the others, under its place in the work table', async () => {
    await letters.keep([messageOf('poison')]);
    const { items } = await letters.letters({ project, page: whole });
    const letter = await letters.letter(project, 'count.default');
    const content = JSON.parse(Buffer.from(letter!.content).toString()) as { key: string; error: { reason: string } };
    expect([
      items.map(({ id, kind }) => [kind, id.includes('.')]).toSorted(),
      content.key,
      content.error.reason,
    ]).toEqual([
      [
        ['message', false],
        ['work', true],
      ],
      'default',
      'LookKillsProcess',
    ]);
  });

  it('that is replayed is due at once, as if it had never failed', async () => {
    expect(await letters.replay({ project, id: 'count.default', by }, () => undefined)).toBe(true);
    expect([await claim(), (await letters.letters({ project, page: whole })).items]).toEqual([
      [expect.objectContaining({ key: 'default', crashes: 0 })],
      [],
    ]);
  });

  it('that is discarded is looked at when it is marked again', async () => {
    expect(await letters.discard({ project, id: 'count.default', by })).toBe(true);
    expect(await letters.discard({ project, id: 'count.default', by })).toBe(false);
    await store.mark('count', project);
    expect(await claim()).toEqual([expect.objectContaining({ key: 'default', crashes: 0 })]);
  });
});
