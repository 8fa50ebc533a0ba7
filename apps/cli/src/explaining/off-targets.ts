import { operations, type TargetStoryView, type TargetView } from '@flotilla/contracts';
import { mapLimited } from '@flotilla/foundation';
import type { Api } from '../api.ts';
import { allOf } from '../nouns/all-of.ts';

/** The targets of one thing, and the stories of those that a person might ask about. */
export interface OffTargets {
  readonly total: number;
  readonly off: number;
  /** As they should be, and kept from anything else: by a freeze, or by a rollback. */
  readonly held: number;
  /** Not of all that are off when these are many: the first ones show what is the matter. */
  readonly stories: readonly TargetStoryView[];
}

const storiesMax = 20;
const storiesAtOnce = 8;

export async function findOffTargets(
  { client, project }: Api,
  query: { readonly application?: string; readonly environment?: string; readonly cluster?: string },
): Promise<OffTargets> {
  const targets = await allOf(client.list(operations.listTargets, { params: { project }, query }));
  const off = targets.filter(isOff);
  const held = targets.filter((each) => isHeld(each) && !isOff(each));
  const stories = await mapLimited([...off, ...held].slice(0, storiesMax), storiesAtOnce, ({ metadata }) =>
    client.call(operations.getTarget, { params: { project, uid: metadata.uid } }),
  );
  return { total: targets.length, off: off.length, held: held.length, stories };
}

function isOff({ spec, status }: TargetView): boolean {
  const { sync, health, connection, generation } = status;
  const fine = sync === 'Synced' && health === 'Healthy' && connection === 'Connected';
  return !fine || spec.suspended !== undefined || generation < spec.generation;
}

function isHeld({ spec }: TargetView): boolean {
  return spec.pin !== undefined || (spec.frozen ?? []).length > 0;
}
