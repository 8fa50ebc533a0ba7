import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { operations } from '@flotilla/contracts';
import { useProject } from '../app/use-project.ts';
import { useSession } from '../sign-in/session-context.tsx';
import { standingFreezes, type FreezeWords } from './freeze-words.ts';

const readEveryMs = 10_000;
const shownMax = 200;

/** The freezes that stand. The stream does not tell who acknowledged, so they are read again while somebody looks. */
export function useFreezes(): { readonly freezes: readonly FreezeWords[]; readonly problem?: string } {
  const { client } = useSession();
  const project = useProject();
  const { data, error } = useQuery({
    queryKey: ['freezes', project],
    queryFn: ({ signal }) =>
      client.call(
        operations.listDocuments,
        { params: { project, plural: 'freezes' }, query: { limit: shownMax } },
        { signal },
      ),
    refetchInterval: readEveryMs,
  });
  const freezes = useMemo(() => standingFreezes(data?.items ?? []), [data]);
  return { freezes, ...(error && { problem: `Freezes cannot be read: ${error.message}` }) };
}
