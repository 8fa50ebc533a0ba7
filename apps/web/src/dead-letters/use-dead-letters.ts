import { useQuery } from '@tanstack/react-query';
import { operations, type DeadLetterView } from '@flotilla/contracts';
import { useProject } from '../app/use-project.ts';
import { useSession } from '../sign-in/session-context.tsx';

const readEveryMs = 10_000;
const shownMax = 200;

/** The newest dead letters. The stream does not tell of them, so they are read again while somebody looks. */
export function useDeadLetters(): { readonly letters?: readonly DeadLetterView[]; readonly problem?: string } {
  const { client } = useSession();
  const project = useProject();
  const { data, error } = useQuery({
    queryKey: ['dead letters', project],
    queryFn: ({ signal }) =>
      client.call(operations.listDeadLetters, { params: { project }, query: { limit: shownMax } }, { signal }),
    refetchInterval: readEveryMs,
  });
  return { ...(data && { letters: data.items }), ...(error && { problem: error.message }) };
}
