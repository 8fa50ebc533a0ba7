import { describe, expect, it } from 'vitest';
import { wrongAtAnyPoint, type DeliveryStory, type Ordering } from './delivery-story.ts';
import type { DyingPlane } from './dying-plane.ts';
import { commitOf } from './walking-application.ts';

const place = { project: 'default', application: 'checkout', environment: 'prod' };
const soaks = { following: { promote: 'auto' as const, gates: [{ soak: '10s' }] } };
const asksPeople = {
  following: {
    promote: 'manual' as const,
    gates: [{ approval: { users: ['bob', 'eve'], count: 1 } }],
  },
};

/** Nobody is outside: whoever is to be asked never answers. */
const asksOutside = {
  following: {
    promote: 'manual' as const,
    gates: [{ web: { url: 'https://quality.example.org/ask', secret: 'quality' } }],
  },
};

function promotes(who: string, release?: string): Ordering {
  const reason = `${who} says so`;
  return { who, order: ({ promotions }, by) => promotions.promote({ ...place, release, reason, instead: false }, by) };
}

function approves(who: string): Ordering {
  return { who, order: ({ promotions }, by) => promotions.approve(place, by) };
}

function overrides(who: string): Ordering {
  return { who, order: ({ promotions }, by) => promotions.override({ ...place, reason: 'it is down' }, by) };
}

function holds(who: string): Ordering {
  return { who, order: ({ promotions }, by) => promotions.hold({ ...place, reason: 'incident 42' }, by) };
}

function letsGo(who: string): Ordering {
  return { who, order: ({ promotions }, by) => promotions.unhold({ ...place, reason: 'it is over' }, by) };
}

/** A commit is well in `dev`, and waits for people. */
async function waits(plane: DyingPlane): Promise<void> {
  plane.application.push();
  await plane.pass(20_000);
}

/** Two commits are, one after the other. */
async function bothWait(plane: DyingPlane): Promise<void> {
  await waits(plane);
  await waits(plane);
}

async function isApproved(plane: DyingPlane): Promise<void> {
  await waits(plane);
  const { order } = approves('bob');
  plane.order('bob', order);
  await plane.pass(5_000);
}

async function isOrdered(plane: DyingPlane): Promise<void> {
  await waits(plane);
  plane.order('dan', promotes('dan').order);
  await plane.pass(5_000);
}

/** What is agreed to and ordered waits for nothing but for whoever holds the stage. */
async function isHeld(plane: DyingPlane): Promise<void> {
  plane.order('carl', holds('carl').order);
  await isApproved(plane);
  plane.order('dan', promotes('dan').order);
  await plane.pass(5_000);
}

const lastsMs = 40_000;
const stories: Readonly<Record<string, DeliveryStory>> = {
  'a commit enters the next stage by itself, once it has soaked': {
    settings: soaks,
    comes: (plane) => plane.application.push(),
    lastsMs: 60_000,
    ends: ['p1 runs 22', 'promotion of 22 in prod: Finished'],
  },
  'a person orders what is agreed to': {
    settings: asksPeople,
    before: isApproved,
    orders: [promotes('anna')],
    lastsMs,
    ends: ['p1 runs 22', 'promotion of 22 in prod: Finished'],
  },
  'a person orders it, and it waits for an approval': {
    settings: asksPeople,
    before: waits,
    orders: [promotes('anna')],
    lastsMs,
    ends: ['d1 runs 22', 'anna wants 22'],
  },
  'a person agrees to what another one orders': {
    settings: asksPeople,
    before: waits,
    orders: [approves('eve'), promotes('anna')],
    lastsMs,
    ends: ['p1 runs 22', 'promotion of 22 in prod: Finished', 'eve approved'],
  },
  'a person does without whoever is asked outside': {
    settings: asksOutside,
    before: isOrdered,
    orders: [overrides('anna')],
    lastsMs,
    ends: ['p1 runs 22', 'promotion of 22 in prod: Finished'],
  },
  'a person does without them while another one promotes': {
    settings: asksOutside,
    before: waits,
    orders: [overrides('anna'), promotes('dan')],
    lastsMs,
    ends: ['p1 runs 22', 'promotion of 22 in prod: Finished'],
  },
  'a person holds the stage while another one promotes into it': {
    settings: asksPeople,
    before: isApproved,
    orders: [holds('anna'), promotes('dan')],
    lastsMs,
    ends: ['d1 runs 22', 'dan wants 22', 'anna holds prod'],
  },
  'a person lets go of the stage': {
    settings: asksPeople,
    before: isHeld,
    orders: [letsGo('anna')],
    lastsMs,
    ends: ['p1 runs 22', 'promotion of 22 in prod: Finished'],
  },
  'two want two releases': {
    settings: asksPeople,
    before: bothWait,
    orders: [promotes('anna', commitOf(2)), promotes('bob', commitOf(3))],
    lastsMs,
    ends: ['d1 runs 33', 'anna wants 22'],
  },
};

describe('AT-09: a control plane that dies at any call of a promotion lets in what was tested, once, and loses no order', () => {
  it.each(Object.entries(stories))('%s', async (story, told) => {
    expect(await wrongAtAnyPoint(story, told)).toEqual([]);
  });
});
