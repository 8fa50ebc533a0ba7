import type { ApplicationFacts, RecordPlace, StageFollowing } from '@flotilla/control-delivery';
import { inputsOf, type StageInputs } from '@flotilla/control-sources';
import { Fault } from '@flotilla/foundation';
import {
  recordPath,
  type ApplicationDocument,
  type EnvironmentDocument,
  type PipelineDocument,
  type ProjectDocument,
  type RepositoryDocument,
  type StageRecordPlace,
} from '@flotilla/model';
import type { DocumentRow } from '../rows/document.row.ts';
import { ownedDocument } from '../sources/document-store.ts';
import type { Transaction } from '../transaction.ts';

/** What people wrote of an application: its own document, and those that it names. */
export interface Authored {
  readonly application: ApplicationFacts & { readonly document: ApplicationDocument };
  readonly repository: string;
  readonly inputs: readonly StageInputs[];
  readonly environments: ReadonlyMap<string, EnvironmentDocument['spec']>;
  /** How stages that track nothing get their releases, by environment. */
  readonly following: ReadonlyMap<string, StageFollowing>;
  /** The groups of the project, by name. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
}

/** What was written of each of these applications. Those of one project share its documents, and one statement. */
export async function readAuthored(transaction: Transaction, rows: readonly DocumentRow[]): Promise<Authored[]> {
  const authored: Authored[] = [];
  for (const [project, applications] of Map.groupBy(rows, (row) => row.project)) {
    const others = await readNamed(
      transaction,
      project,
      applications.map((row) => row.spec as ApplicationDocument['spec']),
    );
    authored.push(...applications.map((row) => authoredOf(row, others)));
  }
  return authored;
}

/** The environments of a project, itself, and what these applications name. */
function readNamed(
  transaction: Transaction,
  project: string,
  applications: readonly ApplicationDocument['spec'][],
): Promise<DocumentRow[]> {
  return transaction.query<DocumentRow>(
    `SELECT * FROM document WHERE project = $1 AND (kind IN ('Environment', 'Project') OR kind = 'Pipeline' AND name = ANY($2)
       OR kind = 'Repository' AND name = ANY($3))`,
    [
      project,
      distinct(applications, ({ pipeline }) => pipeline),
      distinct(applications, ({ source }) => source.repository),
    ],
  );
}

function distinct<Item>(items: readonly Item[], nameOf: (item: Item) => string): string[] {
  return [...new Set(items.map(nameOf))];
}

function authoredOf(row: DocumentRow, others: readonly DocumentRow[]): Authored {
  const document = ownedDocument(row).document as ApplicationDocument;
  const { pipeline: pipelineName, source } = document.spec;
  const pipeline = others.find(({ kind, name }) => kind === 'Pipeline' && name === pipelineName);
  const repository = others.find(({ kind, name }) => kind === 'Repository' && name === source.repository);
  if (!pipeline || !repository) throw missing(row, pipeline ? 'repository' : 'pipeline');
  const { url, credentials } = repository.spec as RepositoryDocument['spec'];
  const owner = others.find(({ kind }) => kind === 'Project')?.spec as ProjectDocument['spec'] | undefined;
  const { allow, groups = {} } = owner ?? {};
  const walked = ownedDocument(pipeline).document as PipelineDocument;
  const environments = others.filter(({ kind }) => kind === 'Environment');
  return {
    application: {
      uid: row.uid,
      project: row.project,
      name: row.name,
      document,
      repositoryUrl: url,
      ...(credentials?.agent && { agentCredential: credentials.agent }),
      ...(allow && { allow }),
    },
    repository: repository.uid,
    inputs: inputsOf(document, walked),
    environments: new Map(environments.map(({ name, spec }) => [name, spec as EnvironmentDocument['spec']])),
    following: followingOf(walked, row),
    groups,
  };
}

function followingOf({ spec }: PipelineDocument, application: DocumentRow): ReadonlyMap<string, StageFollowing> {
  return new Map(
    spec.stages.flatMap(({ environment, after, promote = 'manual', gates = [], record }) => {
      if (!after) return [];
      const place = record && recordPlace(record, application, environment);
      return [[environment, { after, promote, gates, ...(place && { record: place }) }] as const];
    }),
  );
}

function recordPlace(
  record: StageRecordPlace,
  { project, name: application }: DocumentRow,
  environment: string,
): RecordPlace {
  const { repository, branch } = record;
  return { repository, branch, path: recordPath(record, { project, application, environment }) };
}

/** Documents are checked when they change, so this cannot be; if it is, it must not look like "runs nowhere". */
export function missing({ project, name }: { project: string; name: string }, what: string): Fault {
  const message = `the ${what} of Application ${project}/${name} is missing; what runs is kept`;
  return new Fault({ code: 'conflict', reason: 'DocumentMissing', message });
}
