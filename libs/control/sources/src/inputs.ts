import {
  filledOrAsIs,
  templateVariables,
  trackedRef,
  type ApplicationDocument,
  type PipelineDocument,
  type Stage,
} from '@flotilla/model';
import type { StoredDocument } from './documents.port.ts';
import type { PathReader } from './revisions.port.ts';

/** What one application reads for one environment: the ref that is tracked, its own path first, then shared inputs. */
export interface StageInputs {
  readonly environment: string;
  readonly ref: string;
  readonly paths: readonly string[];
}

/** The inputs of an application, stage by stage. Documents are checked when they are applied, so templates fill. */
export function inputsOf(application: ApplicationDocument, pipeline: PipelineDocument): StageInputs[] {
  return pipeline.spec.stages.map((stage) => stageInputs(application, stage));
}

/** Which applications of a project read which paths of one of its repositories, at which ref. */
export function readersOf(repository: string, documents: readonly StoredDocument[]): PathReader[] {
  return documents.flatMap(({ uid, document }) => {
    if (document.kind !== 'Application' || document.spec.source.repository !== repository) return [];
    const pipeline = pipelineOf(document.spec.pipeline, documents);
    const inputs = pipeline ? inputsOf(document, pipeline) : [];
    return inputs.map(({ ref, paths }) => ({ application: uid, ref, paths }));
  });
}

export function pipelineOf(name: string, documents: readonly StoredDocument[]): PipelineDocument | undefined {
  for (const { document } of documents) {
    if (document.kind === 'Pipeline' && document.metadata.name === name) return document;
  }
  return undefined;
}

function stageInputs(application: ApplicationDocument, stage: Stage): StageInputs {
  const { project, name } = application.metadata;
  const { path, also = [] } = application.spec.source;
  const variables = templateVariables({ project, environment: stage.environment, application: name });
  const paths = [path, ...also].map((template) => filledOrAsIs(template, variables));
  return { environment: stage.environment, ref: trackedRef(stage.track), paths };
}
