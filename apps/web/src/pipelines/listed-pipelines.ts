import type { CandidateView, DocumentView } from '@flotilla/contracts';
import { pipelineOf, waitingBefore, waitsForPeople, type PipelineFacts, type StageModel } from './pipeline-model.ts';
import { writtenStages } from './written-stages.ts';

/** One application's pipeline in a line. */
export interface ListedPipeline {
  readonly application: string;
  readonly steps: readonly { readonly environment: string; readonly revision: string | undefined }[];
  /** What its newest releases wait for, by stage. */
  readonly waits: readonly { readonly environment: string; readonly text: string }[];
}

/** Pipelines by application; those where a release waits for people stand first. */
export function listPipelines(
  applications: readonly string[],
  documents: readonly DocumentView[],
  facts: PipelineFacts & { readonly rollouts: readonly NonNullable<StageModel['rollout']>[] },
): readonly ListedPipeline[] {
  const listed = applications.map((application) => {
    const stages = pipelineOf(application, writtenStages(application, documents), facts);
    return { pipeline: lineOf(application, stages), urgent: stages.some(needsPeople) };
  });
  const [urgent, others] = [true, false].map((wanted) => listed.filter(({ urgent: is }) => is === wanted));
  return [...urgent!, ...others!].map(({ pipeline }) => pipeline);
}

function lineOf(application: string, stages: readonly StageModel[]): ListedPipeline {
  return {
    application,
    steps: stages.map(({ environment, runs }) => ({ environment, revision: runs[0]?.revision })),
    waits: stages.flatMap((stage) => {
      const [next] = waitingBefore(stage);
      return next ? [{ environment: stage.environment, text: waitText(next) }] : [];
    }),
  };
}

function needsPeople(stage: StageModel): boolean {
  return waitingBefore(stage).some(waitsForPeople);
}

function waitText({ state, waits }: CandidateView): string {
  if (state === 'Enters') return 'enters now';
  return `waits for ${waits.map(({ gate }) => gate).join(', ') || 'its turn'}`;
}
