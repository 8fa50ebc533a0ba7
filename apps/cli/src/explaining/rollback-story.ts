import {
  operations,
  type ExplanationView,
  type RepairView,
  type RollbackView,
  type RolloutCourseView,
} from '@flotilla/contracts';
import { counted } from '@flotilla/foundation';
import { isOpenRollout, isRepairOver, shortCommit } from '@flotilla/model';
import type { Api } from '../api.ts';
import { reasonText } from '../nouns/cells.ts';
import { unpinCommand } from '../targets/unpin-command.ts';
import { readCourses } from './open-rollouts.ts';
import type { Story } from './story.ts';

type Place = RollbackView['status']['places'][number];

/** What a rollback may wait for besides itself. */
export interface RollbackFound {
  /** Its rollouts that are under way, or that were stopped. */
  readonly courses: readonly RolloutCourseView[];
  readonly repairs: readonly RepairView[];
}

/** A repair is asked for with its rollback: the newest ones are enough to look through. */
const repairsMax = 200;

/** Asks for what goes on in the places of a rollback, and for what becomes of Git. */
export async function findRolloutsAndRepairs(api: Api, item: RollbackView): Promise<RollbackFound> {
  const { client, project } = api;
  const open = item.status.places.filter(({ state }) => isOpenRollout(state));
  const courses = await readCourses(api, open);
  const { items } = await client.call(operations.listRepairs, { params: { project }, query: { limit: repairsMax } });
  return {
    // Where something newer entered meanwhile, that is told of by itself.
    courses: courses.filter(({ metadata }) => open.some(({ rollout }) => rollout === metadata.uid)),
    repairs: items.filter(({ spec }) => spec.rollback === item.metadata.uid),
  };
}

/** What it still holds against Git, and how that ends. */
export function rollbackStory({ metadata, status }: RollbackView): Story {
  const held = status.places.filter((place) => place.held > 0).map(heldLine);
  const explanation = held.length > 0 ? held : [{ state: 'holds nothing against Git any more' }];
  return { noun: 'rollback', name: metadata.name, explanation };
}

/** What a repair waits for and who can act, or by what Git is repaired. */
export function repairStory({ metadata, spec, status }: RepairView): Story {
  const { state, revert, url, reason } = status;
  const done = ['Git is repaired', revert && `by ${shortCommit(revert)}`, url].filter(Boolean).join(' ');
  const isDone = isRepairOver(state) && state !== 'Failed';
  const waits = { ...repairLine({ spec, status }), ...(reason && { blockedBy: reasonText(reason) }) };
  return { noun: 'repair', name: metadata.name, explanation: [isDone ? { state: done } : waits] };
}

function heldLine({ application, environment, revision, held }: Place): ExplanationView {
  const unpin = unpinCommand({ application, environment });
  return {
    state: `${counted(held, 'target')} of ${application}.${environment} held at ${shortCommit(revision)}`,
    blockedBy: 'Git says something else',
    whoCanAct: `Git, once a release that says the same enters there; or whoever may run: ${unpin}`,
  };
}

function repairLine({ spec, status }: Pick<RepairView, 'spec' | 'status'>): ExplanationView {
  const { state, url = '', conflicts } = status;
  const place = `${spec.repository}, branch ${spec.branch}`;
  switch (state) {
    case 'PullRequestOpen':
      return { state: `${place}: ${url} is not merged`, whoCanAct: `whoever may merge ${url}` };
    case 'Conflict':
      return { state: `${place}: a person has to decide`, whoCanAct: `whoever may write to ${conflicts.join(', ')}` };
    case 'Failed':
      return { state: `${place}: given up`, whoCanAct: `whoever may write to ${spec.paths.join(', ')}` };
    default:
      return { state: `${place}: not written yet` };
  }
}
