import { Table } from '@mantine/core';
import { memo } from 'react';
import type { DeadLetterView } from '@flotilla/contracts';
import { DataTable } from '../notes/data-table.tsx';
import { EmptyNote } from '../notes/empty-note.tsx';
import { LoadingRows } from '../notes/loading-rows.tsx';
import { ProblemNote } from '../notes/problem-note.tsx';
import { TitledPage } from '../notes/titled-page.tsx';
import { WordsCell } from '../notes/words-cell.tsx';
import { Age } from '../text/age.tsx';
import { CopyCommand } from '../text/copy-command.tsx';
import { ForeignText } from '../text/foreign-text.tsx';
import { shellWord } from '../text/shell-word.ts';
import { useDeadLetters } from './use-dead-letters.ts';

const columns = ['Last', 'Subject', 'Cluster', 'Count', 'Why', 'Hand it in again'];

/** What could not be handled, newest first, each with the command that hands it in again. */
export function DeadLetterList() {
  const { letters, problem } = useDeadLetters();
  return (
    <TitledPage title="Dead letters">
      {problem && <ProblemNote problem={problem} />}
      {!letters && !problem && <LoadingRows what="dead letters" />}
      {letters?.length === 0 && (
        <EmptyNote title="Everything could be handled">
          A message that nobody understands, or work that fails for good, would wait here for a person.
        </EmptyNote>
      )}
      {letters && letters.length > 0 && (
        <DataTable label="List of dead letters" columns={columns}>
          {letters.map((letter) => (
            <DeadLetterRow key={letter.id} letter={letter} />
          ))}
        </DataTable>
      )}
    </TitledPage>
  );
}

const DeadLetterRow = memo(function DeadLetterRow({ letter }: { readonly letter: DeadLetterView }) {
  const { id, subject, cluster = '', count, reason, message, lastAt } = letter;
  return (
    <Table.Tr>
      <Table.Td>
        <Age at={lastAt} />
      </Table.Td>
      <Table.Td>
        <ForeignText text={subject} />
      </Table.Td>
      <Table.Td>
        <ForeignText text={cluster} />
      </Table.Td>
      <Table.Td>{count}</Table.Td>
      <WordsCell text={`${reason}: ${message}`} />
      <Table.Td>
        <CopyCommand command={`flotilla deadletter replay ${shellWord(id)}`} />
      </Table.Td>
    </Table.Tr>
  );
});
