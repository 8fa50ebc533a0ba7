import { seededRandom, type Fault } from '@flotilla/foundation';
import { describe, expect, it, onTestFinished } from 'vitest';
import { aggregated, group, kind, scriptedClient, ScriptedStream, type ScriptedClient } from '../testing/index.ts';
import type { WatchEvent } from './object-cache.ts';
import { watchKind } from './watch-kind.ts';
import type { WatchKindOptions } from './watch-cache.ts';

const configMap = { group: '', kind: 'ConfigMap' };
const collection = 'GET /api/v1/configmaps';

interface Told {
  readonly metadata: { name: string; namespace: string; uid: string; resourceVersion: string };
}

function told(name: string, resourceVersion: number, uid = name): Told {
  return { metadata: { name, namespace: 'shop', uid, resourceVersion: String(resourceVersion) } };
}

function list(resourceVersion: number, ...items: unknown[]) {
  return { json: { metadata: { resourceVersion: String(resourceVersion) }, items } };
}

const gone = {
  status: 410,
  json: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' },
};

/** Each event as one line of text, with the version that `keep` kept. */
function line(event: WatchEvent<string>): string {
  return event.type === 'synced' || event.type === 'reset'
    ? event.type
    : `${event.type} ${event.key.name} ${event.kept}`;
}

/** A watch of ConfigMaps whose streams the test writes; `streams` holds those that were opened. */
function watching(scripted: ScriptedClient, options: Partial<WatchKindOptions<string>> = {}) {
  const { transport, client, clock } = scripted;
  const [events, problems, streams]: [string[], string[], ScriptedStream[]] = [[], [], []];
  transport.on(`${collection}?watch`, () => {
    const stream = new ScriptedStream();
    streams.push(stream);
    return { stream };
  });
  const cache = watchKind(client, configMap, {
    keep: ({ metadata }) => metadata.resourceVersion!,
    onChange: (event) => events.push(line(event)),
    onProblem: ({ reason }: Fault) => problems.push(reason),
    clock,
    random: seededRandom(1),
    ...options,
  });
  onTestFinished(() => cache.stop());
  const watches = () => transport.seen.filter((seen) => seen.includes('watch=true'));
  const lists = () => transport.seen.filter((seen) => seen.startsWith(`${collection}?limit`));
  return { ...scripted, cache, events, problems, streams, watches, lists };
}

describe('watching a kind', () => {
  it('begins with a list and follows the changes from there', async () => {
    const scripted = scriptedClient();
    scripted.transport.on(collection, [list(10, told('a', 3), told('b', 4))]);
    const { cache, clock, events, streams, watches } = watching(scripted);
    await clock.advance(0);
    await cache.synced;
    streams.at(0)!.event('ADDED', told('c', 11));
    streams.at(0)!.event('MODIFIED', told('a', 12));
    streams.at(0)!.event('DELETED', told('b', 13));
    await clock.advance(0);
    expect(events).toEqual(['added a 3', 'added b 4', 'synced', 'added c 11', 'changed a 12', 'removed b 4']);
    expect([...cache.all()]).toEqual([
      { key: { ...configMap, namespace: 'shop', name: 'a' }, kept: '12' },
      { key: { ...configMap, namespace: 'shop', name: 'c' }, kept: '11' },
    ]);
    expect(cache.get({ ...configMap, namespace: 'shop', name: 'b' })).toBeUndefined();
    expect(watches()[0]).toMatch(/watch=true&allowWatchBookmarks=true&resourceVersion=10&timeoutSeconds=\d{3}$/);
  });

  it('hands over the whole object, under its own kind, and keeps only what it is told to', async () => {
    const scripted = scriptedClient();
    scripted.transport.on(collection, [list(10, { ...told('a', 3), data: { x: '1' } })]);
    const seen: unknown[] = [];
    const { clock } = watching(scripted, { onChange: (event) => seen.push(event), metadataOnly: true });
    await clock.advance(0);
    const object = { ...told('a', 3), data: { x: '1' }, apiVersion: 'v1', kind: 'ConfigMap' };
    const key = { ...configMap, namespace: 'shop', name: 'a' };
    expect(seen).toEqual([
      { type: 'added', key, kept: '3', object },
      { type: 'synced', resourceVersion: '10' },
    ]);
    const accepted = scripted.transport.requests.filter(({ path }) => path.endsWith('/configmaps'));
    expect(accepted.map(({ headers }) => headers['accept']?.split(';')[1])).toEqual([
      'as=PartialObjectMetadataList',
      'as=PartialObjectMetadata',
    ]);
  });

  it('goes on after the last event or bookmark when the server ends a stream', async () => {
    const scripted = scriptedClient();
    scripted.transport.on(collection, [list(10)]);
    const { clock, streams, watches, lists } = watching(scripted);
    await clock.advance(0);
    streams.at(0)!.event('ADDED', told('a', 11));
    streams.at(0)!.event('BOOKMARK', { metadata: { resourceVersion: '20' } });
    await clock.advance(2_000);
    streams.at(0)!.end();
    await clock.advance(0);
    expect(watches().map((seen) => /resourceVersion=(\d+)/.exec(seen)![1])).toEqual(['10', '20']);
    expect(lists()).toHaveLength(1);
  });

  it('goes on where it was after a broken connection, and forgets half an event', async () => {
    const scripted = scriptedClient();
    scripted.transport.on(collection, [list(10)]);
    const { clock, events, problems, streams, watches, cache } = watching(scripted);
    await clock.advance(0);
    streams.at(0)!.event('ADDED', told('a', 11));
    streams.at(0)!.push('{"type":"MODIFIED","object":{"meta');
    await clock.advance(0);
    streams.at(0)!.cut();
    await clock.advance(0);
    expect(cache.health()).toMatchObject({ problem: { reason: 'ApiServerUnreachable' } });
    expect(cache.health().connectedSince).toBeUndefined();
    await clock.advance(1_000);
    expect(watches()[1]).toContain('resourceVersion=11');
    expect([events, problems]).toEqual([['synced', 'added a 11'], ['ApiServerUnreachable']]);
    expect(cache.health()).toMatchObject({
      connectedSince: expect.any(Number),
      lastEventAt: expect.any(Number),
      relists: 0,
    });
    expect(cache.health().problem).toBeUndefined();
  });

  it.each([
    ['as an event', (streams: ScriptedStream[]) => streams.at(0)!.event('ERROR', gone.json)],
    ['as the answer to a resumed watch', (streams: ScriptedStream[]) => streams.at(0)!.cut()],
  ])('compares with a new list when its place is forgotten, told %s', async (how, tell) => {
    const scripted = scriptedClient();
    scripted.transport.on(collection, [
      list(10, told('same', 1), told('changes', 2), told('goes', 3), told('reborn', 4)),
      list(50, told('same', 1), told('changes', 40), told('comes', 41), told('reborn', 42, 'another')),
    ]);
    const { clock, events, streams, lists, cache } = watching(scripted);
    await clock.advance(0);
    if (how.includes('answer')) {
      const resumed = new ScriptedStream();
      scripted.transport.on(`${collection}?watch`, [gone, { stream: resumed }]);
    }
    events.length = 0;
    tell(streams);
    await clock.advance(5_000);
    expect(events).toEqual([
      'changed changes 40',
      'added comes 41',
      'removed reborn 4',
      'added reborn 42',
      'removed goes 3',
      'synced',
    ]);
    expect([lists().length, cache.health().relists]).toEqual([2, 1]);
  });

  it('takes nothing away before a list is complete, even one that begins anew half-way', async () => {
    const scripted = scriptedClient();
    const page = { json: { metadata: { resourceVersion: '50', continue: 'more' }, items: [told('a', 1)] } };
    const rest = list(60, told('b', 2));
    scripted.transport.on(collection, [
      list(10, told('a', 1), told('b', 2)),
      page,
      gone,
      page,
      { status: 500 },
      page,
      rest,
    ]);
    const { clock, events, streams } = watching(scripted);
    await clock.advance(0);
    streams.at(0)!.event('ERROR', gone.json);
    await clock.advance(30_000);
    expect(events).toEqual(['added a 1', 'added b 2', 'synced', 'synced']);
  });

  it('makes one event of what it is told twice, and none of what comes late', async () => {
    const scripted = scriptedClient();
    scripted.transport.on(collection, [list(100, told('a', 99))]);
    const { clock, events, streams } = watching(scripted);
    await clock.advance(0);
    const stream = streams.at(0)!;
    stream.event('ADDED', told('a', 99));
    stream.event('MODIFIED', told('a', 101));
    stream.event('MODIFIED', told('a', 101));
    stream.event('MODIFIED', told('a', 100));
    stream.event('DELETED', told('a', 102, 'somebody else'));
    stream.event('DELETED', told('a', 100));
    stream.event('DELETED', told('a', 103));
    stream.event('DELETED', told('a', 103));
    await clock.advance(0);
    expect(events).toEqual(['added a 99', 'synced', 'changed a 101', 'removed a 101']);
  });

  it('takes nothing late of whoever stood under a name before', async () => {
    const scripted = scriptedClient();
    scripted.transport.on(collection, [list(100, told('a', 99, 'first'))]);
    const { clock, events, streams, lists } = watching(scripted);
    await clock.advance(0);
    const stream = streams.at(0)!;
    stream.event('ADDED', told('a', 103, 'second'));
    stream.event('MODIFIED', told('a', 101, 'first'));
    stream.event('DELETED', told('a', 102, 'first'));
    await clock.advance(0);
    expect(events).toEqual(['added a 99', 'synced', 'removed a 99', 'added a 103']);
    expect(lists()).toHaveLength(1);
  });

  it('lists anew where what comes late is of an object that is not known: it may be gone', async () => {
    const scripted = scriptedClient();
    scripted.transport.on(collection, [list(100, told('a', 99)), list(110)]);
    const { clock, events, problems, streams } = watching(scripted);
    await clock.advance(0);
    streams.at(0)!.event('DELETED', told('a', 102));
    streams.at(0)!.event('MODIFIED', told('a', 101));
    await clock.advance(5_000);
    expect([events, problems]).toEqual([['added a 99', 'synced', 'removed a 99', 'synced'], ['WatchOutOfOrder']]);
  });

  it('cuts a stream that is silent for too long, and lists anew when it is silent again', async () => {
    const scripted = scriptedClient();
    scripted.transport.on(collection, [list(10)]);
    const { clock, watches, lists, problems } = watching(scripted, { silenceMaxMs: 60_000 });
    await clock.advance(59_000);
    expect(watches()).toHaveLength(1);
    await clock.advance(2_000);
    expect([watches().length, lists().length]).toEqual([2, 1]);
    await clock.advance(60_000);
    expect([watches().length, lists().length]).toEqual([3, 2]);
    expect(problems).toEqual([]);
  });

  it('is content with bookmarks', async () => {
    const scripted = scriptedClient();
    scripted.transport.on(collection, [list(10)]);
    const { clock, streams, watches } = watching(scripted, { silenceMaxMs: 60_000 });
    for (let minute = 0; minute < 5; minute++) {
      await clock.advance(50_000);
      streams.at(0)!.event('BOOKMARK', { metadata: { resourceVersion: '10' } });
    }
    expect(watches()).toHaveLength(1);
  });

  it('lists anew at a server that went back in time', async () => {
    const scripted = scriptedClient();
    scripted.transport.on(collection, [list(900, told('a', 800)), list(20, told('a', 7))]);
    const { clock, events, problems, streams, watches } = watching(scripted);
    await clock.advance(0);
    streams.at(0)!.event('BOOKMARK', { metadata: { resourceVersion: '15' } });
    await clock.advance(5_000);
    expect(problems).toEqual(['WatchWentBack']);
    expect(events).toEqual(['added a 800', 'synced', 'reset', 'changed a 7', 'synced']);
    expect(watches()[1]).toContain('resourceVersion=20');
  });

  it.each([
    ['not JSON', 'garbage\n'],
    ['JSON that is no event', '[]\n'],
    ['null', 'null\n'],
    ['an unknown type', '{"type":"MAYBE","object":{}}\n'],
    ['an object without metadata', '{"type":"ADDED","object":{}}\n'],
    ['an object without a version', '{"type":"ADDED","object":{"metadata":{"name":"x"}}}\n'],
    ['a bookmark without a version', '{"type":"BOOKMARK","object":{}}\n'],
    ['bytes that are no text', '\u0000\u0001\n'],
    ['very deep nesting', `{"type":"ADDED","object":${'['.repeat(200_000)}\n`],
  ])('counts %s and lists anew, since nobody knows what it would have told', async (_, poison) => {
    const scripted = scriptedClient();
    scripted.transport.on(collection, [list(10, told('a', 1)), list(20, told('a', 15))]);
    const { clock, events, streams, cache } = watching(scripted);
    await clock.advance(0);
    streams.at(0)!.push(poison);
    await clock.advance(5_000);
    expect(events).toEqual(['added a 1', 'synced', 'changed a 15', 'synced']);
    streams.at(1)!.event('MODIFIED', told('a', 21));
    await clock.advance(0);
    expect(events.at(-1)).toBe('changed a 21');
    expect(cache.health()).toMatchObject({ poisoned: 1, relists: 1 });
  });

  it('does not spin when a server sends poison for ever', async () => {
    const scripted = scriptedClient();
    scripted.transport.on(collection, [list(10)]);
    const { clock, lists } = watching(scripted);
    scripted.transport.on(`${collection}?watch`, [{ text: 'garbage\n' }]);
    await clock.advance(600_000);
    expect(lists().length).toBeLessThan(40);
  });

  it('does not spin when a server ends every stream at once', async () => {
    const scripted = scriptedClient();
    scripted.transport.on(collection, [list(10)]);
    const { clock, watches } = watching(scripted);
    scripted.transport.on(`${collection}?watch`, [{ text: '' }]);
    await clock.advance(600_000);
    expect(watches().length).toBeGreaterThan(5);
    expect(watches().length).toBeLessThan(40);
  });

  it('passes over an object that its user cannot digest', async () => {
    const scripted = scriptedClient();
    scripted.transport.on(collection, [list(10, null, told('bad', 1), told('good', 2))]);
    const events: string[] = [];
    const { clock, cache, problems, streams } = watching(scripted, {
      keep: ({ metadata }) => (metadata.name === 'bad' ? (JSON.parse('{') as string) : metadata.resourceVersion!),
      onChange: (event) => events.push(line(event)),
    });
    await clock.advance(0);
    streams.at(0)!.event('MODIFIED', told('bad', 11));
    streams.at(0)!.event('MODIFIED', told('good', 12));
    await clock.advance(0);
    expect(events).toEqual(['added good 2', 'synced', 'changed good 12']);
    expect([cache.health().poisoned, cache.health().relists, problems]).toEqual([3, 0, ['Unexpected', 'Unexpected']]);
  });

  it('goes on when those who are told fail', async () => {
    const scripted = scriptedClient();
    scripted.transport.on(collection, [list(10, told('a', 1), told('b', 2)), list(20)]);
    const events: string[] = [];
    const { clock, streams, cache } = watching(scripted, {
      onChange: (event) => {
        events.push(line(event));
        throw new Error('no more room');
      },
      onProblem: () => {
        throw new Error('no more room');
      },
    });
    await clock.advance(0);
    streams.at(0)!.event('ERROR', gone.json);
    await clock.advance(5_000);
    expect(events).toEqual(['added a 1', 'added b 2', 'synced', 'removed a 1', 'removed b 2', 'synced']);
    expect([...cache.all()]).toEqual([]);
  });

  it('waits longer and longer for a server that fails, and then recovers', async () => {
    const scripted = scriptedClient();
    scripted.transport.on(collection, [{ status: 500, text: 'boom' }]);
    const { clock, lists, cache, events } = watching(scripted);
    await clock.advance(300_000);
    expect(lists().length).toBeGreaterThan(8);
    expect(lists().length).toBeLessThan(25);
    expect(cache.health()).toMatchObject({ problem: { reason: 'ApiServerFailed' } });
    scripted.transport.on(collection, [list(10, told('a', 1))]);
    await clock.advance(31_000);
    expect(events).toEqual(['added a 1', 'synced']);
  });

  it('comes back when the server said, if it said', async () => {
    const scripted = scriptedClient();
    scripted.transport.on(collection, [{ status: 503, headers: { 'retry-after': '120' } }]);
    const { clock, lists } = watching(scripted);
    await clock.advance(119_000);
    expect(lists()).toHaveLength(1);
    await clock.advance(2_000);
    expect(lists()).toHaveLength(2);
  });

  it('waits for a kind that is not defined yet', async () => {
    const scripted = scriptedClient();
    const widget = { group: 'example.org', kind: 'Widget' };
    const problems: string[] = [];
    const cache = watchKind(scripted.client, widget, {
      keep: ({ metadata }) => metadata.name,
      onChange: () => undefined,
      onProblem: ({ reason }) => problems.push(reason),
      clock: scripted.clock,
      random: seededRandom(1),
    });
    onTestFinished(() => cache.stop());
    await scripted.clock.advance(60_000);
    expect([...cache.all(), new Set(problems)]).toEqual([new Set(['KindUnknown'])]);
    scripted.transport
      .on('GET /apis', [aggregated([group('example.org', 'v1', [kind('widgets', 'Widget')])])])
      .on('GET /apis/example.org/v1/widgets', [list(10, told('a', 1))])
      .on('GET /apis/example.org/v1/widgets?watch', [{ stream: new ScriptedStream() }]);
    await scripted.clock.advance(11_000);
    await cache.synced;
    expect(Array.from(cache.all(), ({ kept }) => kept)).toEqual(['a']);
  });

  it('takes away the objects of a kind that is not served any more, but not of one whose group is silent', async () => {
    const scripted = scriptedClient();
    scripted.transport.on(collection, [list(10, told('a', 1))]);
    const { clock, events, streams } = watching(scripted);
    await clock.advance(0);
    scripted.transport.on('GET /api', [aggregated([group('', 'v1', [], 'Stale')])]);
    scripted.transport.on(`${collection}?watch`, [{ status: 404, text: '404 page not found' }]);
    streams.at(0)!.cut();
    await clock.advance(60_000);
    expect(events).toEqual(['added a 1', 'synced']);
    scripted.transport.on('GET /api', [aggregated([group('', 'v1', [])])]);
    await clock.advance(60_000);
    expect(events).toEqual(['added a 1', 'synced', 'removed a 1']);
  });

  it('stops at once, whatever it waits for', async () => {
    const scripted = scriptedClient();
    scripted.transport.on(collection, [{ hangs: true }]);
    const { cache, clock } = watching(scripted);
    await clock.advance(0);
    await cache.stop();
    await expect(cache.synced).resolves.toBeUndefined();
  });
});
