import type { TargetView } from '@flotilla/contracts';
import type { Connection } from '@flotilla/model';
import { DataTable } from '../notes/data-table.tsx';
import { TargetRow } from './target-row.tsx';

const columns = ['Application', 'Environment', 'Cluster', 'Sync', 'Health', 'Revision', 'Since', 'Why'];

interface TargetTableProps {
  readonly targets: readonly TargetView[];
  readonly connections: ReadonlyMap<string, Connection>;
}

/** One row a target, each leading to its story. */
export function TargetTable({ targets, connections }: TargetTableProps) {
  return (
    <DataTable label="List of targets" columns={columns}>
      {targets.map((target) => (
        <TargetRow
          key={target.metadata.uid}
          target={target}
          connection={connections.get(target.spec.cluster) ?? target.status.connection}
        />
      ))}
    </DataTable>
  );
}
