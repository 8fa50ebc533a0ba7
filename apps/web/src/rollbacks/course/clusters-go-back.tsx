import { Table } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { RollbackView } from '@flotilla/contracts';
import { DataTable } from '../../notes/data-table.tsx';
import { ShowMore } from '../../notes/show-more.tsx';
import { ProgressBar } from '../../rollouts/progress-bar.tsx';
import { RolloutBadge } from '../../status/delivery-badges.tsx';
import { Commit } from '../../text/commit.tsx';
import { ForeignText } from '../../text/foreign-text.tsx';
import styles from '../rollbacks.module.css';
import { PhaseSection } from './phase-section.tsx';
import { clustersPhase } from './rollback-phases.ts';

type Place = RollbackView['status']['places'][number];

const columns = ['Where', 'State', 'Went back', 'Back to', 'Held'];

/** The first phase: each place, and the way to its rollout, cluster by cluster. */
export function ClustersGoBack({ rollback }: { readonly rollback: RollbackView }) {
  const failuresFirst = rollback.status.places.toSorted((left, right) => right.failing - left.failing);
  return (
    <PhaseSection title="First, the clusters" standing={clustersPhase(rollback)}>
      <ShowMore items={failuresFirst} what="places" step={50}>
        {(shown) => (
          <DataTable label="Places that go back" columns={columns}>
            {shown.map((place) => (
              <PlaceRow key={place.rollout} place={place} />
            ))}
          </DataTable>
        )}
      </ShowMore>
    </PhaseSection>
  );
}

function PlaceRow({ place }: { readonly place: Place }) {
  const { application, environment, state, revision, held } = place;
  return (
    <Table.Tr>
      <Table.Th scope="row" className={styles.whole}>
        <Link to="/rollouts/$application/$environment" params={{ application, environment }} className={styles.story}>
          <ForeignText text={`${application}.${environment}`} />
        </Link>
      </Table.Th>
      <Table.Td>
        <RolloutBadge state={state} />
      </Table.Td>
      <Table.Td>
        <ProgressBar progress={place} />
      </Table.Td>
      <Table.Td>
        <Commit id={revision} />
      </Table.Td>
      <Table.Td>{held.toLocaleString('en')}</Table.Td>
    </Table.Tr>
  );
}
