import { Table } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { RollbackView } from '@flotilla/contracts';
import { DataTable } from '../notes/data-table.tsx';
import { ShowMore } from '../notes/show-more.tsx';
import { WordsCell } from '../notes/words-cell.tsx';
import { ProgressBar } from '../rollouts/progress-bar.tsx';
import { RolloutBadge } from '../status/delivery-badges.tsx';
import { Age } from '../text/age.tsx';
import { ForeignText } from '../text/foreign-text.tsx';
import { Goal } from './goal.tsx';
import { selectionText } from './rollback-words.ts';
import styles from './rollbacks.module.css';

const columns = ['What', 'State', 'Went back', 'Held', 'To', 'Ordered', 'By', 'Reason'];

/** Orders to go back, the newest first. */
export function OrderedTable({ rollbacks }: { readonly rollbacks: readonly RollbackView[] }) {
  return (
    <ShowMore items={rollbacks} what="rollbacks" step={10}>
      {(shown) => (
        <DataTable label="List of rollbacks" columns={columns}>
          {shown.map((rollback) => (
            <RollbackRow key={rollback.metadata.uid} rollback={rollback} />
          ))}
        </DataTable>
      )}
    </ShowMore>
  );
}

function RollbackRow({ rollback: { metadata, spec, status } }: { readonly rollback: RollbackView }) {
  return (
    <Table.Tr>
      <Table.Th scope="row" className={styles.what}>
        <Link to="/rollbacks/$uid" params={{ uid: metadata.uid }} className={styles.story}>
          <ForeignText text={selectionText(spec.selection)} />
        </Link>
      </Table.Th>
      <Table.Td>
        <RolloutBadge state={status.state} />
      </Table.Td>
      <Table.Td>
        <ProgressBar progress={status} />
      </Table.Td>
      <Table.Td>{status.held.toLocaleString('en')}</Table.Td>
      <Table.Td className={styles.goal}>
        <Goal to={spec.to} />
      </Table.Td>
      <Table.Td className={styles.whole}>
        <Age at={metadata.createdAt} />
      </Table.Td>
      <Table.Td>
        <ForeignText text={spec.by} />
      </Table.Td>
      <WordsCell text={spec.reason} />
    </Table.Tr>
  );
}
