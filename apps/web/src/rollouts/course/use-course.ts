import { useMemo } from 'react';
import { operations, type RolloutCourseView, type RolloutView, type TargetView } from '@flotilla/contracts';
import { useProject } from '../../app/use-project.ts';
import { countKey } from '../../live/live-key.ts';
import { useLive } from '../../live/live-context.tsx';
import { useReadAgain } from '../../live/use-read-again.ts';
import { useSession } from '../../sign-in/session-context.tsx';

/** A rollout with its waves as far as it is here. */
export interface CourseReading {
  readonly course: RolloutCourseView | undefined;
  readonly error: Error | null;
  readonly tryAgain: () => void;
  /** The targets that it goes to, by cluster. */
  readonly targets: ReadonlyMap<string, TargetView>;
}

/**
 * The newest rollout of a place. The stream tells when it moves and how many of its targets are well; who is where in its
 * waves is asked for again then.
 */
export function useCourse(application: string, environment: string): CourseReading {
  const { client } = useSession();
  const project = useProject();
  const rollouts = useLive('rollout').items;
  const count = useLive('count').items.get(countKey(application, environment));
  const targets = useTargetsOf(application, environment);
  const live = useMemo(
    () => newestOf(rollouts.values(), application, environment),
    [rollouts, application, environment],
  );
  const { data, error, refetch } = useReadAgain<RolloutCourseView>({
    queryKey: ['rollout', project, application, environment],
    read: (signal) => client.call(operations.getRollout, { params: { project, application, environment } }, { signal }),
    told: [live, count],
  });
  const course = useMemo(() => data && asHeard(data, live), [data, live]);
  return { course, error, tryAgain: () => void refetch(), targets };
}

/** What was read, under the state of now. */
function asHeard(read: RolloutCourseView, live: RolloutView | undefined): RolloutCourseView {
  return live?.metadata.uid === read.metadata.uid ? { ...read, status: live.status } : read;
}

function useTargetsOf(application: string, environment: string): ReadonlyMap<string, TargetView> {
  const { items } = useLive('target');
  return useMemo(() => {
    const here = [...items.values()].filter(
      ({ spec }) => spec.application === application && spec.environment === environment,
    );
    return new Map(here.map((target) => [target.spec.cluster, target]));
  }, [items, application, environment]);
}

/** Rollouts come in the order in which they began. */
function newestOf(rollouts: Iterable<RolloutView>, application: string, environment: string): RolloutView | undefined {
  return [...rollouts].findLast(({ spec }) => spec.application === application && spec.environment === environment);
}
