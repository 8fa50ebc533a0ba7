import { describe, expect, it } from 'vitest';
import { applyDocuments, deleteDocument } from '@flotilla/control-sources';
import { isoTime } from '@flotilla/foundation';
import { documentApiVersion } from '@flotilla/model';
import { wrongAtAnyPoint, type DeliveryStory, type Ordering } from './delivery-story.ts';
import type { DyingPlane } from './dying-plane.ts';

const project = 'default';
const place = { project, application: 'checkout', environment: 'prod' };

function freezes(who: string): Ordering {
  const spec = { environments: ['prod'], reason: 'fire', until: 'lifted' };
  const text = JSON.stringify({ apiVersion: documentApiVersion, kind: 'Freeze', metadata: { name: 'fire' }, spec });
  const files = [{ file: 'fire.json', text }];
  return {
    who,
    order: async ({ documents }, by) => {
      await applyDocuments(documents, { project, files, by, dryRun: false });
      // To say the same again changes nothing, and says so in other words.
      return 'done';
    },
  };
}

function lifts(who: string): Ordering {
  const key = { project, kind: 'Freeze' as const, name: 'fire' };
  return {
    who,
    order: async ({ documents }, by) => {
      await deleteDocument(documents, { key, by, dryRun: false });
      return 'done';
    },
  };
}

function breaksTheGlass(who: string): Ordering {
  const breaking = { reason: 'hotfix', since: isoTime(0), expires: '2999-01-01T00:00:00.000Z' };
  return { who, order: ({ deliveries }, by) => deliveries.breakGlass(place, breaking, by) };
}

/** Production is frozen, and a commit waits outside. */
async function frozen(plane: DyingPlane): Promise<void> {
  plane.order('carl', freezes('carl').order);
  await plane.pass(10_000);
  plane.application.push();
  await plane.pass(20_000);
}

const lastsMs = 40_000;
const stories: Readonly<Record<string, DeliveryStory>> = {
  'a person freezes what a commit is on its way to': {
    orders: [freezes('anna')],
    comes: (plane) => plane.application.push(),
    lastsMs,
    ends: ['d1 runs 22', 'p1 runs 11, frozen by fire', 'promotion of 22 in prod: Running'],
  },
  'a person lifts a freeze': {
    before: frozen,
    orders: [lifts('anna')],
    lastsMs,
    ends: ['p1 runs 22', 'promotion of 22 in prod: Finished'],
  },
  'a person breaks the glass for what waits': {
    before: frozen,
    orders: [breaksTheGlass('anna')],
    lastsMs,
    ends: ['p1 runs 22, frozen by fire, the glass broken by user:anna', 'promotion of 22 in prod: Finished'],
  },
  'one breaks the glass while another one lifts the freeze': {
    before: frozen,
    orders: [breaksTheGlass('anna'), lifts('bob')],
    lastsMs,
    ends: ['p1 runs 22', 'promotion of 22 in prod: Finished'],
  },
};

describe('AT-38: a control plane that dies at any call of a freeze brings nothing past it, and loses nothing that waits', () => {
  it.each(Object.entries(stories))('%s', async (story, told) => {
    expect(await wrongAtAnyPoint(story, told)).toEqual([]);
  });
});
