import { Table } from '@mantine/core';
import type { DriftedField } from '@flotilla/model';
import { DataTable } from '../../notes/data-table.tsx';
import { Section } from '../../notes/section.tsx';
import { Age } from '../../text/age.tsx';
import { ForeignText } from '../../text/foreign-text.tsx';
import { visibleText } from '../../text/visible-text.ts';
import styles from './story.module.css';

const columns = ['Object', 'Field', 'Changed by', 'When', 'Outcome'];

/** Fields that somebody else changed in the cluster, and what became of that. Values stay there: they may be secret. */
export function DriftTable({ drift }: { readonly drift: readonly DriftedField[] }) {
  return (
    <Section title="Drift">
      {drift.length === 0 ? (
        <p>Nobody changed anything that this target owns.</p>
      ) : (
        <DataTable label="Table of drifted fields" columns={columns}>
          {drift.map((field) => (
            <DriftRow key={`${field.object} ${field.field}`} drift={field} />
          ))}
        </DataTable>
      )}
    </Section>
  );
}

function DriftRow({ drift: { object, field, manager, at, removed, corrected } }: { readonly drift: DriftedField }) {
  return (
    <Table.Tr>
      <Table.Th scope="row">
        <ForeignText text={object} />
      </Table.Th>
      <Table.Td>
        {field === '' ? 'the whole object' : <code className={styles.field}>{visibleText(field)}</code>}
      </Table.Td>
      <Table.Td>
        <ForeignText text={manager} />
      </Table.Td>
      <Table.Td>{at ? <Age at={at} /> : 'unknown'}</Table.Td>
      <Table.Td>{outcomeText(removed, corrected)}</Table.Td>
    </Table.Tr>
  );
}

function outcomeText(removed: boolean | undefined, corrected: boolean): string {
  if (removed) return corrected ? 'was removed, and made again' : 'is removed';
  return corrected ? 'set back to what Git says' : 'left as it is';
}
