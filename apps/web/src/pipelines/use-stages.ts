import { operations, type StageView } from '@flotilla/contracts';
import { useProject } from '../app/use-project.ts';
import { useLive } from '../live/live-context.tsx';
import { useReadAgain } from '../live/use-read-again.ts';
import { useSession } from '../sign-in/session-context.tsx';

/** Stages that come after others as far as they are here. */
export interface StagesReading {
  readonly stages: readonly StageView[] | undefined;
  readonly problem?: string;
}

/**
 * How things stand before the stages of one application, or of all. The stream does not carry it, but what moves it:
 * releases that enter somewhere, and what people write.
 */
export function useStages(application?: string): StagesReading {
  const { client } = useSession();
  const project = useProject();
  const told = [useLive('rollout').items, useLive('document').items];
  const { data, error } = useReadAgain<readonly StageView[]>({
    queryKey: ['stages', project, application],
    read: async () => {
      const query = application === undefined ? {} : { application };
      const read: StageView[] = [];
      for await (const stage of client.list(operations.listStages, { params: { project }, query })) read.push(stage);
      return read;
    },
    told,
  });
  return { stages: data, ...(error && { problem: `What waits cannot be read: ${error.message}` }) };
}
