import { Table } from '@mantine/core';
import type { ResourceStatus } from '@flotilla/model';
import { DataTable } from '../../notes/data-table.tsx';
import { Section } from '../../notes/section.tsx';
import { ShowMore } from '../../notes/show-more.tsx';
import { WordsCell } from '../../notes/words-cell.tsx';
import { HealthBadge, SyncBadge } from '../../status/status-badge.tsx';
import { ForeignText } from '../../text/foreign-text.tsx';

const columns = ['Kind', 'Name', 'Sync', 'Health', 'Reason'];

interface ResourceTableProps {
  readonly resources: readonly ResourceStatus[];
  /** The target's own: only objects elsewhere name theirs. */
  readonly namespace: string;
}

/** The objects of the target as its agent sees them. */
export function ResourceTable({ resources, namespace }: ResourceTableProps) {
  return (
    <Section title="Resources">
      {resources.length === 0 ? (
        <p>Nothing was reported yet.</p>
      ) : (
        <ShowMore items={resources} what="resources" step={50}>
          {(shown) => (
            <DataTable label="Table of resources" columns={columns}>
              {shown.map((resource) => (
                <ResourceRow key={keyOf(resource)} resource={resource} home={namespace} />
              ))}
            </DataTable>
          )}
        </ShowMore>
      )}
    </Section>
  );
}

function ResourceRow({ resource, home }: { readonly resource: ResourceStatus; readonly home: string }) {
  const { group, kind, namespace, name, sync, health, reason } = resource;
  return (
    <Table.Tr>
      <Table.Td title={group || 'core'}>
        <ForeignText text={kind} />
      </Table.Td>
      <Table.Th scope="row">
        <ForeignText text={namespace && namespace !== home ? `${namespace}/${name}` : name} />
      </Table.Th>
      <Table.Td>
        <SyncBadge status={sync} />
      </Table.Td>
      <Table.Td>
        <HealthBadge status={health} />
      </Table.Td>
      <WordsCell text={reason && `${reason.code}: ${reason.message}`} />
    </Table.Tr>
  );
}

function keyOf({ group, kind, namespace, name }: ResourceStatus): string {
  return [group, kind, namespace, name].join('/');
}
