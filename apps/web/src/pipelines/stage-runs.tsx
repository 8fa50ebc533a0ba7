import { Table } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { counted } from '@flotilla/foundation';
import { DataTable } from '../notes/data-table.tsx';
import { Section } from '../notes/section.tsx';
import { WordsCell } from '../notes/words-cell.tsx';
import { RolloutBadge } from '../status/delivery-badges.tsx';
import { Age } from '../text/age.tsx';
import { Commit } from '../text/commit.tsx';
import { ForeignText } from '../text/foreign-text.tsx';
import { anchorOf, entryText, type Running, type StageModel } from './pipeline-model.ts';
import styles from './pipelines.module.css';

const columns = ['Stage', 'Revision', 'Release', 'Since', 'Targets', 'On its way', 'What enters'];

interface StageRunsProps {
  readonly application: string;
  readonly stages: readonly StageModel[];
}

/** What runs where, and since when. */
export function StageRuns({ application, stages }: StageRunsProps) {
  return (
    <Section title="What runs where">
      <DataTable label="Table of what runs where" columns={columns}>
        {stages.flatMap((stage) =>
          (stage.runs.length === 0 ? [undefined] : stage.runs).map((runs, index) => (
            <RunsRow
              key={`${stage.environment} ${runs?.revision}`}
              application={application}
              stage={stage}
              runs={runs}
              isFirst={index === 0}
            />
          )),
        )}
      </DataTable>
    </Section>
  );
}

interface RunsRowProps {
  readonly application: string;
  readonly stage: StageModel;
  /** Absent where nothing runs yet. */
  readonly runs: Running | undefined;
  readonly isFirst: boolean;
}

function RunsRow({ application, stage, runs, isFirst }: RunsRowProps) {
  const { environment, rollout } = stage;
  return (
    <Table.Tr id={isFirst ? anchorOf(environment) : undefined} className={styles.row}>
      <Table.Th scope="row" className={styles.whole}>
        <ForeignText text={environment} />
      </Table.Th>
      <Table.Td>
        <Commit id={runs?.revision} />
      </Table.Td>
      <Table.Td className={styles.whole}>{runs && <ForeignText text={runs.release} />}</Table.Td>
      <Table.Td className={styles.whole}>{runs?.since && <Age at={runs.since} />}</Table.Td>
      <Table.Td className={styles.whole}>
        {runs && (
          <Link to="/targets" search={{ application, environment }}>
            {counted(runs.targets, 'target')}
          </Link>
        )}
        {runs && runs.held > 0 && <div className={styles.small}>{runs.held} held by a rollback</div>}
      </Table.Td>
      <Table.Td className={styles.whole}>
        {isFirst && rollout && (
          <Link to="/rollouts/$application/$environment" params={{ application, environment }} className={styles.way}>
            <Commit id={rollout.spec.revision} /> <RolloutBadge state={rollout.status.state} />
          </Link>
        )}
      </Table.Td>
      <WordsCell text={isFirst ? entryText(stage) : undefined} />
    </Table.Tr>
  );
}
