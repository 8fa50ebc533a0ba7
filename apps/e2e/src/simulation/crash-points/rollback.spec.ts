import { describe, expect, it } from 'vitest';
import { previewRollback, rollBack } from '@flotilla/control-delivery';
import { rolloutStrategySchema } from '@flotilla/model';
import { wrongAtAnyPoint, type DeliveryStory, type Ordering } from './delivery-story.ts';
import type { DyingPlane } from './dying-plane.ts';
import { commitOf } from './walking-application.ts';

const project = 'default';
const selection = { application: 'checkout', environment: 'prod' };
const settings = {
  rollout: { strategy: rolloutStrategySchema.parse({ waves: [{ name: 'canary', take: 1 }], maxFailures: 3 }) },
};
const byPeople = { following: { promote: 'manual' as const, gates: [] } };

/** Goes back from what was shown to everybody before anybody decided. */
function goesBack(who: string, to = 'previous-good'): Ordering {
  const order = { project, selection, to, reason: who, atOnce: false, runHooks: false, repair: true };
  return {
    who,
    order: ({ rollbacks, ids }, by, seen) => {
      const standing = JSON.parse(seen)[to] as string;
      return rollBack({ record: rollbacks, ids }, { ...order, standing }, by);
    },
  };
}

function lets(who: string, forward: boolean): Ordering {
  const order = { selection: { project, ...selection }, forward, reason: 'it was the network' };
  return { who, order: ({ rollbacks }, by) => rollbacks.unpin(order, by) };
}

function lifts(who: string): Ordering {
  return {
    who,
    order: ({ rollbacks }, by, digest) =>
      rollbacks.liftQuarantine({ project, application: 'checkout', digest, reason: 'it was the network' }, by),
  };
}

function promotes(who: string): Ordering {
  const order = { project, ...selection, reason: who, instead: false };
  return { who, order: ({ promotions }, by) => promotions.promote(order, by) };
}

/** Two commits ran well everywhere, and then one badly in `prod`. */
async function ranBadly(plane: DyingPlane): Promise<string> {
  plane.application.push();
  await plane.pass(30_000);
  plane.application.push({ isBad: true });
  await plane.pass(30_000);
  return views(plane);
}

/** Three commits ran well everywhere. */
async function ranWell(plane: DyingPlane): Promise<string> {
  for (let count = 0; count < 2; count++) {
    plane.application.push();
    await plane.pass(30_000);
  }
  return views(plane);
}

/** People let each of them in, and one more waits for that. */
async function ranBadlyAndWaits(plane: DyingPlane): Promise<string> {
  const letIn = async (isBad: boolean) => {
    plane.application.push({ isBad });
    await plane.pass(20_000);
    plane.order(`carl of ${plane.application.head}`, promotes('carl').order);
    await plane.pass(20_000);
  };
  await letIn(false);
  await letIn(true);
  plane.application.push();
  await plane.pass(20_000);
  return views(plane);
}

/** Carl went back from that, and something newer came, which passes the held ones by. */
async function isHeld(plane: DyingPlane): Promise<string> {
  plane.order('carl', goesBack('carl').order, await ranBadly(plane));
  await plane.pass(15_000);
  plane.application.push();
  await plane.pass(20_000);
  return views(plane);
}

/** Carl went back from what failed for a reason of its own; what is refused since is shown. */
async function isRefused(plane: DyingPlane): Promise<string> {
  plane.order('carl', goesBack('carl').order, await ranBadly(plane));
  await plane.pass(15_000);
  plane.application.mend();
  const { applications } = await plane.record.rollbacks.rollbackFacts({ project, selection: {} });
  return applications[0]!.delivery.quarantine[0]!.digest;
}

async function views({ record }: DyingPlane): Promise<string> {
  const goals = ['previous-good', commitOf(1)];
  const shown = goals.map(async (to) => [
    to,
    (await previewRollback(record.rollbacks, { project, selection, to, atOnce: false })).standing,
  ]);
  return JSON.stringify(Object.fromEntries(await Promise.all(shown)));
}

const lastsMs = 30_000;
const isBack = ['p1 runs 22, held by user:anna', 'generations 3, 4, 4, 4', 'quarantined by user:anna'];
const stories: Readonly<Record<string, DeliveryStory>> = {
  'while nobody else does anything': { before: ranBadly, orders: [goesBack('anna')], lastsMs, ends: isBack },
  'while it goes back in waves': {
    settings,
    before: ranBadly,
    orders: [goesBack('anna')],
    lastsMs,
    ends: [isBack[0]!],
  },
  'while those that are well go back one after another': {
    before: ranWell,
    orders: [goesBack('anna')],
    lastsMs: 60_000,
    ends: ['p1 runs 22, held by user:anna', 'p3 runs 22, held by user:anna', 'rollback of 22 in prod: Finished'],
  },
  'while another person goes further back, and everybody is well': {
    before: ranWell,
    orders: [goesBack('anna'), goesBack('bob', commitOf(1))],
    lastsMs: 60_000,
    ends: ['p3 runs 22, held by user:anna', 'rollback of 22 in prod: Finished'],
  },
  'that nobody ordered, because what failed goes back by itself': {
    settings: { rollout: { strategy: { ...settings.rollout.strategy, maxFailures: 0, onFailure: 'rollback' } } },
    comes: (plane) => plane.application.push({ isBad: true }),
    lastsMs: 60_000,
    ends: ['p1 runs 11, held by system:delivery', 'p2 runs 11', 'p3 runs 11', 'quarantined by system:delivery'],
  },
  'while another person goes back as well': {
    before: ranBadly,
    orders: [goesBack('anna'), goesBack('bob')],
    lastsMs,
    ends: isBack,
  },
  'while another person goes further back': {
    before: ranBadly,
    orders: [goesBack('anna'), goesBack('bob', commitOf(1))],
    lastsMs,
    ends: isBack,
  },
  'while a commit enters': {
    before: ranBadly,
    orders: [goesBack('anna')],
    comes: (plane) => plane.application.push(),
    lastsMs,
    ends: ['d1 runs 44', 'p1 runs 22, held by user:anna'],
  },
  'while another person promotes what is newer': {
    settings: byPeople,
    before: ranBadlyAndWaits,
    orders: [goesBack('anna'), promotes('bob')],
    lastsMs,
    ends: ['p1 runs 22, held by user:anna'],
  },
  'or of letting go what is held': {
    before: isHeld,
    orders: [lets('anna', true)],
    lastsMs,
    ends: ['p1 runs 44', 'promotion of 44 in prod: Finished'],
  },
  'or of letting in again what was refused': {
    before: isRefused,
    orders: [lifts('anna')],
    lastsMs,
    ends: ['p1 runs 22, held by user:carl'],
  },
  'while one lets it in and another one goes on without it': {
    before: isRefused,
    orders: [lifts('anna'), lets('bob', false)],
    lastsMs,
    ends: ['p1 runs 33', 'pin.lift'],
  },
  'while another person lets go': {
    before: isHeld,
    orders: [goesBack('anna', commitOf(1)), lets('bob', false)],
    lastsMs,
    ends: ['p1 runs 44', 'rollback of 11 in prod: Superseded'],
  },
};

describe('AT-09: a control plane that dies at any call of a rollback loses, doubles and reorders nothing', () => {
  it.each(Object.entries(stories))('%s', async (story, told) => {
    expect(await wrongAtAnyPoint(story, told)).toEqual([]);
  });
});
