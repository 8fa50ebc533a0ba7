import { operations, type QuarantineView, type RepairView, type RollbackView } from '@flotilla/contracts';
import { useProject } from '../app/use-project.ts';
import { useLive } from '../live/live-context.tsx';
import { useReadAgain } from '../live/use-read-again.ts';
import { useSession } from '../sign-in/session-context.tsx';

const shownMax = 50;

/** What was ordered back, and what enters nowhere any more, as far as it is here. */
export interface RollbacksReading {
  readonly rollbacks: readonly RollbackView[] | undefined;
  readonly quarantine: readonly QuarantineView[];
  readonly problem?: string;
}

/** The newest rollbacks. The stream tells of their rollouts, and so when they are worth reading again. */
export function useRollbacks(): RollbacksReading {
  const { client } = useSession();
  const project = useProject();
  const { data, error } = useReadAgain({
    queryKey: ['rollbacks', project],
    read: async (signal) => {
      const call = { params: { project }, query: { limit: shownMax } };
      const [rollbacks, quarantine] = await Promise.all([
        client.call(operations.listRollbacks, call, { signal }),
        client.call(operations.listQuarantine, call, { signal }),
      ]);
      return { rollbacks: rollbacks.items, quarantine: quarantine.items };
    },
    told: [useLive('rollout').items],
  });
  const problem = error && `Rollbacks cannot be read: ${error.message}`;
  return { rollbacks: data?.rollbacks, quarantine: data?.quarantine ?? [], ...(problem && { problem }) };
}

/** One order to go back, with what it takes back in Git. */
export interface RollbackStory {
  readonly rollback: RollbackView;
  readonly repairs: readonly RepairView[];
}

export interface RollbackReading {
  readonly story: RollbackStory | undefined;
  readonly error: Error | null;
  readonly tryAgain: () => void;
}

/** One rollback in both of its phases. */
export function useRollback(uid: string): RollbackReading {
  const { client } = useSession();
  const project = useProject();
  const { data, error, refetch } = useReadAgain<RollbackStory>({
    queryKey: ['rollback', project, uid],
    read: async (signal) => {
      const rollback = await client.call(operations.getRollback, { params: { project, uid } }, { signal });
      const repairs: RepairView[] = [];
      // The newest come first, and none is older than the rollback that asked for it.
      for await (const repair of client.list(operations.listRepairs, { params: { project } })) {
        if (repair.metadata.createdAt < rollback.metadata.createdAt) break;
        if (repair.spec.rollback === uid) repairs.push(repair);
      }
      return { rollback, repairs };
    },
    told: [useLive('rollout').items, useLive('count').items],
  });
  return { story: data, error, tryAgain: () => void refetch() };
}
