import { useMemo } from 'react';
import { useLive } from '../live/live-context.tsx';
import { DataTable } from '../notes/data-table.tsx';
import { EmptyNote } from '../notes/empty-note.tsx';
import { ShowMore } from '../notes/show-more.tsx';
import { TitledPage } from '../notes/titled-page.tsx';
import { WhenKnown } from '../notes/when-known.tsx';
import { ClusterRow } from './cluster-row.tsx';
import { countsByCluster } from './counts-by-cluster.ts';
import { useClusters } from './use-clusters.ts';

const columns = ['Cluster', 'Connection', 'Last seen', 'Targets', 'Version', 'Labels', 'Fence'];

/** The clusters, and whether each is heard. */
export function ClusterList() {
  const clusters = useClusters();
  const targets = useLive('target');
  const counts = useMemo(() => countsByCluster(targets.items.values()), [targets.items]);
  return (
    <TitledPage title="Clusters">
      <WhenKnown what="clusters" kinds={[clusters]}>
        {clusters.sorted.length === 0 ? (
          <EmptyNote title="No cluster has joined yet" command="flotilla cluster join NAME">
            A cluster joins with a token that is used once. Its agent dials out; nothing has to reach the cluster.
          </EmptyNote>
        ) : (
          <ShowMore items={clusters.sorted} what="clusters">
            {(shown) => (
              <DataTable label="List of clusters" columns={columns}>
                {shown.map((cluster) => (
                  <ClusterRow
                    key={cluster.metadata.uid}
                    cluster={cluster}
                    counts={targets.known ? counts.get(cluster.metadata.name) : cluster.status.counts}
                  />
                ))}
              </DataTable>
            )}
          </ShowMore>
        )}
      </WhenKnown>
    </TitledPage>
  );
}
