import { NativeSelect } from '@mantine/core';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useLive } from '../live/live-context.tsx';
import { EmptyNote } from '../notes/empty-note.tsx';
import { LoadingRows } from '../notes/loading-rows.tsx';
import { ProblemNote } from '../notes/problem-note.tsx';
import { TitledPage } from '../notes/titled-page.tsx';
import { Trail } from '../notes/trail.tsx';
import { WhenKnown } from '../notes/when-known.tsx';
import { targetsByPlace } from '../rollouts/progress.ts';
import { visibleText } from '../text/visible-text.ts';
import { PipelineGraph } from './pipeline-graph.tsx';
import { pipelineOf, type StageModel } from './pipeline-model.ts';
import { StageGates } from './stage-gates.tsx';
import { StageRuns } from './stage-runs.tsx';
import { useApplications } from './use-applications.ts';
import { useStages } from './use-stages.ts';
import { writtenStages } from './written-stages.ts';

const route = getRouteApi('/pipelines/$application');

/** One application on its way: where it is, what waits for whom, and what can be done. */
export function Pipeline() {
  const { application } = route.useParams();
  const documents = useLive('document');
  const { stages, waiting, problem } = usePipeline(application);
  return (
    <TitledPage
      title={visibleText(application)}
      gap="lg"
      above={<Trail to="/pipelines" list="Pipelines" name={application} />}
      beside={<ApplicationChoice application={application} />}
    >
      {problem && <ProblemNote problem={problem} />}
      <WhenKnown what="the pipeline" kinds={[documents]}>
        {stages.length === 0 ? (
          <NoStages application={application} />
        ) : (
          <>
            <PipelineGraph application={application} stages={stages} />
            <StageRuns application={application} stages={stages} />
            {waiting ? <StageGates application={application} stages={stages} /> : <LoadingRows what="what waits" />}
          </>
        )}
      </WhenKnown>
    </TitledPage>
  );
}

interface PipelineReading {
  readonly stages: readonly StageModel[];
  /** Whether it is known what waits. */
  readonly waiting: boolean;
  readonly problem: string | undefined;
}

function usePipeline(application: string): PipelineReading {
  const documents = useLive('document').items;
  const counts = useLive('count').items;
  const rollouts = useLive('rollout').items;
  const { items } = useLive('target');
  const { stages: read, problem } = useStages(application);
  const written = useMemo(() => writtenStages(application, documents.values()), [application, documents]);
  const targets = useMemo(
    () => targetsByPlace([...items.values()].filter(({ spec }) => spec.application === application)),
    [application, items],
  );
  const stages = useMemo(
    () => pipelineOf(application, written, { stages: read ?? [], counts, rollouts: rollouts.values(), targets }),
    [application, written, read, counts, rollouts, targets],
  );
  return { stages, waiting: read !== undefined || problem !== undefined, problem };
}

function ApplicationChoice({ application }: { readonly application: string }) {
  const navigate = useNavigate();
  const names = useApplications();
  const known = [...new Set([application, ...names])].toSorted();
  return (
    <NativeSelect
      aria-label="Application"
      size="xs"
      value={application}
      data={known.map((value) => ({ value, label: visibleText(value) }))}
      onChange={(event) =>
        void navigate({ to: '/pipelines/$application', params: { application: event.currentTarget.value } })
      }
    />
  );
}

function NoStages({ application }: { readonly application: string }) {
  return (
    <EmptyNote title="No pipeline is known for it" command="flotilla get pipelines">
      There is no application {visibleText(application)}, or the pipeline that it names is not applied yet.
    </EmptyNote>
  );
}
