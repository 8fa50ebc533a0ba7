import { Stack } from '@mantine/core';
import { useMemo } from 'react';
import { RecentEvents } from '../events/recent-events.tsx';
import { FreezeBanner } from '../freezes/freeze-banner.tsx';
import { useLive } from '../live/live-context.tsx';
import { EmptyNote } from '../notes/empty-note.tsx';
import { TitledPage } from '../notes/titled-page.tsx';
import { WhenKnown } from '../notes/when-known.tsx';
import { StoppedRollouts } from '../rollouts/stopped-rollouts.tsx';
import { fleetGrid, revisionsBySquare } from './fleet-grid-model.ts';
import { FleetGrid } from './fleet-grid.tsx';
import { FleetSummary } from './fleet-summary.tsx';
import { UnheardClusters } from './unheard-clusters.tsx';
import styles from './fleet.module.css';

/** The whole fleet on one page: applications against environments, and what happened last. */
export function Overview() {
  const counts = useLive('count');
  const documents = useLive('document');
  const targets = useLive('target');
  const grid = useMemo(() => fleetGrid(counts.items, documents.items.values()), [counts.items, documents.items]);
  const revisions = useMemo(() => revisionsBySquare(targets.items.values()), [targets.items]);
  return (
    <TitledPage title="Overview" gap="lg">
      <StoppedRollouts />
      <FreezeBanner />
      <UnheardClusters />
      <div className={styles.overview}>
        <WhenKnown what="the fleet" kinds={[counts, documents]}>
          {grid.applications.length === 0 ? (
            <EmptyNote title="No application yet" command="flotilla apply -f fleet.yaml">
              Write down a repository, an environment, a pipeline and an application, and apply them. They appear here
              as soon as they are known.
            </EmptyNote>
          ) : (
            <Stack gap="md" miw={0}>
              <FleetSummary counts={counts.items} />
              <FleetGrid grid={grid} revisions={revisions} />
            </Stack>
          )}
        </WhenKnown>
        <RecentEvents />
      </div>
    </TitledPage>
  );
}
