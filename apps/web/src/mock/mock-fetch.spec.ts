import { describe, expect, it } from 'vitest';
import { FlotillaClient } from '@flotilla/client';
import { operations, type StreamEvent } from '@flotilla/contracts';
import { seededRandom } from '@flotilla/foundation';
import { VirtualClock } from '@flotilla/foundation/testing';
import { liveKinds } from '../live/live-state.ts';
import { hostileFleet } from './hostile-fleet.ts';
import { mockFetch, mockToken } from './mock-fetch.ts';
import { MockFleet } from './mock-fleet.ts';
import { MockLife } from './mock-life.ts';
import { MockLines } from './mock-stream.ts';
import { seedFleet } from './seed-fleet.ts';

function scene(token = mockToken) {
  const clock = new VirtualClock();
  const fleet = new MockFleet(seedFleet(2, clock.now()));
  const lines = new MockLines();
  const fetch = mockFetch({ fleet, lines, clock });
  return { clock, fleet, lines, client: new FlotillaClient({ server: 'http://mock', token, fetch }) };
}

/** What a call answers once the mock has taken its time. */
async function answered<Answer>(clock: VirtualClock, call: Promise<Answer>): Promise<Answer> {
  const settled = call.catch((thrown: unknown) => thrown as Answer);
  await clock.advance(100);
  return settled;
}

const params = { project: 'default' };

describe('the mock fleet', () => {
  it('answers as the contracts say, and has a story for each of its targets', async () => {
    const { clock, fleet, client } = scene();
    const stories = await Promise.all(
      [...fleet.kept.target.keys()].map((uid) =>
        answered(clock, client.call(operations.getTarget, { params: { ...params, uid } })),
      ),
    );
    const clusters = await answered(clock, client.call(operations.listClusters, { params }));
    const broken = stories.filter((story) => !operations.getTarget.response.safeParse(story).success);
    expect([broken, clusters.items.length]).toEqual([[], fleet.kept.cluster.size]);
  });

  it('refuses other tokens and unknown targets as the gateway does', async () => {
    const stranger = scene('stranger');
    const friend = scene();
    expect([
      await answered(stranger.clock, stranger.client.call(operations.listProjects, {})),
      await answered(friend.clock, friend.client.call(operations.getTarget, { params: { ...params, uid: 'x' } })),
    ]).toMatchObject([{ code: 'unauthenticated' }, { code: 'not-found' }]);
  });

  it('streams everything, a bookmark for each kind, then what its life brings, hostile words included', async () => {
    const { clock, fleet, client } = scene();
    const leaving = new AbortController();
    const told: StreamEvent[] = [];
    const listening = (async () => {
      for await (const event of client.stream('default', liveKinds, leaving.signal)) told.push(event);
    })().catch(() => undefined);
    await clock.advance(100);
    await new Promise(setImmediate);
    const bookmarks = told.filter(({ type }) => type === 'BOOKMARK').map(({ kind }) => kind);
    const whole = told.length;
    new MockLife({ fleet, clock, random: seededRandom(1) }).deploy('checkout', 'dev');
    const { clusters, targets, events } = hostileFleet(clock.now());
    for (const cluster of clusters) fleet.putCluster(cluster);
    for (const event of events) fleet.putEvent(event);
    fleet.putTargets(targets);
    await new Promise(setImmediate);
    leaving.abort();
    await listening;
    const later = told.slice(whole).map(({ type, kind }) => `${type} ${kind}`);
    expect({ bookmarks, later: new Set(later), first: later.slice(0, 3) }).toEqual({
      bookmarks: [...liveKinds],
      later: new Set([
        'ADDED rollout',
        'MODIFIED target',
        'MODIFIED count',
        'ADDED event',
        'ADDED cluster',
        'ADDED target',
        'ADDED count',
      ]),
      first: ['ADDED rollout', 'MODIFIED target', 'MODIFIED count'],
    });
  });
});
