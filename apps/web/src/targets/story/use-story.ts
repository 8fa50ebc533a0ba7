import { useQuery } from '@tanstack/react-query';
import { operations, type TargetStoryView, type TargetView } from '@flotilla/contracts';
import { useProject } from '../../app/use-project.ts';
import { useConnections } from '../../clusters/use-connections.ts';
import { useLive } from '../../live/live-context.tsx';
import { useSession } from '../../sign-in/session-context.tsx';

/** A story as far as it is here. */
export interface StoryReading {
  readonly story: TargetStoryView | undefined;
  readonly error: Error | null;
  readonly tryAgain: () => void;
}

/**
 * A target's story, asked for again whenever the stream says that the target changed. Until the new one is here the old
 * one stays, under the sync and health of now.
 */
export function useStory(uid: string): StoryReading {
  const { client } = useSession();
  const project = useProject();
  const live = useLive('target').items.get(uid);
  const connections = useConnections();
  const { data, error, refetch } = useQuery<TargetStoryView>({
    queryKey: ['story', project, uid, live && stampOf(live)],
    queryFn: ({ signal }) => client.call(operations.getTarget, { params: { project, uid } }, { signal }),
    placeholderData: (before) => (before?.metadata.uid === uid ? before : undefined),
    gcTime: 60_000,
  });
  const connection = data && connections.get(data.spec.cluster);
  const now = data && live ? { ...data, spec: live.spec, status: live.status } : data;
  const story = now && connection ? { ...now, status: { ...now.status, connection } } : now;
  return { story, error, tryAgain: () => void refetch() };
}

/** Differs whenever the story may. */
function stampOf({ spec, status }: TargetView): string {
  return JSON.stringify([spec, status]);
}
