import { useMemo } from 'react';
import type { Connection } from '@flotilla/model';
import { useLive } from '../live/live-context.tsx';

/**
 * Whether each cluster is heard, by its name. A target's own word on that is as old as its last change: when a cluster
 * falls silent only the cluster is told, not each of its targets.
 */
export function useConnections(): ReadonlyMap<string, Connection> {
  const { items } = useLive('cluster');
  return useMemo(
    () => new Map([...items.values()].map(({ metadata, status }) => [metadata.name, status.connection])),
    [items],
  );
}
