import type { ApplicationDocument } from './application.ts';
import type { FieldProblem } from './check-templates.ts';
import { documentId, type FleetDocument } from './document.ts';
import type { Gate } from './gate.ts';
import type { PipelineDocument } from './pipeline.ts';

type Documents = ReadonlyMap<string, FleetDocument>;

interface PlacedGate {
  readonly environment: string;
  readonly gate: Gate;
  readonly path: readonly (string | number)[];
}

/** What is wrong with gates of a pipeline: groups that the project does not have, or that are too small. */
export function gateProblems(pipeline: PipelineDocument, documents: Documents): FieldProblem[] {
  const { project } = pipeline.metadata;
  const owner = documents.get(documentId({ project, kind: 'Project', name: project }));
  const groups = (owner?.kind === 'Project' && owner.spec.groups) || {};
  return gatesOf(pipeline).flatMap(({ gate: { approval }, path }) => {
    if (approval?.group === undefined) return [];
    const members = Object.hasOwn(groups, approval.group) ? new Set(groups[approval.group]).size : undefined;
    const place = [...path, 'approval', 'group'];
    if (members === undefined) return [{ path: place, message: `project ${project} has no group ${approval.group}` }];
    const tooFew = `has ${members} of the ${approval.count} people that have to approve`;
    return members < approval.count ? [{ path: place, message: tooFew }] : [];
  });
}

/** What an application cannot do with the gates of its pipeline: wait for itself where it would enter. */
export function selfishGates(application: ApplicationDocument, pipeline: PipelineDocument): FieldProblem[] {
  const { name } = application.metadata;
  const selfish = gatesOf(pipeline).find(
    ({ environment, gate: { dependency } }) =>
      dependency?.application === name && dependency.environment === environment,
  );
  if (!selfish) return [];
  const message = `stage ${selfish.environment} of pipeline ${pipeline.metadata.name} waits for this application itself`;
  return [{ path: ['spec', 'pipeline'], message }];
}

function gatesOf({ spec }: PipelineDocument): PlacedGate[] {
  return spec.stages.flatMap(({ environment, gates = [] }, stage) =>
    gates.map((gate, index) => ({ environment, gate, path: ['spec', 'stages', stage, 'gates', index] })),
  );
}
