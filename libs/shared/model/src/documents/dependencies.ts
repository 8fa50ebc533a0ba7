import type { ApplicationDocument } from './application.ts';
import type { FieldProblem } from './check-templates.ts';
import { documentId, type DocumentKey, type FleetDocument } from './document.ts';

type Documents = ReadonlyMap<string, FleetDocument>;

/**
 * What is wrong with what an application depends on: a circle, in which each would wait for the next for ever, or an
 * environment in which the other never runs. That there is no such application is told of every reference.
 */
export function dependencyProblems(application: ApplicationDocument, documents: Documents): FieldProblem[] {
  const environments = environmentsOf(application, documents) ?? [];
  return (application.spec.dependsOn ?? []).flatMap(({ application: name }, index) => {
    const path = ['spec', 'dependsOn', index, 'application'];
    const circle = wayBack(application.metadata.name, name, { application, documents });
    if (circle) return [{ path, message: `depends on itself: ${circle.join(' -> ')}` }];
    const other = applicationNamed(name, { application, documents });
    const others = other && environmentsOf(other, documents);
    const missing = environments.find((environment) => others && !others.includes(environment));
    if (missing === undefined) return [];
    return [{ path, message: `never runs in environment ${missing}, where this application would wait for it` }];
  });
}

interface Where {
  readonly application: ApplicationDocument;
  readonly documents: Documents;
}

/** The way from an application over one that it depends on back to itself. Other circles are told of those in them. */
function wayBack(start: string, first: string, where: Where): readonly string[] | undefined {
  const ways = new Map([[first, [start, first]]]);
  for (const [name, way] of ways) {
    if (name === start) return way;
    for (const { application } of applicationNamed(name, where)?.spec.dependsOn ?? []) {
      if (!ways.has(application)) ways.set(application, [...way, application]);
    }
  }
  return undefined;
}

function applicationNamed(name: string, { application, documents }: Where): ApplicationDocument | undefined {
  const key: DocumentKey = { project: application.metadata.project, kind: 'Application', name };
  const found = documents.get(documentId(key));
  return found?.kind === 'Application' ? found : undefined;
}

function environmentsOf({ metadata, spec }: ApplicationDocument, documents: Documents): string[] | undefined {
  const pipeline = documents.get(documentId({ project: metadata.project, kind: 'Pipeline', name: spec.pipeline }));
  if (pipeline?.kind !== 'Pipeline') return undefined;
  return pipeline.spec.stages.map(({ environment }) => environment);
}
