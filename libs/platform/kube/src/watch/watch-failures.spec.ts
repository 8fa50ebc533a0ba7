import { describe, expect, it } from 'vitest';
import { configMaps, gone, line, list, told, watching } from '../testing/index.ts';

describe('a watch at a server that fails', () => {
  it('cuts a stream that is silent for too long, and lists anew when it is silent again', async () => {
    const { clock, watches, lists, problems } = watching([list(10)], { silenceMaxMs: 60_000 });
    await clock.advance(59_000);
    expect(watches()).toHaveLength(1);
    await clock.advance(2_000);
    expect([watches().length, lists().length]).toEqual([2, 1]);
    await clock.advance(60_000);
    expect([watches().length, lists().length]).toEqual([3, 2]);
    expect(problems).toEqual([]);
  });

  it('is content with bookmarks', async () => {
    const { clock, streams, watches } = watching([list(10)], { silenceMaxMs: 60_000 });
    for (let minute = 0; minute < 5; minute++) {
      await clock.advance(50_000);
      streams.at(0)!.event('BOOKMARK', { metadata: { resourceVersion: '10' } });
    }
    expect(watches()).toHaveLength(1);
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
    const { clock, events, streams, cache } = watching([list(10, told('a', 1)), list(20, told('a', 15))]);
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
    const { clock, lists, transport } = watching([list(10)]);
    transport.on(`${configMaps}?watch`, [{ text: 'garbage\n' }]);
    await clock.advance(600_000);
    expect(lists().length).toBeLessThan(40);
  });

  it('does not spin when a server ends every stream at once', async () => {
    const { clock, watches, transport } = watching([list(10)]);
    transport.on(`${configMaps}?watch`, [{ text: '' }]);
    await clock.advance(600_000);
    expect(watches().length).toBeGreaterThan(5);
    expect(watches().length).toBeLessThan(40);
  });

  it('passes over an object that its user cannot digest', async () => {
    const events: string[] = [];
    const { clock, cache, problems, streams } = watching([list(10, null, told('bad', 1), told('good', 2))], {
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
    const events: string[] = [];
    const { clock, streams, cache } = watching([list(10, told('a', 1), told('b', 2)), list(20)], {
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
    const { clock, lists, cache, events, transport } = watching([{ status: 500, text: 'boom' }]);
    await clock.advance(300_000);
    expect(lists().length).toBeGreaterThan(8);
    expect(lists().length).toBeLessThan(25);
    expect(cache.health()).toMatchObject({ problem: { reason: 'ApiServerFailed' } });
    transport.on(configMaps, [list(10, told('a', 1))]);
    await clock.advance(31_000);
    expect(events).toEqual(['added a 1', 'synced']);
  });

  it('comes back when the server said, if it said', async () => {
    const { clock, lists } = watching([{ status: 503, headers: { 'retry-after': '120' } }]);
    await clock.advance(119_000);
    expect(lists()).toHaveLength(1);
    await clock.advance(2_000);
    expect(lists()).toHaveLength(2);
  });
});
