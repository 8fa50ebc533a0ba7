import type { ApplicationDocument } from './application.ts';
import type { FieldProblem } from './check-templates.ts';
import { documentId, type FleetDocument } from './document.ts';
import type { EnvironmentDocument } from './environment.ts';
import type { Gate } from './gate.ts';
import type { PipelineDocument } from './pipeline.ts';

type Documents = ReadonlyMap<string, FleetDocument>;

interface PlacedGate {
  readonly environment: string;
  readonly gate: Gate;
  readonly path: readonly (string | number)[];
}

/** What is wrong with gates before stages or waves: groups that the project does not have, or that are too small. */
export function gateProblems(document: PipelineDocument | EnvironmentDocument, documents: Documents): FieldProblem[] {
  const { project } = document.metadata;
  const owner = documents.get(documentId({ project, kind: 'Project', name: project }));
  const groups = (owner?.kind === 'Project' && owner.spec.groups) || {};
  const gates = document.kind === 'Pipeline' ? gatesOf(document) : waveGatesOf(document);
  return gates.flatMap(({ gate: { approval }, path }) => {
    if (approval?.group === undefined) return [];
    const members = Object.hasOwn(groups, approval.group) ? new Set(groups[approval.group]).size : undefined;
    const place = [...path, 'approval', 'group'];
    if (members === undefined) return [{ path: place, message: `project ${project} has no group ${approval.group}` }];
    const tooFew = `has ${members} of the ${approval.count} people that have to approve`;
    return members < approval.count ? [{ path: place, message: tooFew }] : [];
  });
}

/** What an application cannot do with the gates of its pipeline and their waves: wait for itself where it would enter. */
export function selfishGates(
  application: ApplicationDocument,
  pipeline: PipelineDocument,
  documents: Documents,
): FieldProblem[] {
  const { name } = application.metadata;
  const isSelfish = ({ environment, gate: { dependency } }: PlacedGate) =>
    dependency?.application === name && dependency.environment === environment;
  const stage = gatesOf(pipeline).find(isSelfish);
  const wave = environmentsOf(pipeline, documents).flatMap(waveGatesOf).find(isSelfish);
  const who = stage
    ? `stage ${stage.environment} of pipeline ${pipeline.metadata.name} waits`
    : `a wave of environment ${wave?.environment} waits`;
  return stage || wave ? [{ path: ['spec', 'pipeline'], message: `${who} for this application itself` }] : [];
}

function environmentsOf({ metadata: { project }, spec }: PipelineDocument, documents: Documents) {
  return spec.stages.flatMap(({ environment: name }) => {
    const found = documents.get(documentId({ project, kind: 'Environment', name }));
    return found?.kind === 'Environment' ? [found] : [];
  });
}

function gatesOf({ spec }: PipelineDocument): PlacedGate[] {
  return spec.stages.flatMap(({ environment, gates = [] }, stage) =>
    gates.map((gate, index) => ({ environment, gate, path: ['spec', 'stages', stage, 'gates', index] })),
  );
}

function waveGatesOf({ metadata: { name: environment }, spec: { rollout } }: EnvironmentDocument): PlacedGate[] {
  return (rollout?.waves ?? []).flatMap(({ gates = [] }, wave) =>
    gates.map((gate, index) => ({ environment, gate, path: ['spec', 'rollout', 'waves', wave, 'gates', index] })),
  );
}
