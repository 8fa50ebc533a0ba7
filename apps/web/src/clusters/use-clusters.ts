import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { operations, type ClusterView } from '@flotilla/contracts';
import { useProject } from '../app/use-project.ts';
import { useLive } from '../live/live-context.tsx';
import type { Known } from '../live/live-state.ts';
import { useSession } from '../sign-in/session-context.tsx';
import { freshest, type ClusterReading } from './freshest-clusters.ts';

const readEveryMs = 15_000;

/**
 * The clusters, by name. The stream says at once who comes, goes, falls silent; when a cluster was last seen and which
 * fence it holds moves all the time and is not told, so it is read again while somebody looks.
 */
export function useClusters(): Known<ClusterView> & { readonly sorted: readonly ClusterView[] } {
  const { client } = useSession();
  const project = useProject();
  const live = useLive('cluster');
  const { data } = useQuery({
    queryKey: ['clusters', project],
    queryFn: async (): Promise<ClusterReading> => {
      const read = new Map<string, ClusterView>();
      for await (const cluster of client.list(operations.listClusters, { params: { project } }))
        read.set(cluster.metadata.uid, cluster);
      return { heardBefore: live.items, read };
    },
    refetchInterval: readEveryMs,
  });
  const sorted = useMemo(() => freshest(live.items, data).toSorted(byName), [live.items, data]);
  return { ...live, sorted };
}

function byName(left: ClusterView, right: ClusterView): number {
  return left.metadata.name.localeCompare(right.metadata.name);
}
