import { isNamedBy, type ApplicationDocument, type DocumentChange, type DocumentKind } from '@flotilla/model';
import type { StoredDocument } from './documents.port.ts';
import { pipelineOf } from './inputs.ts';

/** The documents of a project before and after some of them were changed. */
export interface ChangedDocuments {
  readonly changes: readonly DocumentChange[];
  readonly before: readonly StoredDocument[];
  readonly after: readonly StoredDocument[];
}

/** What has to be looked at again, by uid. */
export interface Affected {
  readonly applications: readonly string[];
  readonly repositories: readonly string[];
}

/**
 * What follows from changed documents: applications whose own document, project, repository, pipeline or environment
 * changed are planned again, deleted ones too, because their targets leave; and the repositories they read are looked at
 * again, because they may want paths never read before. A freeze says nothing of
 * what is read, only of what is delivered.
 */
export function affectedBy({ changes, before, after }: ChangedDocuments): Affected {
  const touched = new Set(changes.filter(({ action }) => action !== 'unchanged').map(({ key }) => nameOf(key)));
  const standing = new Set(after.map(({ uid }) => uid));
  const deleted = before.filter(({ uid }) => !standing.has(uid));
  const applications = [...after, ...deleted].flatMap(({ uid, document }) =>
    document.kind === 'Application' && isTouched(document, after, touched) ? [{ uid, document }] : [],
  );
  const read = new Set(applications.map(({ document }) => document.spec.source.repository));
  const frozen = frozenApplications({ changes, before, after });
  const repositories = after.filter(({ document: { kind, metadata } }) => {
    return kind === 'Repository' && (read.has(metadata.name) || touched.has(nameOf({ kind, name: metadata.name })));
  });
  return {
    applications: [...new Set([...applications.map(({ uid }) => uid), ...frozen])],
    repositories: repositories.map(({ uid }) => uid),
  };
}

/** Those whose names a changed freeze is about, as it was or as it is now. */
function frozenApplications({ changes, before, after }: ChangedDocuments): string[] {
  const changed = new Set(changes.filter(({ action }) => action !== 'unchanged').map(({ key }) => nameOf(key)));
  const freezes = [...before, ...after].flatMap(({ document }) =>
    document.kind === 'Freeze' && changed.has(nameOf({ kind: 'Freeze', name: document.metadata.name }))
      ? [document]
      : [],
  );
  const isFrozen = (name: string) => freezes.some(({ spec }) => isNamedBy(spec.applications, name));
  return after.flatMap(({ uid, document }) =>
    document.kind === 'Application' && isFrozen(document.metadata.name) ? [uid] : [],
  );
}

function isTouched(
  { metadata, spec }: ApplicationDocument,
  after: readonly StoredDocument[],
  touched: ReadonlySet<string>,
): boolean {
  const { pipeline: name, source } = spec;
  const environments = pipelineOf(name, after)?.spec.stages.map(({ environment }) => environment) ?? [];
  return [
    nameOf({ kind: 'Application', name: metadata.name }),
    nameOf({ kind: 'Project', name: metadata.project }),
    nameOf({ kind: 'Repository', name: source.repository }),
    nameOf({ kind: 'Pipeline', name }),
    ...environments.map((environment) => nameOf({ kind: 'Environment', name: environment })),
  ].some((each) => touched.has(each));
}

/** Within one project. */
function nameOf({ kind, name }: { kind: DocumentKind; name: string }): string {
  return `${kind}/${name}`;
}
