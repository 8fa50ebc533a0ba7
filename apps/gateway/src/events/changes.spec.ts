import { describe, expect, it } from 'vitest';
import { subjects, type ChangedKind } from '@flotilla/contracts';
import { VirtualClock } from '@flotilla/foundation/testing';
import type { Bus, BusMessage } from '@flotilla/platform-bus';
import { Changes } from './changes.ts';

/** A bus that hears nothing but what a test says. */
function openChanges() {
  const handlers = new Map<string, (message: BusMessage) => void>();
  const stopped: string[] = [];
  const subscribe: Bus['subscribe'] = (subject, { onMessage }) => {
    handlers.set(subject, onMessage);
    return { stop: async () => void stopped.push(subject) };
  };
  const clock = new VirtualClock();
  const changes = new Changes({ bus: { subscribe } as Bus, clock, kinds: ['target', 'cluster'] });
  const hear = (kind: ChangedKind, body: string) => {
    const subject = subjects.changed(kind);
    handlers.get(subject)!({ subject, data: Buffer.from(body), headers: {} });
  };
  const say = (kind: ChangedKind, project: string, ids: string[]) => hear(kind, JSON.stringify({ project, ids }));
  return { changes, clock, hear, say, stopped };
}

/** What a listener was told by now. */
async function toldTo(channel: AsyncIterable<unknown> & { end(): void }): Promise<unknown[]> {
  channel.end();
  return Array.fromAsync(channel);
}

describe('changes', () => {
  it('are gathered for a moment and told once for each kind and project, to everybody', async () => {
    const { changes, clock, say } = openChanges();
    const listeners = [changes.follow(new AbortController().signal), changes.follow(new AbortController().signal)];
    say('target', 'shop', ['a', 'b']);
    say('target', 'shop', ['b', 'c']);
    say('target', 'other', ['d']);
    say('cluster', 'shop', ['e']);
    await clock.advance(40);
    const told = [
      { number: 1, kind: 'target', project: 'shop', ids: new Set(['a', 'b', 'c']) },
      { number: 2, kind: 'target', project: 'other', ids: new Set(['d']) },
      { number: 3, kind: 'cluster', project: 'shop', ids: new Set(['e']) },
    ];
    expect(await Promise.all(listeners.map(toldTo))).toEqual([told, told]);
  });

  it('reach nobody who has left', async () => {
    const { changes, clock, say } = openChanges();
    const leaving = new AbortController();
    const [gone, never] = [changes.follow(leaving.signal), changes.follow(AbortSignal.abort())];
    leaving.abort();
    say('target', 'shop', ['a']);
    await clock.advance(40);
    expect([await toldTo(gone), await toldTo(never)]).toEqual([[], []]);
  });

  it('AT-11 that cannot be read stop none that come after', async () => {
    const { changes, clock, hear, say } = openChanges();
    const listener = changes.follow(new AbortController().signal);
    for (const poison of ['', '{', 'null', '{"project":"shop"}', '[]']) {
      try {
        hear('target', poison);
      } catch {
        // The bus drops what its handler throws at.
      }
    }
    say('target', 'shop', ['a']);
    await clock.advance(40);
    expect(await toldTo(listener)).toEqual([{ number: 1, kind: 'target', project: 'shop', ids: new Set(['a']) }]);
  });

  it('that were missed end what listened, and whoever comes afterwards hears again', async () => {
    const { changes, say, clock } = openChanges();
    const before = changes.follow(new AbortController().signal);
    changes.missed();
    const after = changes.follow(new AbortController().signal);
    say('target', 'shop', ['a']);
    await clock.advance(40);
    await changes.stop();
    expect({ before: await Array.fromAsync(before), after: await Array.fromAsync(after) }).toEqual({
      before: [],
      after: [{ number: 1, kind: 'target', project: 'shop', ids: new Set(['a']) }],
    });
  });

  it('end for all listeners when the gateway stops, also for those who come too late', async () => {
    const { changes, stopped } = openChanges();
    const listener = changes.follow(new AbortController().signal);
    await changes.stop();
    const late = changes.follow(new AbortController().signal);
    expect({ told: [await Array.fromAsync(listener), await Array.fromAsync(late)], stopped }).toEqual({
      told: [[], []],
      stopped: ['ctl.changed.target', 'ctl.changed.cluster'],
    });
  });
});
