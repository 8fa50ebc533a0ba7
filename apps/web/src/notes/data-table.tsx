import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import { Scroller } from './scroller.tsx';
import styles from './notes.module.css';

interface DataTableProps {
  /** What it lists, for whoever cannot see where it stands. */
  readonly label: string;
  readonly columns: readonly string[];
  /** Rows of `Table.Tr`. */
  readonly children: ReactNode;
}

/** A table with headings. */
export function DataTable({ label, columns, children }: DataTableProps) {
  return (
    <Scroller label={label}>
      <Table className={styles.table} highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th key={column} scope="col">
                {column}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>{children}</Table.Tbody>
      </Table>
    </Scroller>
  );
}
