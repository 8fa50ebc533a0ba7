import { describe, expect, it } from 'vitest';
import type { FollowEvent } from '@flotilla/client';
import { Fault } from '@flotilla/foundation';
import { liveKinds, nothingKnown, type LiveKind, type LiveState } from './live-state.ts';
import { newestMax, reduceLive } from './reduce-live.ts';

const noun = (uid: string, health = 'Healthy') => ({ metadata: { uid }, status: { health } });
const all = (kind: LiveKind, ...objects: unknown[]): FollowEvent => ({ type: 'all', kind, objects });
const changed = (kind: LiveKind, object: unknown): FollowEvent => ({ type: 'changed', kind, object });
const gone = (kind: LiveKind, uid: string): FollowEvent => ({ type: 'gone', kind, uid });
const cut = (heardAtMs: number, message: string): FollowEvent => ({
  type: 'cut',
  fault: new Fault({ code: 'unavailable', reason: 'StreamEnded', message }),
  heardAtMs,
  retryMs: 500,
});
const everything = liveKinds.map((kind) => all(kind, kind === 'event' ? { id: 'line-1' } : noun('u1')));

/** What a person sees of a state: each kind's keys, and the line. */
function seen({ line, ...kinds }: LiveState) {
  const targets = [...kinds.target.items].map(([uid, { status }]) => `${uid} ${status.health}`);
  return { line, known: kinds.target.known, targets };
}

describe('what the stream tells', () => {
  it('is not known before a kind was told whole, and the page is not live before all were', () => {
    const some = reduceLive(nothingKnown, everything.slice(0, -1));
    const whole = reduceLive(some, everything.slice(-1));
    expect([nothingKnown, some, whole].map(({ line, event, count }) => [line.phase, count.known, event.known])).toEqual(
      [
        ['connecting', false, false],
        ['connecting', true, false],
        ['live', true, true],
      ],
    );
  });

  it('an empty kind is known as well: then it can be said that there is nothing', () => {
    expect(seen(reduceLive(nothingKnown, [all('target')]))).toMatchObject({ known: true, targets: [] });
  });

  it('changes, adds and removes single things, in order', () => {
    const events = [
      all('target', noun('a'), noun('b')),
      changed('target', noun('a', 'Degraded')),
      changed('target', noun('c')),
      gone('target', 'b'),
      gone('target', 'unheard-of'),
      changed('target', noun('c', 'Progressing')),
    ];
    expect(seen(reduceLive(nothingKnown, events)).targets).toEqual(['a Degraded', 'c Progressing']);
  });

  it('leaves alone what did not change, so that it is not painted again', () => {
    const before = reduceLive(nothingKnown, [...everything, changed('target', noun('u2'))]);
    const after = reduceLive(before, [changed('target', noun('u1', 'Missing'))]);
    expect({
      clusters: after.cluster === before.cluster,
      otherTarget: after.target.items.get('u2') === before.target.items.get('u2'),
      before: before.target.items.get('u1')?.status.health,
    }).toEqual({ clusters: true, otherTarget: true, before: 'Healthy' });
  });

  it('cannot fill the memory with what comes without end: the newest are kept, and rollouts that are not over', () => {
    const numbers = Array.from({ length: newestMax + 5 }, (_, number) => number);
    const lines = numbers.map((number) => ({ id: `line-${number}` }));
    const rollouts = numbers.map((number) => ({
      ...noun(`rollout-${number}`),
      status: { state: number === 0 ? 'Halted' : 'Finished' },
    }));
    const whole = [all('event', ...lines), all('rollout', ...rollouts)];
    const told = reduceLive(nothingKnown, [...whole, changed('event', { id: 'newest' })]);
    const [events, ids] = [[...told.event.items.keys()], [...told.rollout.items.keys()]];
    expect([events.length, events[0], events.at(-1), ids.length, ids[0], ids[1]]).toEqual([
      newestMax,
      'line-6',
      'newest',
      newestMax,
      'rollout-0',
      'rollout-6',
    ]);
  });

  it('of a kind or shape that this page does not know changes nothing', () => {
    const strange = [{ type: 'changed', kind: 'comet', object: noun('x') }, changed('target', { strange: true })];
    expect(reduceLive(nothingKnown, strange as never)).toEqual({
      ...nothingKnown,
      target: { known: false, items: new Map() },
    });
  });
});

describe('a line that is cut', () => {
  const live = reduceLive(nothingKnown, everything);
  const dark = reduceLive(live, [cut(1_000, 'the stream ended'), cut(9_000, 'nobody answers')]);

  it('leaves what is known on the screen, stale since the first cut', () => {
    expect(seen(dark)).toEqual({
      line: { phase: 'cut', staleSinceMs: 1_000, problem: 'nobody answers' },
      known: true,
      targets: ['u1 Healthy'],
    });
  });

  it('is live again only after everything was told anew, and forgets what vanished meanwhile', () => {
    const half = reduceLive(dark, [all('target', noun('u9'))]);
    const whole = reduceLive(half, everything);
    expect([half, whole].map(seen)).toEqual([
      { line: dark.line, known: true, targets: ['u9 Healthy'] },
      { line: { phase: 'live' }, known: true, targets: ['u1 Healthy'] },
    ]);
  });

  it('does not make unknown what was told in the same frame', () => {
    expect(seen(reduceLive(nothingKnown, [all('target', noun('a')), cut(5, 'gone')]))).toMatchObject({ known: true });
  });
});
