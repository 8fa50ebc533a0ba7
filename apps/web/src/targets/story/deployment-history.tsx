import { Table } from '@mantine/core';
import type { TargetStoryView } from '@flotilla/contracts';
import { DataTable } from '../../notes/data-table.tsx';
import { Section } from '../../notes/section.tsx';
import { WordsCell } from '../../notes/words-cell.tsx';
import { HealthBadge } from '../../status/status-badge.tsx';
import { Age } from '../../text/age.tsx';
import { Commit } from '../../text/commit.tsx';

type Deployment = TargetStoryView['history'][number];

const columns = ['Applied', 'Revision', 'Health', 'Became healthy', 'Why'];

/** The releases that were applied here, newest first, and what became of each. */
export function DeploymentHistory({ history }: { readonly history: readonly Deployment[] }) {
  return (
    <Section title="History">
      {history.length === 0 ? (
        <p>Nothing was deployed here yet.</p>
      ) : (
        <DataTable label="Table of deployments" columns={columns}>
          {history.map((deployment) => (
            <DeploymentRow key={`${deployment.at} ${deployment.release}`} deployment={deployment} />
          ))}
        </DataTable>
      )}
    </Section>
  );
}

function DeploymentRow({
  deployment: { at, revision, health, healthyAt, reason },
}: {
  readonly deployment: Deployment;
}) {
  return (
    <Table.Tr>
      <Table.Td>
        <Age at={at} />
      </Table.Td>
      <Table.Td>
        <Commit id={revision} />
      </Table.Td>
      <Table.Td>
        <HealthBadge status={health} />
      </Table.Td>
      <Table.Td>{healthyAt ? <Age at={healthyAt} /> : 'not yet'}</Table.Td>
      <WordsCell text={reason && (reason.message || reason.code)} />
    </Table.Tr>
  );
}
