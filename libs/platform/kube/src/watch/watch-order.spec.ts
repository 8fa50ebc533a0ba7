import { describe, expect, it } from 'vitest';
import { list, told, watching } from '../testing/index.ts';

describe('what a watch is told twice, late or out of order', () => {
  it('makes one event of what it is told twice, and none of what comes late', async () => {
    const { clock, events, streams } = watching([list(100, told('a', 99))]);
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
    const { clock, events, streams, lists } = watching([list(100, told('a', 99, 'first'))]);
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
    const { clock, events, problems, streams } = watching([list(100, told('a', 99)), list(110)]);
    await clock.advance(0);
    streams.at(0)!.event('DELETED', told('a', 102));
    streams.at(0)!.event('MODIFIED', told('a', 101));
    await clock.advance(5_000);
    expect([events, problems]).toEqual([['added a 99', 'synced', 'removed a 99', 'synced'], ['WatchOutOfOrder']]);
  });

  it('lists anew at a server that went back in time', async () => {
    const { clock, events, problems, streams, watches } = watching([list(900, told('a', 800)), list(20, told('a', 7))]);
    await clock.advance(0);
    streams.at(0)!.event('BOOKMARK', { metadata: { resourceVersion: '15' } });
    await clock.advance(5_000);
    expect(problems).toEqual(['WatchWentBack']);
    expect(events).toEqual(['added a 800', 'synced', 'reset', 'changed a 7', 'synced']);
    expect(watches()[1]).toContain('resourceVersion=20');
  });
});
