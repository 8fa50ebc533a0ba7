import { useQuery } from '@tanstack/react-query';
import { operations, type RollbackPreviewView } from '@flotilla/contracts';
import { toFault } from '@flotilla/foundation';
import { useProject } from '../../app/use-project.ts';
import { useSession } from '../../sign-in/session-context.tsx';
import type { RollbackQuestion } from './rollback-question.ts';

/** What going back would do, as far as it was asked. */
export interface PreviewReading {
  readonly preview: RollbackPreviewView | undefined;
  readonly problem: string | undefined;
  readonly asking: boolean;
  readonly ask: () => void;
}

/** It is asked only when a person says so, and what is shown is the answer to exactly this question. */
export function usePreview(question: RollbackQuestion | undefined): PreviewReading {
  const { client } = useSession();
  const project = useProject();
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['rollback preview', project, question],
    queryFn: ({ signal }) =>
      question
        ? client.call(operations.previewRollback, { params: { project }, body: question }, { signal })
        : Promise.reject(new TypeError('nothing is asked')),
    enabled: false,
    retry: false,
    gcTime: 0,
  });
  const problem = error ? `It cannot be shown: ${toFault(error).message}` : undefined;
  return { preview: error ? undefined : data, problem, asking: isFetching, ask: () => void refetch() };
}
