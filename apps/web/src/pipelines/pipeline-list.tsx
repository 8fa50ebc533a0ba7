import { Table } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useLive } from '../live/live-context.tsx';
import { DataTable } from '../notes/data-table.tsx';
import { EmptyNote } from '../notes/empty-note.tsx';
import { ProblemNote } from '../notes/problem-note.tsx';
import { ShowMore } from '../notes/show-more.tsx';
import { TitledPage } from '../notes/titled-page.tsx';
import { WhenKnown } from '../notes/when-known.tsx';
import { targetsByPlace } from '../rollouts/progress.ts';
import { Commit } from '../text/commit.tsx';
import { ForeignText } from '../text/foreign-text.tsx';
import { listPipelines, type ListedPipeline } from './listed-pipelines.ts';
import { useApplications } from './use-applications.ts';
import { useStages } from './use-stages.ts';
import styles from './pipelines.module.css';

const columns = ['Application', 'Stages', 'Waits for'];

/** Every application on its way: those that wait for people first. */
export function PipelineList() {
  const documents = useLive('document');
  const { pipelines, problem } = useListedPipelines();
  return (
    <TitledPage title="Pipelines">
      {problem && <ProblemNote problem={problem} />}
      <WhenKnown what="pipelines" kinds={[documents]}>
        {pipelines.length === 0 ? (
          <EmptyNote title="No application yet" command="flotilla apply -f fleet.yaml">
            An application appears here as soon as it is applied, with the stages of its pipeline.
          </EmptyNote>
        ) : (
          <ShowMore items={pipelines} what="applications">
            {(shown) => (
              <DataTable label="List of pipelines" columns={columns}>
                {shown.map((pipeline) => (
                  <PipelineRow key={pipeline.application} pipeline={pipeline} />
                ))}
              </DataTable>
            )}
          </ShowMore>
        )}
      </WhenKnown>
    </TitledPage>
  );
}

function useListedPipelines(): { readonly pipelines: readonly ListedPipeline[]; readonly problem: string | undefined } {
  const documents = useLive('document').items;
  const counts = useLive('count').items;
  const rollouts = useLive('rollout').items;
  const { items } = useLive('target');
  const applications = useApplications();
  const { stages, problem } = useStages();
  const targets = useMemo(() => targetsByPlace(items.values()), [items]);
  const pipelines = useMemo(() => {
    const facts = { stages: stages ?? [], counts, rollouts: [...rollouts.values()], targets };
    return listPipelines(applications, [...documents.values()], facts);
  }, [applications, documents, stages, counts, rollouts, targets]);
  return { pipelines, problem };
}

function PipelineRow({ pipeline: { application, steps, waits } }: { readonly pipeline: ListedPipeline }) {
  return (
    <Table.Tr>
      <Table.Th scope="row" className={styles.whole}>
        <Link to="/pipelines/$application" params={{ application }}>
          <ForeignText text={application} />
        </Link>
      </Table.Th>
      <Table.Td>
        <ol className={styles.steps}>
          {steps.map(({ environment, revision }) => (
            <li key={environment}>
              <ForeignText text={environment} /> <Commit id={revision} />
            </li>
          ))}
        </ol>
      </Table.Td>
      <Table.Td className={styles.waits}>
        {waits.map(({ environment, text }) => (
          <div key={environment}>
            <strong>
              <ForeignText text={environment} />
            </strong>{' '}
            <ForeignText text={text} />
          </div>
        ))}
      </Table.Td>
    </Table.Tr>
  );
}
