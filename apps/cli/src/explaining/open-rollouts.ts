import { operations, type RolloutCourseView, type RolloutView } from '@flotilla/contracts';
import { mapLimited } from '@flotilla/foundation';
import { isOpenRollout } from '@flotilla/model';
import type { Api } from '../api.ts';
import { why } from '../nouns/target-page.ts';
import type { Page } from '../output/page.ts';
import type { StageName } from '../promotion/stage-name.ts';

/** Of an environment with many applications the newest show what is the matter. */
const listedMax = 100;
const readMax = 20;
const readAtOnce = 8;

/** Rollouts that are under way, or that were stopped, of one application or into one environment. */
export async function findOpenRollouts(
  api: Api,
  query: { readonly application?: string; readonly environment?: string },
): Promise<readonly RolloutCourseView[]> {
  const { client, project } = api;
  const params = { project };
  const { items } = await client.call(operations.listRollouts, { params, query: { ...query, limit: listedMax } });
  const open = items.filter(({ status }) => isOpenRollout(status.state));
  return readCourses(
    api,
    open.map(({ spec }) => spec),
  );
}

/** The newest rollout into each of these places, of the first of them. */
export function readCourses(
  { client, project }: Api,
  places: readonly StageName[],
): Promise<readonly RolloutCourseView[]> {
  return mapLimited(places.slice(0, readMax), readAtOnce, ({ application, environment }) =>
    client.call(operations.getRollout, { params: { project, application, environment } }),
  );
}

/** Why one rollout goes no further, as far as it does not. */
export function rolloutStory(rollout: RolloutCourseView, now: number): Page {
  const { metadata, spec, status, explanation = [] } = rollout;
  return [
    {
      fields: [
        ['Rollout', metadata.name],
        ['Of', `${spec.application}.${spec.environment}`],
        ['Is', stateText(rollout)],
        ['Arrived', `${status.arrived} of ${status.total}`],
      ],
    },
    ...why(explanation, now),
  ];
}

function stateText({ status }: RolloutView): string {
  return [status.state, status.wave && `wave ${status.wave}`].filter(Boolean).join(', ');
}
