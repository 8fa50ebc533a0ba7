import { defaultProject } from '../names.ts';
import type { DocumentKey, DocumentKind, FleetDocument } from './document.ts';
import type { Gate } from './gate.ts';
import type { Stage } from './stage.ts';

/** One document naming another: the name, and the field in which it stands. */
export interface DocumentReference {
  readonly to: DocumentKey;
  readonly path: readonly (string | number)[];
}

/** Every other document that this one cannot do without. */
export function referencesOf(document: FleetDocument): DocumentReference[] {
  const { project } = document.metadata;
  const reference = (kind: DocumentKind, to: string, path: readonly (string | number)[]): DocumentReference => ({
    to: { project, kind, name: to },
    path,
  });
  const owner = ownProject(document);
  switch (document.kind) {
    case 'Pipeline':
      return [
        ...owner,
        ...document.spec.stages.flatMap((stage, index) =>
          stageReferences(stage).map(({ kind, to, path }) => reference(kind, to, ['spec', 'stages', index, ...path])),
        ),
      ];
    case 'Application':
      return [
        ...owner,
        reference('Pipeline', document.spec.pipeline, ['spec', 'pipeline']),
        reference('Repository', document.spec.source.repository, ['spec', 'source', 'repository']),
        ...(document.spec.dependsOn ?? []).map(({ application }, index) =>
          reference('Application', application, ['spec', 'dependsOn', index, 'application']),
        ),
      ];
    case 'Environment':
      return [
        ...owner,
        ...(document.spec.rollout?.waves ?? []).flatMap(({ gates }, wave) =>
          gateReferences(gates).map(({ kind, to, path }) =>
            reference(kind, to, ['spec', 'rollout', 'waves', wave, ...path]),
          ),
        ),
      ];
    case 'Project':
    case 'Repository':
    case 'Freeze':
    case 'Notifier':
      return owner;
  }
}

interface PlacedReference {
  readonly kind: DocumentKind;
  readonly to: string;
  /** Within the stage or the wave. */
  readonly path: readonly (string | number)[];
}

function stageReferences({ environment, track, record, gates }: Stage): PlacedReference[] {
  return [
    { kind: 'Environment', to: environment, path: ['environment'] },
    ...(track ? [{ kind: 'Repository' as const, to: track.repository, path: ['track', 'repository'] }] : []),
    ...(record ? [{ kind: 'Repository' as const, to: record.repository, path: ['record', 'repository'] }] : []),
    ...gateReferences(gates),
  ];
}

function gateReferences(gates: readonly Gate[] = []): PlacedReference[] {
  return gates.flatMap(({ dependency }, index): PlacedReference[] => {
    if (!dependency) return [];
    const path = ['gates', index, 'dependency'];
    return [
      { kind: 'Application', to: dependency.application, path: [...path, 'application'] },
      { kind: 'Environment', to: dependency.environment, path: [...path, 'environment'] },
    ];
  });
}

/** The default project is always there and needs no document. */
function ownProject(document: FleetDocument): DocumentReference[] {
  const { project } = document.metadata;
  if (document.kind === 'Project' || project === defaultProject) return [];
  return [{ to: { project, kind: 'Project', name: project }, path: ['metadata', 'project'] }];
}
