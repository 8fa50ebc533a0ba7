import { seededRandom } from '@flotilla/foundation';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  aggregated,
  configMap,
  configMaps,
  gone,
  group,
  kind,
  list,
  scriptedClient,
  ScriptedStream,
  told,
  watching,
} from '../testing/index.ts';
import { watchKind } from './watch-kind.ts';

describe('watching a kind', () => {
  it('begins with a list and follows the changes from there', async () => {
    const { cache, clock, events, streams, watches } = watching([list(10, told('a', 3), told('b', 4))]);
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
    const seen: unknown[] = [];
    const { clock, transport } = watching([list(10, { ...told('a', 3), data: { x: '1' } })], {
      onChange: (event) => seen.push(event),
      metadataOnly: true,
    });
    await clock.advance(0);
    const object = { ...told('a', 3), data: { x: '1' }, apiVersion: 'v1', kind: 'ConfigMap' };
    const key = { ...configMap, namespace: 'shop', name: 'a' };
    expect(seen).toEqual([
      { type: 'added', key, kept: '3', object },
      { type: 'synced', resourceVersion: '10' },
    ]);
    const accepted = transport.requests.filter(({ path }) => path.endsWith('/configmaps'));
    expect(accepted.map(({ headers }) => headers['accept']?.split(';')[1])).toEqual([
      'as=PartialObjectMetadataList',
      'as=PartialObjectMetadata',
    ]);
  });

  it('goes on after the last event or bookmark when the server ends a stream', async () => {
    const { clock, streams, watches, lists } = watching([list(10)]);
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
    const { clock, events, problems, streams, watches, cache } = watching([list(10)]);
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
    const { clock, events, streams, lists, cache, transport } = watching([
      list(10, told('same', 1), told('changes', 2), told('goes', 3), told('reborn', 4)),
      list(50, told('same', 1), told('changes', 40), told('comes', 41), told('reborn', 42, 'another')),
    ]);
    await clock.advance(0);
    if (how.includes('answer')) {
      const resumed = new ScriptedStream();
      transport.on(`${configMaps}?watch`, [gone, { stream: resumed }]);
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
    const page = { json: { metadata: { resourceVersion: '50', continue: 'more' }, items: [told('a', 1)] } };
    const rest = list(60, told('b', 2));
    const { clock, events, streams } = watching([
      list(10, told('a', 1), told('b', 2)),
      page,
      gone,
      page,
      { status: 500 },
      page,
      rest,
    ]);
    await clock.advance(0);
    streams.at(0)!.event('ERROR', gone.json);
    await clock.advance(30_000);
    expect(events).toEqual(['added a 1', 'added b 2', 'synced', 'synced']);
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
    const { clock, events, streams, transport } = watching([list(10, told('a', 1))]);
    await clock.advance(0);
    transport.on('GET /api', [aggregated([group('', 'v1', [], 'Stale')])]);
    transport.on(`${configMaps}?watch`, [{ status: 404, text: '404 page not found' }]);
    streams.at(0)!.cut();
    await clock.advance(60_000);
    expect(events).toEqual(['added a 1', 'synced']);
    transport.on('GET /api', [aggregated([group('', 'v1', [])])]);
    await clock.advance(60_000);
    expect(events).toEqual(['added a 1', 'synced', 'removed a 1']);
  });

  it('stops at once, whatever it waits for', async () => {
    const { cache, clock } = watching([{ hangs: true }]);
    await clock.advance(0);
    await cache.stop();
    await expect(cache.synced).resolves.toBeUndefined();
  });
});
