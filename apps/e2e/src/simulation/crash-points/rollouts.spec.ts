import { describe, expect, it } from 'vitest';
import { rolloutStrategySchema, type Gate, type RolloutOrder } from '@flotilla/model';
import { wrongAtAnyPoint, type DeliveryStory, type Ordering } from './delivery-story.ts';
import type { DyingPlane } from './dying-plane.ts';

const settings = {
  rollout: {
    strategy: rolloutStrategySchema.parse({
      waves: [{ name: 'canary', take: 1, minSuccessTime: '5s' }],
      progressDeadline: '1m',
    }),
  },
};
const asksPeople = asking({ approval: { users: ['carl', 'eve'], count: 1 } });
const asksOutside = asking({ web: { url: 'https://ci.example.org/', secret: 'ci' } });
const place = { project: 'default', application: 'checkout', environment: 'prod' };

function steers(who: string, order: RolloutOrder, cluster?: string): Ordering {
  return { who, order: ({ deliveries }, by) => deliveries.steerRollout({ ...place, order, cluster }, by) };
}

function letsBegin(who: string): Ordering {
  return { who, order: ({ promotions }, by) => promotions.approve({ ...place, wave: 'others' }, by) };
}

function overrides(who: string): Ordering {
  const reason = 'they are down';
  return { who, order: ({ promotions }, by) => promotions.override({ ...place, wave: 'others', reason }, by) };
}

/** Two waves, and a gate between them. */
function asking(gate: Gate) {
  const waves = [
    { name: 'canary', take: 1 },
    { name: 'others', gates: [gate] },
  ];
  return { rollout: { strategy: rolloutStrategySchema.parse({ waves }) } };
}

/** A release is well on the first cluster, and the others wait for somebody, as they did with the one before. */
function waits({ who, order }: Ordering): (plane: DyingPlane) => Promise<void> {
  return async (plane) => {
    plane.order(who, order);
    await plane.pass(20_000);
    plane.application.push();
    await plane.pass(40_000);
  };
}

/** A bad release was let into `prod`, and stopped at the first cluster. */
async function halted(plane: DyingPlane): Promise<void> {
  plane.application.push({ isBad: true });
  await plane.pass(40_000);
}

/** A good one is at the first cluster, and has to stay well there for a while. */
async function soaking(plane: DyingPlane): Promise<void> {
  plane.application.push();
  await plane.passUntilToldOf('p1');
}

/** What was bad in a rollout that halted is mended, so that another try does well. */
async function mended(plane: DyingPlane): Promise<void> {
  await halted(plane);
  plane.application.mend();
}

const lastsMs = 60_000;
const stories: Readonly<Record<string, DeliveryStory>> = {
  'a commit walks over the waves': {
    settings,
    comes: (plane) => plane.application.push(),
    lastsMs,
    ends: ['p1 runs 22', 'p2 runs 22', 'p3 runs 22', 'promotion of 22 in prod: Finished'],
  },
  'a bad commit halts in the first wave': {
    settings,
    comes: (plane) => plane.application.push({ isBad: true }),
    lastsMs,
    ends: ['p1 runs 22', 'p2 runs 11', 'p3 runs 11', 'promotion of 22 in prod: Halted'],
  },
  'a person goes on from where it halted': {
    settings,
    before: halted,
    orders: [steers('anna', 'resume')],
    lastsMs,
    ends: ['p2 runs 22', 'p3 runs 22', 'promotion of 22 in prod: Halted'],
  },
  'a person has what failed tried again': {
    settings,
    before: mended,
    orders: [steers('anna', 'retry')],
    lastsMs,
    ends: ['p1 runs 22, asked to sync', 'p2 runs 22', 'promotion of 22 in prod: Finished'],
  },
  'a person passes a cluster by': {
    settings,
    before: soaking,
    orders: [steers('anna', 'skip', 'p2')],
    lastsMs,
    ends: ['p2 runs 11', 'p3 runs 22', 'promotion of 22 in prod: Finished'],
  },
  'a person pauses it in the middle': {
    settings,
    before: soaking,
    orders: [steers('anna', 'pause')],
    lastsMs: 30_000,
    ends: ['p1 runs 22', 'p2 runs 11', 'promotion of 22 in prod: Paused'],
  },
  'a person ends it, and the next commit comes': {
    settings,
    before: halted,
    orders: [steers('anna', 'abort')],
    comes: (plane) => plane.application.push(),
    lastsMs,
    ends: ['p3 runs 33', 'promotion of 33 in prod: Finished', 'promotion of 22 in prod: Aborted'],
  },
  'a person lets the next wave begin': {
    settings: asksPeople,
    before: waits(letsBegin('carl')),
    orders: [letsBegin('eve')],
    lastsMs,
    ends: ['p2 runs 22', 'p3 runs 22', 'promotion of 22 in prod: Finished'],
  },
  'one lets the next wave begin, and another one ends it': {
    settings: asksPeople,
    before: waits(letsBegin('carl')),
    orders: [letsBegin('eve'), steers('bob', 'abort')],
    lastsMs,
    ends: ['p1 runs 22', 'p2 runs 11', 'promotion of 22 in prod: Aborted'],
  },
  'a person does without whoever is asked before the next wave': {
    settings: asksOutside,
    before: waits(overrides('carl')),
    orders: [overrides('anna')],
    lastsMs,
    ends: ['p2 runs 22', 'p3 runs 22', 'promotion of 22 in prod: Finished'],
  },
  'one does without them, and another one ends it': {
    settings: asksOutside,
    before: waits(overrides('carl')),
    orders: [overrides('anna'), steers('bob', 'abort')],
    lastsMs,
    ends: ['p1 runs 22', 'p2 runs 11', 'promotion of 22 in prod: Aborted'],
  },
  'one goes on, and another one ends it': {
    settings,
    before: halted,
    orders: [steers('anna', 'resume'), steers('bob', 'abort')],
    lastsMs,
    ends: ['p1 runs 22', 'p2 runs 11', 'promotion of 22 in prod: Aborted'],
  },
};

describe('AT-09: a control plane that dies at any call of a rollout in waves skips, doubles and loses nothing', () => {
  it.each(Object.entries(stories))('%s', async (story, told) => {
    expect(await wrongAtAnyPoint(story, told)).toEqual([]);
  });
});
