import {
  filledOrAsIs,
  templateVariables,
  trackBehind,
  trackedRef,
  type ApplicationDocument,
  type PipelineDocument,
} from '@flotilla/model';
import type { StoredDocument } from './documents.port.ts';
import type { PathReader } from './revisions.port.ts';

/**
 * What one application reads for one environment: the ref that is tracked there, or by the stages that it comes after; its
 * own path first, then shared inputs.
 */
export interface StageInputs {
  readonly environment: string;
  readonly ref: string;
  readonly paths: readonly string[];
}

/** The inputs of an application, stage by stage. Documents are checked when they are applied, so templates fill. */
export function inputsOf(application: ApplicationDocument, pipeline: PipelineDocument): StageInputs[] {
  const { stages } = pipeline.spec;
  return stages.flatMap(({ environment }) => {
    const track = trackBehind(stages, environment);
    return track ? [{ environment, ref: trackedRef(track), paths: pathsOf(application, environment) }] : [];
  });
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

function pathsOf(application: ApplicationDocument, environment: string): string[] {
  const { project, name } = application.metadata;
  const { path, also = [] } = application.spec.source;
  const variables = templateVariables({ project, environment, application: name });
  return [path, ...also].map((template) => filledOrAsIs(template, variables));
}
